import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ControlRoom } from '../core/control-room/control-room.ts';
import { wsTransport } from './ws-transport.ts';

export interface LinkSockets {
  /** Takes over a connection that has passed every check. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Says goodbye to every window. */
  close(): void;
}

export interface LinkSocketOptions {
  readonly room: ControlRoom;
  /** A window that does not answer a ping within this is dropped; default 15 s. */
  readonly pingEveryMs?: number;
  readonly maxWindows?: number;
}

const PING_EVERY_MS = 15_000;
const MAX_WINDOWS = 64;
/** Requests are small; the largest is a list of alert ids. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
const GOING_AWAY = 1001;
/** Windows that have not answered the goodbye by then are cut off. */
const GOODBYE_MS = 1_000;

/** The windows that are connected over WebSockets. */
export function createLinkSockets({ room, pingEveryMs, maxWindows = MAX_WINDOWS }: LinkSocketOptions): LinkSockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  const answered = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (!answered.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, pingEveryMs ?? PING_EVERY_MS);
  timer.unref();

  return {
    accept(request, socket, head) {
      if (server.clients.size >= maxWindows) return refuse(socket, 503, `${maxWindows} windows are open already.`);
      server.handleUpgrade(request, socket, head, (ws) => {
        answered.add(ws);
        ws.on('pong', () => answered.add(ws));
        room.connect(wsTransport(ws));
      });
    },
    close() {
      clearInterval(timer);
      for (const socket of server.clients) socket.close(GOING_AWAY, 'The room was closed.');
      setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, GOODBYE_MS).unref();
      server.close();
    },
  };
}

/** Answers a refused upgrade in plain HTTP. */
export function refuse(socket: Duplex, status: 401 | 403 | 404 | 503, why: string): void {
  const body = `${why}\n`;
  socket.on('error', () => {});
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
