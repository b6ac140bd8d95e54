export const NONE = -1;

const FIRST_RECORDS = 256;

/** Records of a fixed number of float64 fields in one array; a record's id is the index of its first field. Grows by doubling. */
export class RecordPool {
  /** Replaced when the pool grows: read it again after each `take`. */
  values = new Float64Array(0);
  readonly #stride: number;
  #free = NONE;

  constructor(stride: number) {
    this.#stride = stride;
  }

  get bytes(): number {
    return this.values.byteLength;
  }

  /** A record with fields of any content. */
  take(): number {
    if (this.#free === NONE) this.#grow();
    const at = this.#free;
    this.#free = this.values[at];
    return at;
  }

  give(at: number): void {
    this.values[at] = this.#free;
    this.#free = at;
  }

  #grow(): void {
    const from = this.values.length;
    const bigger = new Float64Array(Math.max(FIRST_RECORDS * this.#stride, from * 2));
    bigger.set(this.values);
    for (let at = from; at < bigger.length; at += this.#stride) {
      bigger[at] = at + this.#stride < bigger.length ? at + this.#stride : NONE;
    }
    this.values = bigger;
    this.#free = from;
  }
}

/** A copy of `array` with room for `length`, the new part filled with `value`. */
export function grown<T extends Float64Array | Int32Array>(array: T, length: number, value: number): T {
  const bigger = new (array.constructor as new (n: number) => T)(length);
  bigger.set(array);
  bigger.fill(value, array.length);
  return bigger;
}
