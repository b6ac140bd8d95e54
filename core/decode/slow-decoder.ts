import type { QuarantineReason } from '../model/quarantine.ts';
import { type EventRow, TEXT } from './event-row.ts';
import { fingerprint } from './fingerprint.ts';
import { type FieldSpec, fieldRange, isRequired, MAX_ID_BYTES, type TopicProfile } from './profile.ts';
import type { TimestampReader } from './timestamp.ts';

/** Why one object was set aside. `field` is set where a single field is to blame. */
export interface Problem {
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly field?: string;
  /** JSON type that came instead of the expected one, when the reason is `wrong-type`. */
  readonly cameAs?: string;
}

export interface SlowResult {
  readonly problem?: Problem;
  /** Paths of the object that the profile does not name. */
  readonly unknown: readonly string[];
}

/** Nested objects are flattened with dots down to this depth (docs/messages.md). */
const MAX_DEPTH = 5;

/**
 * Decodes one object with JSON.parse into the row, or says what is wrong with it in plain words. Slow and thorough: for what
 * the byte scanner does not take. Strings are copied to one scratch buffer, so that the row reads like a scanned one.
 */
export class SlowDecoder {
  readonly #fields: ReadonlyMap<string, FieldSpec>;
  readonly #profile: TopicProfile;
  readonly #times: TimestampReader;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });

  constructor(profile: TopicProfile, times: TimestampReader) {
    this.#profile = profile;
    this.#fields = new Map(profile.fields.map((f) => [f.key, f]));
    this.#times = times;
  }

  decode(bytes: Uint8Array, start: number, end: number, row: EventRow, topicVehicle: string): SlowResult {
    let parsed: unknown;
    try {
      parsed = JSON.parse(this.#decoder.decode(bytes.subarray(start, end)));
    } catch (error) {
      const detail = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 200) : 'unreadable';
      return { problem: { reason: 'bad-json', detail }, unknown: [] };
    }
    if (!isObject(parsed)) {
      return { problem: { reason: 'wrong-type', detail: `expected an object, got ${typeName(parsed)}` }, unknown: [] };
    }
    const flat = new Map<string, unknown>();
    flatten(parsed, '', 1, this.#fields, flat);
    const unknown = [...flat.keys()].filter((key) => !this.#fields.has(key));
    const texts: [field: number, text: string][] = [];
    const problem = this.#apply(flat, row, texts, topicVehicle);
    if (problem) return { problem, unknown };
    if ((row.idA | row.idB) === 0) fingerprint(row.view, start, end, row);
    this.#keepTexts(texts, row);
    return { unknown };
  }

  #apply(
    flat: Map<string, unknown>,
    row: EventRow,
    texts: [number, string][],
    topicVehicle: string,
  ): Problem | undefined {
    if (topicVehicle !== '') flat.set('vehicle_id', flat.get('vehicle_id') ?? topicVehicle);
    for (const field of this.#profile.fields) {
      const value = flat.get(field.key);
      if (value === undefined || value === null) {
        if (isRequired(field)) return { reason: 'missing-field', detail: `${field.key} is missing`, field: field.key };
        if (value === null) forget(field, row);
        continue;
      }
      const problem = this.#field(field, value, row, texts);
      if (problem) return problem;
    }
    if (Number.isNaN(row.lat) !== Number.isNaN(row.lon)) {
      const field = Number.isNaN(row.lat) ? 'lat' : 'lon';
      return { reason: 'missing-field', detail: `${field} is missing beside the other coordinate`, field };
    }
    return undefined;
  }

  #field(field: FieldSpec, value: unknown, row: EventRow, texts: [number, string][]): Problem | undefined {
    switch (field.type) {
      case 'number':
      case 'lat':
      case 'lon':
      case 'figure': {
        const problem = checkNumber(field, value);
        if (problem) return problem;
        if (field.type === 'lat') row.lat = value as number;
        else if (field.type === 'lon') row.lon = value as number;
        else if (field.type === 'figure') row.figures[field.figure] = value as number;
        else if (field.type === 'number') row.setSignal(field.signal.column, value as number);
        return undefined;
      }
      case 'flag':
        if (typeof value !== 'boolean' && value !== 0 && value !== 1)
          return wrongType(field.key, 'true or false', value);
        row.setSignal(field.signal.column, value ? 1 : 0);
        return undefined;
      case 'numbers':
        return setNumbers(field, value, row);
      case 'time':
        return this.#time(field.key, value, row);
      case 'vehicle':
        return setVehicle(field.key, value, texts);
      case 'eventId':
        if (typeof value !== 'string') return wrongType(field.key, 'a string', value);
        this.#eventId(value, row);
        return undefined;
      case 'codes':
        if (!Array.isArray(value) || !value.every((v) => typeof v === 'string')) {
          return wrongType(field.key, 'an array of strings', value);
        }
        texts.push([TEXT.faultCodes, value.join(',')]);
        return undefined;
      case 'text': {
        const text = asText(value);
        if (text === undefined) return wrongType(field.key, 'a string', value);
        texts.push([field.text, text]);
        return undefined;
      }
    }
  }

  #time(key: string, value: unknown, row: EventRow): Problem | undefined {
    if (typeof value === 'number') row.timeMs = this.#times.fromNumber(value);
    else if (typeof value === 'string') {
      const bytes = this.#encoder.encode(value);
      row.timeMs = this.#times.read(bytes, 0, bytes.length);
    } else return wrongType(key, 'a time', value);
    if (!Number.isNaN(row.timeMs)) return undefined;
    const shown = JSON.stringify(value).slice(0, 60);
    return {
      reason: 'bad-timestamp',
      detail: `${key}: ${shown} is not an ISO 8601 time with a zone since 2000`,
      field: key,
    };
  }

  #eventId(value: string, row: EventRow): void {
    const bytes = this.#encoder.encode(value);
    if (bytes.length > 0) fingerprint(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length, row);
  }

  #keepTexts(texts: readonly [number, string][], row: EventRow): void {
    const encoded = texts.map(([, text]) => this.#encoder.encode(text));
    const scratch = new Uint8Array(encoded.reduce((sum, e) => sum + e.length, 0));
    let at = 0;
    texts.forEach(([field], i) => {
      scratch.set(encoded[i], at);
      row.setText(field, at, encoded[i].length);
      at += encoded[i].length;
    });
    row.open(scratch);
  }
}

/** The sender says that it does not know: so the room does not either. */
function forget(field: FieldSpec, row: EventRow): void {
  if (field.type === 'number' || field.type === 'flag') row.setSignal(field.signal.column, Number.NaN);
  if (field.type === 'numbers') for (const signal of field.signals) row.setSignal(signal.column, Number.NaN);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Nested objects become dotted paths; a path the profile names is kept whole, whatever is in it. */
function flatten(
  from: Record<string, unknown>,
  prefix: string,
  depth: number,
  known: ReadonlyMap<string, unknown>,
  into: Map<string, unknown>,
): void {
  for (const [key, value] of Object.entries(from)) {
    const path = prefix + key;
    if (isObject(value) && depth < MAX_DEPTH && !known.has(path)) flatten(value, `${path}.`, depth + 1, known, into);
    else into.set(path, value);
  }
}

function wrongType(field: string, expected: string, value: unknown): Problem {
  const shown = JSON.stringify(value)?.slice(0, 60) ?? '';
  return {
    reason: 'wrong-type',
    detail: `${field}: expected ${expected}, got ${typeName(value)} ${shown}`,
    field,
    cameAs: typeName(value),
  };
}

function checkNumber(field: FieldSpec, value: unknown): Problem | undefined {
  if (typeof value !== 'number') return wrongType(field.key, 'a number', value);
  const { min, max, unit } = fieldRange(field);
  if (value >= min && value <= max) return undefined;
  return {
    reason: 'impossible-value',
    detail: `${field.key}: ${value} is outside ${min}…${max} ${unit}`.trimEnd(),
    field: field.key,
  };
}

function setNumbers(
  field: Extract<FieldSpec, { type: 'numbers' }>,
  value: unknown,
  row: EventRow,
): Problem | undefined {
  const expected = `an array of ${field.signals.length} numbers`;
  if (!Array.isArray(value) || value.length !== field.signals.length) return wrongType(field.key, expected, value);
  for (let i = 0; i < value.length; i++) {
    if (value[i] !== null) {
      const problem = checkNumber(field, value[i]);
      if (problem) return problem;
    }
    row.setSignal(field.signals[i].column, value[i] ?? Number.NaN);
  }
  return undefined;
}

function setVehicle(key: string, value: unknown, texts: [number, string][]): Problem | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return wrongType(key, 'a string', value);
  if (text === '') return { reason: 'missing-field', detail: `${key} is empty`, field: key };
  if (text.length > MAX_ID_BYTES || new TextEncoder().encode(text).length > MAX_ID_BYTES) {
    return { reason: 'impossible-value', detail: `${key} is longer than ${MAX_ID_BYTES} bytes`, field: key };
  }
  texts.push([TEXT.vehicleId, text]);
  return undefined;
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? JSON.stringify(value).slice(0, 2000) : undefined;
}
