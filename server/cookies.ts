const MAX_AGE_S = 30 * 24 * 3600;

/** Cookies know no ports: the name keeps two rooms on one machine apart. */
export function sessionCookieName(port: number): string {
  return `watchfloor-${port}`;
}

/** A Set-Cookie value. It outlives the browser, so that the printed address works again after one is restarted. */
export function sessionCookie(port: number, sessionId: string): string {
  return `${sessionCookieName(port)}=${sessionId}; Path=/; Max-Age=${MAX_AGE_S}; HttpOnly; SameSite=Strict`;
}

/** The session id a request brings, if any. */
export function readSessionCookie(header: string | undefined, port: number): string | undefined {
  const start = `${sessionCookieName(port)}=`;
  for (const part of header?.split(';') ?? []) {
    const cookie = part.trim();
    if (cookie.startsWith(start)) return cookie.slice(start.length);
  }
  return undefined;
}
