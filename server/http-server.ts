import { createServer, type Server } from 'node:http';
import { isIPv6 } from 'node:net';
import type { ControlRoom } from '../core/control-room/control-room.ts';
import { createLinkSockets } from './link-sockets.ts';
import { type ListenOptions, listen } from './listen.ts';
import { createMetrics } from './metrics.ts';
import { createRequestHandler } from './request-handler.ts';
import { createSessions } from './sessions.ts';

export interface HttpServerOptions extends ListenOptions {
  readonly room: ControlRoom;
  readonly version: string;
  readonly rendererDir: string;
  /** Served as `/demo-streets.geojson`. */
  readonly streetsFile?: string;
  /** Opens any number of sessions, for wall displays; also the bearer token for health and metrics from other machines. */
  readonly fixedToken?: string;
}

export interface HttpServer {
  readonly port: number;
  /** An address that opens the room once, in one browser. Each call makes another. */
  newAddress(): string;
  /** Says goodbye to every window and stops listening. */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 512;
const CLOSE_WITHIN_MS = 1_000;

/** Serves one room: its screens, its link, its health. Rejects with a RoomError when it cannot listen. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const sessions = createSessions(options.fixedToken);
  const metrics = createMetrics(options.version);
  const links = createLinkSockets({ room: options.room });
  let port = options.port;
  const handler = createRequestHandler({ ...options, sessions, metrics, links, port: () => port });
  const server = createServer(handler.request);
  server.maxConnections = MAX_CONNECTIONS;
  server.on('upgrade', handler.upgrade);

  const release = (): void => {
    links.close();
    metrics.close();
  };
  try {
    port = await listen(server, options);
  } catch (error) {
    release();
    throw error;
  }
  return {
    port,
    newAddress: () => `http://${addressHost(options.host)}:${port}/?token=${sessions.newToken()}`,
    async close() {
      release();
      await closeServer(server);
    },
  };
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await closed;
  clearTimeout(force);
}

/** The address a browser on this machine uses. */
function addressHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}
