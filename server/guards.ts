import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4 } from 'node:net';
import { hostname } from 'node:os';

/** True for 127.0.0.0/8, ::1 and IPv4 loopback written as IPv6. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}

/**
 * Whether a Host header names this room. A page of another site that makes its own name point here (DNS rebinding) sends
 * that name; so names are refused except the machine's own. `listenHost` is what the server listens on.
 */
export function isOwnHost(header: string | undefined, listenHost: string): boolean {
  const host = hostnameOf(header);
  if (host === undefined) return false;
  if (isLoopbackHost(host)) return true;
  if (isLoopbackHost(listenHost)) return false;
  return isIP(host) !== 0 || host === listenHost.toLowerCase() || host === hostname().toLowerCase();
}

/** Whether a page of this very room opened the connection: browsers always send Origin on a WebSocket. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host}`;
}

function hostnameOf(header: string | undefined): string | undefined {
  if (!header || !/^[\w.\-[\]:]+$/.test(header) || !URL.canParse(`http://${header}`)) return undefined;
  return new URL(`http://${header}`).hostname.replace(/^\[|\]$/g, '').toLowerCase();
}
