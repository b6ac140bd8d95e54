import { type EventRow, TEXT } from './event-row.ts';
import { fingerprint } from './fingerprint.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  literalEnd,
  longInteger,
  nullEnd,
  OPEN_BRACE,
  OPEN_BRACKET,
  POWERS_OF_TEN,
  QUOTE,
  SLOW_PATH,
  skipSpace,
  skipValue,
  stringEnd,
} from './json-bytes.ts';
import { KeyPredictor } from './key-predictor.ts';
import { type FieldSpec, fieldPlace, fieldRange, isRequired, MAX_ID_BYTES, type TopicProfile } from './profile.ts';
import { type Compile, ShapeReaders } from './shape-readers.ts';
import type { Shape } from './shape-source.ts';
import { ShapeWalk } from './shape-walk.ts';
import type { TimestampReader } from './timestamp.ts';

const NUMBER = 0;
const DEGREES = 1;
const FLAG = 3;
const NUMBERS = 4;
const VEHICLE = 5;
const TIME = 6;
const EVENT_ID = 7;
const TEXT_FIELD = 8;
const CODES = 9;
const IGNORED = 10;
const FIGURE = 11;

const TYPE_CODES: Record<FieldSpec['type'], number> = {
  number: NUMBER,
  flag: FLAG,
  numbers: NUMBERS,
  lat: DEGREES,
  lon: DEGREES,
  vehicle: VEHICLE,
  time: TIME,
  eventId: EVENT_ID,
  codes: CODES,
  figure: FIGURE,
  text: TEXT_FIELD,
};

/** Unknown keys a scanner learns to skip; a sender that invents more pays for the slow path. */
const MAX_IGNORED_KEYS = 64;

/**
 * Reads one JSON object of a known topic straight from bytes into an EventRow. Objects of a shape that came often are read by a
 * function made for it; for others it predicts the text between two values from the objects before and falls back to a search
 * for the key. Whatever is unusual (escapes, exponents, more than 15 digits, repeated or missing keys, unknown keys, values out
 * of range, wrong types) answers SLOW_PATH: the slow path then decodes it or says what is wrong, so both paths agree. One
 * instance per topic; not re-entrant.
 */
export class ObjectScanner {
  readonly #fields: readonly FieldSpec[];
  readonly #keys: Uint8Array[];
  readonly #types: Uint8Array;
  readonly #places: Uint8Array;
  readonly #lengths: Uint8Array;
  readonly #mins: Float64Array;
  readonly #maxs: Float64Array;
  readonly #isRequired: Uint8Array;
  readonly #requiredCount: number;
  readonly #ignored = new Set<string>();
  /** Stamp of the object in which each field was met last: tells repeated keys without clearing anything between objects. */
  readonly #seen: Int32Array;
  #stamp = 0;
  readonly #predictor: KeyPredictor;
  readonly #shapes: ShapeReaders;
  readonly #times: TimestampReader;
  /** The field that `#findKey` found. */
  #found = 0;

  constructor(profile: TopicProfile, times: TimestampReader, compile?: Compile) {
    const { fields } = profile;
    this.#fields = fields;
    const keys = fields.length + MAX_IGNORED_KEYS;
    const encoder = new TextEncoder();
    this.#keys = fields.map((f) => encoder.encode(f.key));
    this.#types = new Uint8Array(keys).fill(IGNORED);
    this.#types.set(fields.map((f) => TYPE_CODES[f.type]));
    this.#places = Uint8Array.from(fields, fieldPlace);
    this.#lengths = Uint8Array.from(fields, (f) => ('signals' in f ? f.signals.length : 1));
    this.#mins = Float64Array.from(fields, (f) => fieldRange(f).min);
    this.#maxs = Float64Array.from(fields, (f) => fieldRange(f).max);
    this.#isRequired = Uint8Array.from({ length: keys }, (_, i) =>
      i < fields.length && isRequired(fields[i]) ? 1 : 0,
    );
    this.#requiredCount = fields.filter(isRequired).length;
    this.#seen = new Int32Array(keys);
    this.#predictor = new KeyPredictor(keys);
    this.#shapes = new ShapeReaders(times, compile);
    this.#times = times;
  }

  /** From now on skips the value of this key, which the profile does not name, instead of answering SLOW_PATH for it. */
  ignore(key: string): void {
    if (this.#ignored.has(key) || this.#ignored.size >= MAX_IGNORED_KEYS) return;
    this.#ignored.add(key);
    this.#keys.push(new TextEncoder().encode(key));
  }

  /** Decodes the object that starts at or after `at` in the row's bytes; answers the position after its `}`, or SLOW_PATH. */
  scan(bytes: Uint8Array, at: number, end: number, row: EventRow): number {
    const start = skipSpace(bytes, at, end);
    const shapes = this.#shapes;
    let p = shapes.read(bytes, row.view, start, end, row);
    if (p === SLOW_PATH) {
      p = this.#walk(bytes, start, end, row);
      if (p === SLOW_PATH) return SLOW_PATH;
      if (shapes.wantsShape) shapes.learn(this.#shapeOf(bytes, start, p));
    }
    if ((row.idA | row.idB) === 0) fingerprint(row.view, start, p, row);
    return p;
  }

  /** The shape of an object that `#walk` has read. */
  #shapeOf(bytes: Uint8Array, start: number, end: number): Shape | undefined {
    return new ShapeWalk(bytes, start, end).shape(
      (at) => this.#fields[this.#keys.findIndex((key) => isKey(key, bytes, at))],
    );
  }

  /** Reads the object from `{` to `}` key by key. */
  #walk(bytes: Uint8Array, start: number, end: number, row: EventRow): number {
    const { view, values } = row;
    const seen = this.#seen;
    const predictor = this.#predictor;
    // An equal stamp of a billion objects ago only sends this one down the slow path.
    const stamp = (this.#stamp + 1) & 0x3fffffff;
    this.#stamp = stamp;
    let missing = this.#requiredCount;
    let p = start;
    let before = seen.length;
    for (;;) {
      const announced = predictor.predict(view, p, end, before);
      let field = announced & 255;
      if (announced > 0) p += announced >> 8;
      else {
        const valueAt = this.#findKey(bytes, view, p, end, before);
        if (valueAt < 0) break;
        p = valueAt;
        field = this.#found;
      }
      if (seen[field] === stamp) return SLOW_PATH;
      seen[field] = stamp;
      missing -= this.#isRequired[field];
      if (bytes[p] <= 32) p = skipSpace(bytes, p, end);
      const type = this.#types[field];
      if (type <= DEGREES) {
        const place = this.#places[field];
        p = this.#number(bytes, view, p, end, field, values, place);
        if (type === NUMBER) row.touched[row.touchedCount++] = place;
      } else p = this.#value(bytes, view, p, end, field, row);
      if (p < 0 || p >= end) return SLOW_PATH;
      if (bytes[p] === CLOSE_BRACE) break;
      before = field;
    }
    p = skipSpace(bytes, p, end);
    if (p >= end || bytes[p] !== CLOSE_BRACE || before === seen.length || missing > 0) return SLOW_PATH;
    if (Number.isNaN(row.lat) !== Number.isNaN(row.lon)) return SLOW_PATH;
    return p + 1;
  }

  /** Walks from the end of a value to the next one; answers where that starts, its field in `#found`, or SLOW_PATH. */
  #findKey(bytes: Uint8Array, view: DataView, at: number, end: number, before: number): number {
    let p = skipSpace(bytes, at, end);
    if (p >= end || bytes[p] !== (before === this.#seen.length ? OPEN_BRACE : COMMA)) return SLOW_PATH;
    p = skipSpace(bytes, p + 1, end);
    if (p >= end || bytes[p] !== QUOTE) return SLOW_PATH;
    let field = 0;
    while (field < this.#keys.length && !isKey(this.#keys[field], bytes, p + 1)) field++;
    if (field === this.#keys.length) return SLOW_PATH;
    p = skipSpace(bytes, p + this.#keys[field].length + 2, end);
    if (p >= end || bytes[p] !== COLON) return SLOW_PATH;
    p = skipSpace(bytes, p + 1, end);
    if (p >= end) return SLOW_PATH;
    this.#predictor.learn(view, at, p - at, before, field);
    this.#found = field;
    return p;
  }

  #value(bytes: Uint8Array, view: DataView, at: number, end: number, field: number, row: EventRow): number {
    switch (this.#types[field]) {
      case FLAG: {
        const p = literalEnd(view, at, end);
        if (p > 0) row.setSignal(this.#places[field], bytes[at] === 116 ? 1 : bytes[at] === 102 ? 0 : Number.NaN);
        return p;
      }
      case NUMBERS:
        return this.#numberArray(bytes, view, at, end, field, row);
      case TIME:
        return this.#time(bytes, view, at, end, row);
      case CODES:
        return noCodesEnd(bytes, at, end, row);
      case FIGURE:
        return this.#number(bytes, view, at, end, field, row.figures, this.#places[field]);
      case IGNORED:
        return skipValue(bytes, at, end);
      default:
        return this.#string(bytes, view, at, end, field, row);
    }
  }

  #string(bytes: Uint8Array, view: DataView, at: number, end: number, field: number, row: EventRow): number {
    if (bytes[at] !== QUOTE) return SLOW_PATH;
    const start = at + 1;
    const p = stringEnd(view, start, end);
    if (p < 0) return SLOW_PATH;
    switch (this.#types[field]) {
      case VEHICLE:
        if (p === start || p - start > MAX_ID_BYTES) return SLOW_PATH;
        row.setText(TEXT.vehicleId, start, p - start);
        break;
      case EVENT_ID:
        if (p > start) fingerprint(view, start, p, row);
        break;
      default:
        row.setText(this.#places[field], start, p - start);
    }
    return p + 1;
  }

  /** A time written as text; times may also be numbers, which the slow path reads. */
  #time(bytes: Uint8Array, view: DataView, at: number, end: number, row: EventRow): number {
    if (bytes[at] !== QUOTE) return SLOW_PATH;
    const p = this.#times.readText(bytes, view, at + 1, end);
    row.timeMs = this.#times.ms;
    return p < 0 ? SLOW_PATH : p + 1;
  }

  #numberArray(bytes: Uint8Array, view: DataView, at: number, end: number, field: number, row: EventRow): number {
    if (bytes[at] !== OPEN_BRACKET) return SLOW_PATH;
    let p = skipSpace(bytes, at + 1, end);
    for (let i = 0; i < this.#lengths[field]; i++) {
      const place = this.#places[field] + i;
      p = this.#number(bytes, view, p, end, field, row.values, place);
      if (p < 0) return SLOW_PATH;
      row.touched[row.touchedCount++] = place;
      p = skipSpace(bytes, p, end);
      if (p >= end || bytes[p] !== (i + 1 < this.#lengths[field] ? COMMA : CLOSE_BRACKET)) return SLOW_PATH;
      p++;
      if (i + 1 < this.#lengths[field]) p = skipSpace(bytes, p, end);
    }
    return p;
  }

  /**
   * Reads a number into `values[place]` (null reads as NaN) and checks its range. Exact: at most 15 digits, one division. Up to nine
   * digits are added up as an integer, of more the first nine.
   */
  #number(
    bytes: Uint8Array,
    view: DataView,
    at: number,
    end: number,
    field: number,
    values: Float64Array,
    place: number,
  ): number {
    const negative = bytes[at] === 45;
    const first = negative ? at + 1 : at;
    let p = first;
    let integer = 0;
    let c = 0;
    for (; p < end; p++) {
      c = bytes[p];
      if (c < 48 || c > 57) break;
      integer = (Math.imul(integer, 10) + (c - 48)) | 0;
    }
    let digits = p - first;
    if (digits === 0) {
      values[place] = Number.NaN;
      return negative ? SLOW_PATH : nullEnd(view, at, end);
    }
    if (digits > 1 && bytes[first] === 48) return SLOW_PATH;
    let places = 0;
    if (c === 46) {
      const fraction = ++p;
      for (; p < end; p++) {
        c = bytes[p];
        if (c < 48 || c > 57) break;
        integer = (Math.imul(integer, 10) + (c - 48)) | 0;
      }
      places = p - fraction;
      digits += places;
      if (places === 0) return SLOW_PATH;
    }
    if (digits > 15 || c === 101 || c === 69) return SLOW_PATH;
    const whole = digits > 9 ? longInteger(bytes, first, p) : integer;
    const magnitude = places > 0 ? whole / POWERS_OF_TEN[places] : whole;
    const value = negative ? -magnitude : magnitude;
    if (!(value >= this.#mins[field] && value <= this.#maxs[field])) return SLOW_PATH;
    values[place] = value;
    return p;
  }
}

function isKey(key: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const { length } = key;
  if (bytes[at + length] !== QUOTE) return false;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== key[i]) return false;
  return true;
}

/** An empty array of fault codes; vehicles that have some are few and take the slow path. */
function noCodesEnd(bytes: Uint8Array, at: number, end: number, row: EventRow): number {
  if (bytes[at] !== OPEN_BRACKET) return SLOW_PATH;
  const p = skipSpace(bytes, at + 1, end);
  if (p >= end || bytes[p] !== CLOSE_BRACKET) return SLOW_PATH;
  row.setText(TEXT.faultCodes, p, 0);
  return p + 1;
}
