import { createHmac } from 'node:crypto';
import type { DeliveryRow, Outcome, Send } from './delivery-row.ts';

const TIMEOUT_MS = 10_000;
const GONE = 410;
const SECRET_PREFIX = 'whsec_';
const MAX_RETRY_AFTER_MS = 3_600_000;

export interface WebhookOptions {
  /** Address of a named webhook. */
  readonly addressOf: (name: string) => string | undefined;
  readonly secret: string;
  readonly now?: () => number;
  readonly timeoutMs?: number;
}

/**
 * Sends by POST as https://www.standardwebhooks.com has it: the receiver checks the signature and knows a repetition by `webhook-id`.
 * 2xx is delivered and 410 final; all else, redirects too, is tried again. Addresses may hold secrets and are in no message.
 */
export function webhookSender({ addressOf, secret, now = Date.now, timeoutMs = TIMEOUT_MS }: WebhookOptions): Send {
  return async (delivery) => {
    const address = addressOf(delivery.target);
    if (!address)
      return failed(`No address is known for the webhook ${delivery.target}. Add it under webhooks: in notify.yaml.`);
    try {
      const response = await fetch(address, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        headers: headersOf(delivery, secret, Math.floor(now() / 1000)),
        body: delivery.payload,
      });
      await response.body?.cancel();
      return outcomeOf(response, delivery.target, now());
    } catch (error) {
      return whyNot(error, delivery.target, timeoutMs);
    }
  };
}

function headersOf(delivery: DeliveryRow, secret: string, timestampS: number): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Watchfloor',
    'idempotency-key': delivery.id,
    'webhook-id': delivery.id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': signature(secret, delivery.id, timestampS, delivery.payload),
  };
}

/** `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; the key is the base64 behind `whsec_`, or the text itself. */
export function signature(secret: string, id: string, timestampS: number, body: string): string {
  const key = secret.startsWith(SECRET_PREFIX)
    ? Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
}

function outcomeOf({ status, headers }: Response, name: string, nowMs: number): Outcome {
  if (status >= 200 && status < 300) return { sent: true };
  if (status === GONE)
    return {
      sent: false,
      isFinal: true,
      error: `The webhook ${name} answered that it is gone (410). Remove its routes.`,
    };
  const hint =
    status >= 300 && status < 400 ? ' Redirects are not followed: write its final address in notify.yaml.' : '';
  return {
    sent: false,
    error: `The webhook ${name} answered with status ${status}.${hint}`,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), nowMs),
  };
}

/** Seconds, or a date. */
function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : undefined;
}

function whyNot(error: unknown, name: string, timeoutMs: number): Outcome {
  if (error instanceof Error && error.name === 'TimeoutError')
    return { sent: false, inDoubt: true, error: `The webhook ${name} did not answer within ${timeoutMs / 1000} s.` };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  const code = cause && 'code' in cause ? String(cause.code) : 'unknown error';
  // Refused or not found: nothing was sent. Of anything else it is not known how far it got.
  const inDoubt = !['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(code);
  return { sent: false, inDoubt, error: `The webhook ${name} cannot be reached (${code}).` };
}

function failed(error: string): Outcome {
  return { sent: false, error };
}
