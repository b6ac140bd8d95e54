const SMALLEST_LOG2 = 2;
const LARGEST_LOG2 = 24;
const FIRST_CAPACITY = 256;

const log2Of = (length: number): number => Math.max(SMALLEST_LOG2, 32 - Math.clz32(length - 1));

/**
 * Lists of ascending numbers of any length in one typed array. The owner of a list keeps two cells of its own: where the list
 * starts in `values`, and its length (0 = no memory held). Room grows by doubling; freed room is used again.
 */
export class BlockHeap {
  values = new Float64Array(0);
  #used = 0;
  readonly #free = new Float64Array(LARGEST_LOG2 + 1).fill(-1);

  get bytes(): number {
    return this.values.byteLength;
  }

  /** Puts `value` at `index` of the list owned by `cells[at]`, moving the rest up. */
  insert(cells: Float64Array, at: number, index: number, value: number): void {
    const length = cells[at + 1];
    if (length === 0) cells[at] = this.#allocate(SMALLEST_LOG2);
    else if (length >= 1 << SMALLEST_LOG2 && (length & (length - 1)) === 0) this.#double(cells, at, length);
    const from = cells[at] + index;
    this.values.copyWithin(from + 1, from, cells[at] + length);
    this.values[from] = value;
    cells[at + 1] = length + 1;
  }

  /** Number of values in the list that are below `limit`. */
  rank(cells: Float64Array, at: number, limit: number): number {
    const { values } = this;
    const start = cells[at];
    let low = 0;
    let high = cells[at + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[start + middle] < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes the list a copy of `source`. */
  fill(cells: Float64Array, at: number, source: ArrayLike<number>): void {
    this.clear(cells, at);
    if (source.length === 0) return;
    const start = this.#allocate(log2Of(source.length));
    this.values.set(source, start);
    cells[at] = start;
    cells[at + 1] = source.length;
  }

  clear(cells: Float64Array, at: number): void {
    const length = cells[at + 1];
    if (length === 0) return;
    this.#release(cells[at], log2Of(length));
    cells[at] = 0;
    cells[at + 1] = 0;
  }

  #double(cells: Float64Array, at: number, length: number): void {
    const log2 = log2Of(length);
    const start = this.#allocate(log2 + 1);
    this.values.copyWithin(start, cells[at], cells[at] + length);
    this.#release(cells[at], log2);
    cells[at] = start;
  }

  #allocate(log2: number): number {
    const free = this.#free[log2];
    if (free >= 0) {
      this.#free[log2] = this.values[free];
      return free;
    }
    const start = this.#used;
    this.#used += 2 ** log2;
    if (this.#used > this.values.length) {
      const bigger = new Float64Array(Math.max(FIRST_CAPACITY, this.values.length * 2, this.#used));
      bigger.set(this.values);
      this.values = bigger;
    }
    return start;
  }

  #release(start: number, log2: number): void {
    this.values[start] = this.#free[log2];
    this.#free[log2] = start;
  }
}
