import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may see the room over HTTP. Kept in memory: a new start of the room asks for a new token. */
export interface Sessions {
  /** A token that opens one session and is then spent. The oldest of many unused ones is forgotten. */
  newToken(): string;
  /** Id of a new session, or undefined when the token is unknown or spent. */
  redeem(token: string): string | undefined;
  has(sessionId: string): boolean;
  /** True for the fixed token, which is never spent. */
  isFixedToken(token: string): boolean;
}

const MAX_UNUSED_TOKENS = 32;
const MAX_SESSIONS = 1_000;

export function createSessions(fixedToken?: string): Sessions {
  const tokens = new Set<string>();
  const sessions = new Set<string>();
  const fixedDigest = fixedToken === undefined ? undefined : digest(fixedToken);

  const isFixedToken = (token: string): boolean =>
    fixedDigest !== undefined && timingSafeEqual(digest(token), fixedDigest);

  return {
    newToken: () => addBounded(tokens, MAX_UNUSED_TOKENS),
    redeem(token) {
      // Looked up by digest, so that the time it takes says nothing about tokens that are close.
      if (!isFixedToken(token) && !tokens.delete(keyOf(token))) return undefined;
      return addBounded(sessions, MAX_SESSIONS);
    },
    has: (sessionId) => sessions.has(keyOf(sessionId)),
    isFixedToken,
  };
}

/** Makes a secret, remembers its digest, forgets the oldest beyond `max`. */
function addBounded(set: Set<string>, max: number): string {
  const secret = randomBytes(32).toString('base64url');
  set.add(keyOf(secret));
  if (set.size > max) {
    const [oldest] = set;
    set.delete(oldest);
  }
  return secret;
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function keyOf(secret: string): string {
  return digest(secret).toString('base64');
}
