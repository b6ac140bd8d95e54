import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { contentSecurityPolicy, SECURITY_HEADERS } from '../core/control-room/security-headers.ts';
import { NO_SESSION_PAGE } from './no-session-page.ts';

const NO_STORE = { 'Cache-Control': 'no-store' } as const;

/** Sets what every response carries. */
export function setSecurityHeaders(request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  // The Host header has not been checked yet, so only a clean one enters the policy.
  const host = request.headers.host ?? '';
  const own = /^[\w.\-[\]:]+$/.test(host) ? [`ws://${host}`] : [];
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(own));
}

export function sendText(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...NO_STORE, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}

export function sendBody(response: ServerResponse, contentType: string, body: string): void {
  response.writeHead(200, { ...NO_STORE, 'Content-Type': contentType }).end(body);
}

/** The page for browsers that have no session. */
export function sendNoSession(response: ServerResponse): void {
  response.writeHead(401, { ...NO_STORE, 'Content-Type': 'text/html; charset=utf-8' }).end(NO_SESSION_PAGE);
}

/** Sends the browser to the room without the token in its address bar, with `cookie` when there is a new session. */
export function sendToRoom(response: ServerResponse, cookie: string | undefined): void {
  if (cookie !== undefined) response.setHeader('Set-Cookie', cookie);
  response.writeHead(303, { ...NO_STORE, Location: '/' }).end();
}

export async function sendGeoJson(request: IncomingMessage, response: ServerResponse, file?: string): Promise<void> {
  const found = file && (await stat(file).catch(() => undefined));
  if (!file || !found) return sendText(response, 404, 'There are no demo streets.');
  response.writeHead(200, { ...NO_STORE, 'Content-Type': 'application/geo+json', 'Content-Length': found.size });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const content = createReadStream(file);
  content.on('error', () => response.destroy());
  content.pipe(response);
}
