import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.geojson': 'application/geo+json',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/vnd.microsoft.icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

type Headers = Readonly<Record<string, string>>;

/**
 * A file as a response: whole, or the one range that `range` (an HTTP Range header) asks for, which is how the basemap is
 * read. Ranges of another shape are ignored, as HTTP allows. A missing file is 404.
 */
export async function fileResponse(path: string, range: string | null, headers: Headers): Promise<Response> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return new Response('There is nothing here.\n', { status: 404, headers });
  const all = {
    ...headers,
    'Content-Type': TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'Accept-Ranges': 'bytes',
  };
  const part = parseRange(range, found.size);
  if (part === 'outside') {
    return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${found.size}` } });
  }
  if (!part) {
    return new Response(body(path, 0, found.size), { headers: { ...all, 'Content-Length': String(found.size) } });
  }
  return new Response(body(path, part.start, part.end + 1), {
    status: 206,
    headers: {
      ...all,
      'Content-Length': String(part.end - part.start + 1),
      'Content-Range': `bytes ${part.start}-${part.end}/${found.size}`,
    },
  });
}

/** First and last byte of `bytes=a-b`, `bytes=a-` or `bytes=-n`; undefined for anything else. */
export function parseRange(range: string | null, size: number): { start: number; end: number } | 'outside' | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? '') ?? [];
  if (first === undefined || (first === '' && last === '')) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'outside' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'outside' : { start, end };
}

/** Bytes from `start` up to but not including `end`. */
function body(path: string, start: number, end: number): ReadableStream | null {
  if (end <= start) return null;
  return Readable.toWeb(createReadStream(path, { start, end: end - 1 })) as ReadableStream;
}
