import { type EventRow, TEXT } from './event-row.ts';
import { type FieldSpec, fieldRange, isRequired, MAX_ID_BYTES, type TopicProfile } from './profile.ts';
import type { TimestampReader } from './timestamp.ts';

/** The scanner met something it does not handle: decode this object with JSON.parse instead. */
export const SLOW_PATH = -1;

const NUMBER = 0;
const FLAG = 1;
const NUMBERS = 2;
const LAT = 3;
const LON = 4;
const VEHICLE = 5;
const TIME = 6;
const EVENT_ID = 7;
const CODES = 8;
const IGNORED = 9;
const TEXT_FIELD = 10;

const TYPE_CODES: Record<FieldSpec['type'], number> = {
  number: NUMBER,
  flag: FLAG,
  numbers: NUMBERS,
  lat: LAT,
  lon: LON,
  vehicle: VEHICLE,
  time: TIME,
  eventId: EVENT_ID,
  codes: CODES,
  ignored: IGNORED,
  text: TEXT_FIELD,
};

const POWERS_OF_TEN = Array.from({ length: 16 }, (_, i) => 10 ** i);
const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const CLOSE_BRACE = 125;

/** Unknown keys a scanner learns to skip; a sender that invents more pays for the slow path. */
const MAX_IGNORED_KEYS = 64;

/** The signal column or text field a value goes to. */
function targetOf(f: FieldSpec): number {
  if ('signal' in f) return f.signal.column;
  if ('signals' in f) return f.signals[0].column;
  return 'text' in f ? f.text : 0;
}

/**
 * Reads one JSON object of a known topic straight from bytes into an EventRow. It predicts that keys come in the order they
 * came in last (at first: in that of the profile) and falls back to a search. Whatever is unusual (escapes, exponents, more
 * than 15 digits, repeated or missing keys, unknown keys, values out of range, wrong types) answers SLOW_PATH: the slow path
 * then decodes it or says what is wrong, so both paths agree. One instance per topic; not re-entrant.
 */
export class ObjectScanner {
  readonly #keys: Uint8Array[];
  readonly #types: number[];
  readonly #columns: Uint8Array;
  readonly #lengths: Uint8Array;
  readonly #mins: Float64Array;
  readonly #maxs: Float64Array;
  readonly #isRequired: Uint8Array;
  readonly #requiredCount: number;
  readonly #ignored = new Set<string>();
  /** Stamp of the object in which each field was met last: tells repeated keys without clearing anything between objects. */
  readonly #seen: Int32Array;
  #stamp = 0;
  /** The field that came after each field the last time: the next prediction. The last entry is for the start of an object. */
  readonly #follows: Int32Array;
  readonly #times: TimestampReader;
  #number = 0;

  constructor(profile: TopicProfile, times: TimestampReader) {
    const { fields } = profile;
    const keys = fields.length + MAX_IGNORED_KEYS;
    const encoder = new TextEncoder();
    this.#keys = fields.map((f) => encoder.encode(f.key));
    this.#types = fields.map((f) => TYPE_CODES[f.type]);
    this.#columns = Uint8Array.from(fields, targetOf);
    this.#lengths = Uint8Array.from(fields, (f) => ('signals' in f ? f.signals.length : 1));
    this.#mins = Float64Array.from(fields, (f) => fieldRange(f).min);
    this.#maxs = Float64Array.from(fields, (f) => fieldRange(f).max);
    this.#isRequired = Uint8Array.from({ length: keys }, (_, i) =>
      i < fields.length && isRequired(fields[i]) ? 1 : 0,
    );
    this.#requiredCount = fields.filter(isRequired).length;
    this.#seen = new Int32Array(keys);
    this.#follows = Int32Array.from({ length: keys + 1 }, (_, i) => (i + 1 < fields.length ? i + 1 : 0));
    this.#times = times;
  }

  /** From now on skips the value of this key, which the profile does not name, instead of answering SLOW_PATH for it. */
  ignore(key: string): void {
    if (this.#ignored.has(key) || this.#ignored.size >= MAX_IGNORED_KEYS) return;
    this.#ignored.add(key);
    this.#keys.push(new TextEncoder().encode(key));
    this.#types.push(IGNORED);
  }

  /** Decodes the object that starts at or after `at`; answers the position after its `}`, or SLOW_PATH. */
  scan(bytes: Uint8Array, at: number, end: number, row: EventRow): number {
    const seen = this.#seen;
    const follows = this.#follows;
    // An equal stamp of a billion objects ago only sends this one down the slow path.
    const stamp = (this.#stamp + 1) & 0x3fffffff;
    this.#stamp = stamp;
    let missing = this.#requiredCount;
    let p = skipSpace(bytes, at, end);
    const start = p;
    if (bytes[p] !== 123) return SLOW_PATH;
    p = skipSpace(bytes, p + 1, end);
    let before = seen.length;
    for (;;) {
      if (p >= end || bytes[p] !== QUOTE) return SLOW_PATH;
      let field = follows[before];
      if (!this.#keyIs(field, bytes, p + 1)) {
        field = this.#findKey(bytes, p + 1);
        if (field < 0) return SLOW_PATH;
        follows[before] = field;
      }
      if (seen[field] === stamp) return SLOW_PATH;
      seen[field] = stamp;
      missing -= this.#isRequired[field];
      before = field;
      p = skipSpace(bytes, p + this.#keys[field].length + 2, end);
      if (bytes[p] !== 58) return SLOW_PATH;
      p = this.#value(bytes, skipSpace(bytes, p + 1, end), end, field, row);
      if (p < 0) return SLOW_PATH;
      p = skipSpace(bytes, p, end);
      const c = bytes[p];
      if (p >= end) return SLOW_PATH;
      if (c === CLOSE_BRACE) break;
      if (c !== COMMA) return SLOW_PATH;
      p = skipSpace(bytes, p + 1, end);
    }
    p++;
    if (p > end || missing > 0) return SLOW_PATH;
    if (Number.isNaN(row.lat) !== Number.isNaN(row.lon)) return SLOW_PATH;
    if ((row.idA | row.idB) === 0) fingerprint(bytes, start, p, row);
    return p;
  }

  #findKey(bytes: Uint8Array, at: number): number {
    for (let field = 0; field < this.#keys.length; field++) if (this.#keyIs(field, bytes, at)) return field;
    return -1;
  }

  #keyIs(field: number, bytes: Uint8Array, at: number): boolean {
    const key = this.#keys[field];
    const length = key.length;
    if (bytes[at + length] !== QUOTE) return false;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== key[i]) return false;
    return true;
  }

  #value(bytes: Uint8Array, at: number, end: number, field: number, row: EventRow): number {
    switch (this.#types[field]) {
      case NUMBER: {
        const p = this.#boundedNumber(bytes, at, end, field);
        if (p > 0) row.setSignal(this.#columns[field], this.#number);
        return p;
      }
      case FLAG: {
        const p = literalEnd(bytes, at, end);
        if (p > 0) row.setSignal(this.#columns[field], bytes[at] === 116 ? 1 : bytes[at] === 102 ? 0 : Number.NaN);
        return p;
      }
      case NUMBERS:
        return this.#numberArray(bytes, at, end, field, row);
      case LAT: {
        const p = this.#boundedNumber(bytes, at, end, field);
        row.lat = this.#number;
        return p;
      }
      case LON: {
        const p = this.#boundedNumber(bytes, at, end, field);
        row.lon = this.#number;
        return p;
      }
      case CODES:
        return noCodesEnd(bytes, at, end, row);
      case IGNORED:
        return skipValue(bytes, at, end);
      default:
        return this.#string(bytes, at, end, field, row);
    }
  }

  /** A string field; times may also be numbers, which the slow path reads. */
  #string(bytes: Uint8Array, at: number, end: number, field: number, row: EventRow): number {
    if (bytes[at] !== QUOTE) return SLOW_PATH;
    const start = at + 1;
    let p = start;
    let c = 0;
    for (c = bytes[p]; p < end && c !== QUOTE; c = bytes[++p]) {
      if (c === BACKSLASH || c < 32) return SLOW_PATH;
    }
    if (p >= end) return SLOW_PATH;
    switch (this.#types[field]) {
      case VEHICLE:
        if (p === start || p - start > MAX_ID_BYTES) return SLOW_PATH;
        row.setText(TEXT.vehicleId, start, p - start);
        break;
      case TIME:
        row.timeMs = this.#times.read(bytes, start, p);
        if (Number.isNaN(row.timeMs)) return SLOW_PATH;
        break;
      case EVENT_ID:
        if (p > start) fingerprint(bytes, start, p, row);
        break;
      case TEXT_FIELD:
        row.setText(this.#columns[field], start, p - start);
        break;
    }
    return p + 1;
  }

  #numberArray(bytes: Uint8Array, at: number, end: number, field: number, row: EventRow): number {
    if (bytes[at] !== OPEN_BRACKET) return SLOW_PATH;
    let p = skipSpace(bytes, at + 1, end);
    for (let i = 0; i < this.#lengths[field]; i++) {
      p = this.#boundedNumber(bytes, p, end, field);
      if (p < 0) return SLOW_PATH;
      row.setSignal(this.#columns[field] + i, this.#number);
      p = skipSpace(bytes, p, end);
      if (i + 1 < this.#lengths[field]) {
        if (bytes[p] !== COMMA) return SLOW_PATH;
        p = skipSpace(bytes, p + 1, end);
      }
    }
    return bytes[p] === CLOSE_BRACKET ? p + 1 : SLOW_PATH;
  }

  /** Reads a number into `#number` (null reads as NaN) and checks its range. Exact: at most 15 digits, one division. */
  #boundedNumber(bytes: Uint8Array, at: number, end: number, field: number): number {
    let p = at;
    let c = bytes[p];
    if (c === 110) {
      this.#number = Number.NaN;
      return literalEnd(bytes, at, end);
    }
    const negative = c === 45;
    if (negative) c = bytes[++p];
    const first = p;
    if (c < 48 || c > 57) return SLOW_PATH;
    let digits = 0;
    while (c >= 48 && c <= 57) {
      digits = digits * 10 + (c - 48);
      c = bytes[++p];
    }
    if (bytes[first] === 48 && p - first > 1) return SLOW_PATH;
    let fraction = 0;
    if (c === 46) {
      const point = p;
      c = bytes[++p];
      while (c >= 48 && c <= 57) {
        digits = digits * 10 + (c - 48);
        c = bytes[++p];
      }
      fraction = p - point - 1;
      if (fraction === 0) return SLOW_PATH;
    }
    if (p - first > 15 || c === 101 || c === 69 || p > end) return SLOW_PATH;
    const magnitude = fraction > 0 ? digits / POWERS_OF_TEN[fraction] : digits;
    const value = negative ? -magnitude : magnitude;
    if (!(value >= this.#mins[field] && value <= this.#maxs[field])) return SLOW_PATH;
    this.#number = value;
    return p;
  }
}

export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end) {
    const c = bytes[p];
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) break;
    p++;
  }
  return p;
}

/** End of `true`, `false` or `null` at `at`, or SLOW_PATH. */
function literalEnd(bytes: Uint8Array, at: number, end: number): number {
  const word = bytes[at] === 116 ? TRUE : bytes[at] === 102 ? FALSE : NULL;
  if (at + word.length > end) return SLOW_PATH;
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return SLOW_PATH;
  return at + word.length;
}

const TRUE = new TextEncoder().encode('true');
const FALSE = new TextEncoder().encode('false');
const NULL = new TextEncoder().encode('null');

/** An empty array of fault codes; vehicles that have some are few and take the slow path. */
function noCodesEnd(bytes: Uint8Array, at: number, end: number, row: EventRow): number {
  if (bytes[at] !== OPEN_BRACKET) return SLOW_PATH;
  const p = skipSpace(bytes, at + 1, end);
  if (bytes[p] !== CLOSE_BRACKET) return SLOW_PATH;
  row.setText(TEXT.faultCodes, p, 0);
  return p + 1;
}

/** End of any JSON value at `at`, or SLOW_PATH when it does not end before `end`. What is inside is not checked. */
export function skipValue(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  let p = at;
  while (p < end) {
    const c = bytes[p];
    if (c === QUOTE) {
      p++;
      while (p < end && bytes[p] !== QUOTE) p += bytes[p] === BACKSLASH ? 2 : 1;
      if (p >= end) return SLOW_PATH;
    } else if (c === 123 || c === OPEN_BRACKET) depth++;
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      if (depth === 0) return p > at ? p : SLOW_PATH;
      depth--;
    } else if (c === COMMA && depth === 0) return p > at ? p : SLOW_PATH;
    p++;
    if (depth === 0 && (c === QUOTE || c === CLOSE_BRACE || c === CLOSE_BRACKET)) return p;
  }
  return SLOW_PATH;
}

/**
 * 64-bit fingerprint of [start, end) into the row: two lanes of MurmurHash3 (A. Appleby, x86_32, public domain) with
 * different constants, four bytes at a time, because objects without an id are hashed whole.
 */
export function fingerprint(bytes: Uint8Array, start: number, end: number, row: EventRow): void {
  let a = 0x9747b28c | 0;
  let b = 0x2545f491 | 0;
  let i = start;
  for (const last = end - 3; i < last; i += 4) {
    const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    const x = Math.imul(word, 0xcc9e2d51);
    const y = Math.imul(word, 0x239b961b);
    a ^= Math.imul((x << 15) | (x >>> 17), 0x1b873593);
    b ^= Math.imul((y << 16) | (y >>> 16), 0xab0e9789);
    a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    b = (Math.imul((b << 17) | (b >>> 15), 5) + 0x0bcaa747) | 0;
  }
  for (; i < end; i++) {
    a = Math.imul(a ^ bytes[i], 0x01000193);
    b = Math.imul(b ^ bytes[i], 0x5bd1e995);
  }
  a ^= end - start;
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
  b = Math.imul(b ^ (b >>> 16), 0x38b34ae5);
  row.idA = a ^ (a >>> 13);
  row.idB = b ^ (b >>> 13);
}
