import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { DEFAULT_SETTINGS, SETTINGS, type StreamSettings } from '../model/stream-settings.ts';
import { suggest } from '../model/suggest.ts';

/** The file in the data directory; what it does not name has its default. */
export const SETTINGS_FILE = 'settings.yaml';

const specs = new Map<string, (typeof SETTINGS)[number]>(SETTINGS.map((spec) => [spec.name, spec]));

/** What a settings file says, or what is wrong with it as sentences with line and column. */
export type ReadSettings =
  | { readonly settings: StreamSettings; readonly errors?: undefined }
  | { readonly settings?: undefined; readonly errors: string[] };

/** Reads `settings.yaml` of a data directory; a directory without one has the defaults. */
export function readSettings(dataDir: string): ReadSettings {
  let text: string;
  try {
    text = readFileSync(join(dataDir, SETTINGS_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { settings: DEFAULT_SETTINGS };
    return { errors: [`${SETTINGS_FILE} cannot be read: ${error instanceof Error ? error.message : error}`] };
  }
  return parseSettings(text);
}

/** Reads the text of a settings file: one `name: number` a line. */
export function parseSettings(text: string): ReadSettings {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const errors: string[] = [];
  const wrong = (offset: number, message: string): void => {
    const { line, col } = lines.linePos(offset);
    errors.push(`${SETTINGS_FILE}:${line}:${col}: ${message}`);
  };
  for (const error of doc.errors) wrong(error.pos[0], error.message);
  if (errors.length > 0) return { errors };
  if (doc.contents === null) return { settings: DEFAULT_SETTINGS };
  if (!isMap(doc.contents))
    return { errors: [`${SETTINGS_FILE}:1:1: settings are lines of the form \`name: number\``] };
  const settings: Record<string, number> = { ...DEFAULT_SETTINGS };
  for (const { key, value } of doc.contents.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    const spec = specs.get(name);
    if (!spec) wrong(key.range?.[0] ?? 0, unknown(name));
    else if (!isScalar(value) || typeof value.value !== 'number' || !Number.isFinite(value.value))
      wrong(key.range?.[0] ?? 0, `\`${name}\` must be a number`);
    else if (value.value < spec.min || value.value > spec.max)
      wrong(value.range?.[0] ?? 0, `\`${name}\` must be from ${spec.min} to ${spec.max} ${spec.unit}`.trimEnd());
    else settings[name] = value.value;
  }
  return errors.length > 0 ? { errors } : { settings: settings as unknown as StreamSettings };
}

export function sameSettings(a: StreamSettings, b: StreamSettings): boolean {
  return SETTINGS.every(({ name }) => a[name] === b[name]);
}

function unknown(name: string): string {
  const near = suggest(name, [...specs.keys()]);
  return `there is no setting \`${name}\`${near ? `; did you mean \`${near}\`?` : ''}`;
}
