import type { EventRow } from './event-row.ts';
import { fingerprint } from './fingerprint.ts';
import { longInteger, POWERS_OF_TEN, SLOW_PATH, skipValue } from './json-bytes.ts';
import { MAX_ID_BYTES } from './profile.ts';
import { MAX_LITERAL_BYTES, type Shape, shapeSource } from './shape-source.ts';
import type { TimestampReader } from './timestamp.ts';

type Read = (bytes: Uint8Array, view: DataView, at: number, end: number, row: EventRow) => number;

/** Makes a function of its parameters' names and its source. */
export type Compile = (...namesAndSource: string[]) => (...helpers: unknown[]) => Read;

const compileSource: Compile = (...namesAndSource) =>
  new Function(...namesAndSource) as (...helpers: unknown[]) => Read;

/** Shapes kept: senders leave out a field now and then, or differ in their firmware. */
const MAX_SHAPES = 8;
/** The first shape is learned after so many objects without one, each further one after twice as many as before … */
const LEARN_AFTER = 16;
/** … or so many more: making a function takes as long as reading a thousand objects. */
const LEARN_WITHIN = 1 << 16;
/** So many misses more than hits, and shapes are only tried now and then: keys come in any order. */
const PATIENCE = 32;
const TRY_EVERY = 16;
/** A reader may look so many bytes beyond the object's end. */
const LOOK_AHEAD_BYTES = MAX_LITERAL_BYTES + 64;

/**
 * Readers for the shapes of a topic's objects, one straight-line function each. What a reader answers is what the scanner
 * would; where it meets anything else the scanner reads the object from its beginning. Where code may not be made from
 * strings there are no readers. `wantsShape` tells when the next shape should be learned.
 */
export class ShapeReaders {
  readonly #reads: Read[] = [];
  readonly #hits: number[] = [];
  readonly #times: TimestampReader;
  readonly #compile: Compile;
  #misses = 0;
  #learnAt = LEARN_AFTER;
  #patience = PATIENCE;
  #resting = 0;

  constructor(times: TimestampReader, compile: Compile = compileSource) {
    this.#times = times;
    this.#compile = compile;
  }

  /** True when the object that no reader took is one to learn a shape from. */
  get wantsShape(): boolean {
    return this.#misses >= this.#learnAt;
  }

  /** Reads the object at `at` into the row, which is reset; answers its end, or SLOW_PATH with the row as it was. */
  read(bytes: Uint8Array, view: DataView, at: number, end: number, row: EventRow): number {
    if (end + LOOK_AHEAD_BYTES > bytes.length) return SLOW_PATH;
    if (this.#resting > 0) {
      this.#resting--;
      return SLOW_PATH;
    }
    const reads = this.#reads;
    for (let i = 0; i < reads.length; i++) {
      const p = reads[i](bytes, view, at, end, row);
      if (p >= 0 && p <= end) {
        this.#hit(i);
        return p;
      }
      row.reset(row.kind, bytes);
    }
    this.#miss();
    return SLOW_PATH;
  }

  /** Makes a reader of the shape in place of the one used least. An undefined shape is one that cannot be read. */
  learn(shape: Shape | undefined): void {
    this.#learnAt = this.#misses + Math.min(this.#misses, LEARN_WITHIN);
    if (shape === undefined) return;
    const helpers = {
      powersOfTen: POWERS_OF_TEN,
      longInteger,
      fingerprint,
      skipValue,
      times: this.#times,
      maxIdBytes: MAX_ID_BYTES,
    };
    try {
      const read = this.#compile(...Object.keys(helpers), shapeSource(shape))(...Object.values(helpers));
      const i = Math.min(this.#reads.length, MAX_SHAPES - 1);
      this.#reads[i] = read;
      this.#hits[i] = 0;
      this.#patience = PATIENCE;
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      this.#learnAt = Number.POSITIVE_INFINITY;
    }
  }

  #hit(i: number): void {
    if (this.#patience < PATIENCE) this.#patience++;
    const hits = this.#hits;
    hits[i]++;
    if (i === 0 || hits[i] <= hits[i - 1]) return;
    const reads = this.#reads;
    [reads[i - 1], reads[i]] = [reads[i], reads[i - 1]];
    [hits[i - 1], hits[i]] = [hits[i], hits[i - 1]];
  }

  #miss(): void {
    this.#misses++;
    if (this.#reads.length === 0 || --this.#patience >= 0) return;
    this.#patience = 0;
    this.#resting = TRY_EVERY - 1;
  }
}
