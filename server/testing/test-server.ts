import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../http-server.ts';
import { type FakeRoom, fakeRoom } from './fake-room.ts';
import { rawRequest } from './raw-request.ts';

export const ARCHIVE = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));

export interface TestServer {
  readonly server: HttpServer;
  readonly room: FakeRoom;
  readonly origin: string;
  /** Opens a session and returns its cookie. */
  logIn(): Promise<string>;
  close(): Promise<void>;
}

/** A real server on a free port over a small built renderer in a temporary folder. */
export async function testServer(options: Partial<HttpServerOptions> = {}): Promise<TestServer> {
  const dir = mkdtempSync(join(tmpdir(), 'server-'));
  const rendererDir = join(dir, 'renderer');
  mkdirSync(join(rendererDir, 'basemap'), { recursive: true });
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>Watchfloor</title>');
  writeFileSync(join(rendererDir, 'basemap/world.pmtiles'), ARCHIVE);
  writeFileSync(join(dir, 'secret.txt'), 'secret');
  writeFileSync(join(dir, 'streets.geojson'), '{"type":"FeatureCollection","features":[]}');
  const room = fakeRoom();
  const server = await startHttpServer({
    room,
    version: '1.2.3',
    rendererDir,
    streetsFile: join(dir, 'streets.geojson'),
    host: '127.0.0.1',
    port: 0,
    portAsked: true,
    ...options,
  });
  return {
    server,
    room,
    origin: `http://127.0.0.1:${server.port}`,
    async logIn() {
      const { headers } = await rawRequest(server.port, pathOf(server.newAddress()));
      return (headers['set-cookie']?.[0] ?? '').split(';')[0];
    },
    async close() {
      await server.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** Path and query of an address. */
export function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}
