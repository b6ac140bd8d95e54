import { TEXT } from './event-row.ts';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
  skipValue,
} from './json-bytes.ts';
import { type FieldSpec, fieldPlace, fieldRange } from './profile.ts';
import { MAX_LITERAL_BYTES, type Shape, type Step, type StepKind } from './shape-source.ts';

const KINDS: Record<FieldSpec['type'], StepKind | undefined> = {
  number: 'number',
  numbers: 'number',
  flag: 'flag',
  lat: 'degrees',
  lon: 'degrees',
  vehicle: 'vehicle',
  time: 'time',
  eventId: 'eventId',
  codes: 'noCodes',
  text: 'text',
  figure: undefined,
};

/** Bytes that end a number or a word. */
function scalarEnd(bytes: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end && bytes[p] > 32 && bytes[p] !== COMMA && bytes[p] !== CLOSE_BRACKET && bytes[p] !== CLOSE_BRACE) p++;
  return p;
}

const LETTER_N = 110;

/** Walks an object that the scanner has read and notes its shape. For objects rarely looked at: it allocates. */
export class ShapeWalk {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #steps: Step[] = [];
  /** Where the literal before the next value starts. */
  #from: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#from = start;
    this.#end = end;
  }

  /**
   * The shape, or undefined when the object has a value that shapes do not read, as a position of null. `fieldAt` tells the
   * field of the key that starts at a position: undefined for one that is skipped.
   */
  shape(fieldAt: (at: number) => FieldSpec | undefined): Shape | undefined {
    const bytes = this.#bytes;
    const end = this.#end;
    let p = this.#from;
    for (;;) {
      p = skipSpace(bytes, p + 1, end);
      const field = fieldAt(p + 1);
      for (p++; bytes[p] !== QUOTE; p++) if (p >= end) return undefined;
      p = skipSpace(bytes, skipSpace(bytes, p + 1, end) + 1, end);
      p = this.#value(p, field);
      if (p < 0) return undefined;
      p = skipSpace(bytes, p, end);
      if (bytes[p] !== COMMA) break;
    }
    const tail = bytes.slice(this.#from, end);
    const fits = tail.length <= MAX_LITERAL_BYTES && this.#steps.every((s) => s.literal.length <= MAX_LITERAL_BYTES);
    return fits ? { steps: this.#steps, tail } : undefined;
  }

  /** Notes the steps of one value; answers where the value ends, or -1. */
  #value(at: number, field: FieldSpec | undefined): number {
    const bytes = this.#bytes;
    const end = skipValue(bytes, at, this.#end);
    if (field === undefined) return this.#add('skipped', at, end, 0, undefined);
    const kind = KINDS[field.type];
    const place = fieldPlace(field);
    if (kind === undefined) return -1;
    switch (kind) {
      case 'number':
        if (field.type === 'numbers') return this.#numbers(at, field);
        return this.#add(kind, at, scalarEnd(bytes, at, this.#end), place, field);
      case 'flag':
        return this.#add(kind, at, scalarEnd(bytes, at, this.#end), place, field);
      case 'degrees':
        return bytes[at] === LETTER_N ? -1 : this.#add(kind, at, scalarEnd(bytes, at, this.#end), place, field);
      case 'noCodes': {
        const inside = skipSpace(bytes, at + 1, this.#end);
        if (bytes[inside] !== CLOSE_BRACKET) return -1;
        return this.#add(kind, inside, inside, TEXT.faultCodes, field) + 1;
      }
      default:
        if (bytes[at] !== QUOTE || bytes.subarray(at, end).includes(BACKSLASH)) return -1;
        return this.#add(kind, at + 1, end - 1, place, field) + 1;
    }
  }

  #numbers(at: number, field: FieldSpec): number {
    const bytes = this.#bytes;
    if (bytes[at] !== OPEN_BRACKET) return -1;
    let p = at;
    for (let place = fieldPlace(field); p === at || bytes[p] === COMMA; place++) {
      p = skipSpace(bytes, p + 1, this.#end);
      p = this.#add('number', p, scalarEnd(bytes, p, this.#end), place, field);
      p = skipSpace(bytes, p, this.#end);
    }
    return p + 1;
  }

  #add(kind: StepKind, at: number, end: number, place: number, field: FieldSpec | undefined): number {
    const range = field === undefined ? { min: 0, max: 0 } : fieldRange(field);
    const literal = this.#bytes.slice(this.#from, at);
    this.#steps.push({ literal, kind, place, min: range.min, max: range.max });
    this.#from = end;
    return end;
  }
}
