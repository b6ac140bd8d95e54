import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import sirv from 'sirv';
import type { ControlRoom } from '../core/control-room/control-room.ts';
import { sendBody, sendGeoJson, sendNoSession, sendText, sendToRoom, setSecurityHeaders } from './answers.ts';
import { readSessionCookie, sessionCookie } from './cookies.ts';
import { isLoopbackAddress, isOwnHost, isOwnOrigin } from './guards.ts';
import { type LinkSockets, refuse } from './link-sockets.ts';
import type { Metrics } from './metrics.ts';
import type { Sessions } from './sessions.ts';

export interface HandlerOptions {
  readonly room: ControlRoom;
  readonly sessions: Sessions;
  readonly metrics: Metrics;
  readonly links: LinkSockets;
  readonly rendererDir: string;
  readonly streetsFile?: string;
  /** What the server listens on. */
  readonly host: string;
  readonly port: () => number;
}

export interface RequestHandler {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Decides what every request gets; nothing but health and metrics is given out without a session. */
export function createRequestHandler(options: HandlerOptions): RequestHandler {
  const { room, sessions, metrics, links, host, port } = options;
  const files = sirv(options.rendererDir, { etag: true });

  const hasSession = (request: IncomingMessage): boolean => {
    const id = readSessionCookie(request.headers.cookie, port());
    return id !== undefined && sessions.has(id);
  };
  const mayMonitor = (request: IncomingMessage): boolean => {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    return isLoopbackAddress(request.socket.remoteAddress) || (bearer !== undefined && sessions.isFixedToken(bearer));
  };

  const monitor = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    if (!mayMonitor(request)) {
      return sendText(
        response,
        403,
        'Health and metrics are for this machine, or need WATCHFLOOR_TOKEN as bearer token.',
      );
    }
    const health = await room.health();
    if (path === '/healthz') sendBody(response, 'application/json', `${JSON.stringify(health)}\n`);
    else sendBody(response, metrics.contentType, await metrics.render(health));
  };
  const openSession = (request: IncomingMessage, response: ServerResponse, token: string): void => {
    const id = sessions.redeem(token);
    if (id !== undefined) sendToRoom(response, sessionCookie(port(), id));
    // A used address opens again in the browser that used it.
    else if (hasSession(request)) sendToRoom(response, undefined);
    else sendNoSession(response);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    setSecurityHeaders(request, response);
    if (!isOwnHost(request.headers.host, host)) return sendText(response, 403, 'This is not an address of the room.');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return sendText(response, 405, 'The room answers GET and HEAD only.');
    }
    const url = parseTarget(request);
    if (!url) return sendText(response, 400, 'This address cannot be read.');
    const path = url.pathname;
    if (path === '/healthz' || path === '/metrics') return monitor(request, response, path);
    const token = path === '/' ? url.searchParams.get('token') : null;
    if (token !== null) return openSession(request, response, token);
    if (!hasSession(request)) return sendNoSession(response);
    if (path === '/demo-streets.geojson') return sendGeoJson(request, response, options.streetsFile);
    dropOddRange(request);
    files(request, response, () => sendText(response, 404, 'There is nothing here.'));
  };

  return {
    request(request, response) {
      answer(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else sendText(response, 503, `The room cannot answer: ${error instanceof Error ? error.message : error}`);
      });
    },
    upgrade(request, socket, head) {
      if (!isOwnHost(request.headers.host, host)) refuse(socket, 403, 'This is not an address of the room.');
      else if (parseTarget(request)?.pathname !== '/link') refuse(socket, 404, 'There is nothing here.');
      else if (!isOwnOrigin(request)) refuse(socket, 403, 'Another site may not open a link.');
      else if (!hasSession(request)) refuse(socket, 401, 'Open the room at the address it printed.');
      else links.accept(request, socket, head);
    },
  };
}

function parseTarget(request: IncomingMessage): URL | undefined {
  const address = `http://room${request.url}`;
  return request.url?.startsWith('/') && URL.canParse(address) ? new URL(address) : undefined;
}

/** Ranges other than one plain `bytes=a-b` are ignored, which HTTP allows: the whole file is sent. */
function dropOddRange(request: IncomingMessage): void {
  const { range } = request.headers;
  if (range === undefined) return;
  const [, start, end] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(range) ?? [];
  if (start === undefined || (end !== '' && Number(end) < Number(start))) delete request.headers.range;
}
