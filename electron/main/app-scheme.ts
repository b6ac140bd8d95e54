import { resolve, sep } from 'node:path';
import { protocol } from 'electron';
import { contentSecurityPolicy, SECURITY_HEADERS } from '../../core/control-room/security-headers.ts';
import { APP_ORIGIN, APP_SCHEME } from '../channels.ts';
import { fileResponse } from './file-response.ts';

export interface AppFiles {
  readonly rendererDir: string;
  /** Served as `/demo-streets.geojson`. */
  readonly streetsFile: string | undefined;
}

const HEADERS = {
  ...SECURITY_HEADERS,
  'Content-Security-Policy': contentSecurityPolicy(),
  'Cache-Control': 'no-cache',
};

/** Makes `app://` a scheme with an origin of its own, like https. To be called before Electron is ready. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }]);
}

/** Serves the screens at `app://room/`, and nothing that lies outside their folder. */
export function serveApp(files: AppFiles): void {
  protocol.handle(APP_SCHEME, (request) => respond(request, files));
}

export function respond(request: Request, files: AppFiles): Promise<Response> | Response {
  if (!request.url.startsWith(`${APP_ORIGIN}/`)) return refusal(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
  const path = pathOf(request.url, files);
  return path === undefined ? refusal(404) : fileResponse(path, request.headers.get('range'), HEADERS);
}

function pathOf(address: string, { rendererDir, streetsFile }: AppFiles): string | undefined {
  let name: string;
  try {
    name = decodeURIComponent(new URL(address).pathname);
  } catch {
    return undefined;
  }
  if (name.includes('\0') || name.includes('\\')) return undefined;
  if (name === '/demo-streets.geojson') return streetsFile;
  const root = resolve(rendererDir) + sep;
  const path = resolve(root, name === '/' ? 'index.html' : `.${name}`);
  return path.startsWith(root) ? path : undefined;
}

function refusal(status: 404 | 405): Response {
  return new Response('There is nothing here.\n', { status, headers: HEADERS });
}
