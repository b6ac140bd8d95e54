import type { RowBlock } from '../model/stream-outputs.ts';

/** Collects rows of one kind until they are taken. */
export class RowBlockBuilder {
  readonly #width: number;
  #keys: string[] = [];
  #values: Float64Array;

  /** `width`: columns per row. */
  constructor(width: number) {
    this.#width = width;
    this.#values = new Float64Array(width * 64);
  }

  get rows(): number {
    return this.#keys.length;
  }

  /** Adds a row of NaN; answers the offset of its first value in `values`. */
  add(key: string): number {
    const at = this.#keys.length * this.#width;
    if (at + this.#width > this.#values.length) {
      const bigger = new Float64Array(this.#values.length * 2);
      bigger.set(this.#values);
      this.#values = bigger;
    }
    this.#keys.push(key);
    this.#values.fill(Number.NaN, at, at + this.#width);
    return at;
  }

  /** Where `add`'s offset points; replaced when it grows. */
  get values(): Float64Array {
    return this.#values;
  }

  take(): RowBlock {
    const block = { keys: this.#keys, values: this.#values.slice(0, this.#keys.length * this.#width) };
    this.#keys = [];
    return block;
  }
}
