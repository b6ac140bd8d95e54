/** How often windows fired that late events came for: only those have an entry, so the book is nearly always empty. */
export class FiringBook {
  /** By key: number of the window → firings so far. */
  readonly #firings = new Map<number, Map<number, number>>();
  #entries = 0;

  /** Memory held, about. */
  get bytes(): number {
    return this.#entries * 48;
  }

  get(key: number, window: number): number | undefined {
    return this.#firings.get(key)?.get(window);
  }

  set(key: number, window: number, firings: number): void {
    let ofKey = this.#firings.get(key);
    if (!ofKey) {
      ofKey = new Map();
      this.#firings.set(key, ofKey);
    }
    if (!ofKey.has(window)) this.#entries++;
    ofKey.set(window, firings);
  }

  /** Forgets the key's windows below `window`. */
  forgetBelow(key: number, window: number): void {
    const ofKey = this.#firings.get(key);
    if (!ofKey) return;
    for (const number of ofKey.keys()) {
      if (number < window && ofKey.delete(number)) this.#entries--;
    }
    if (ofKey.size === 0) this.#firings.delete(key);
  }

  /** Rows of [key, window, firings] of the first `count` keys, in order. */
  rows(count: number): Float64Array {
    const rows: [number, number, number][] = [];
    for (const [key, ofKey] of this.#firings) {
      if (key < count) for (const [window, firings] of ofKey) rows.push([key, window, firings]);
    }
    rows.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return Float64Array.from(rows.flat());
  }

  restore(rows: ArrayLike<number>): void {
    for (let i = 0; i < rows.length; i += 3) this.set(rows[i], rows[i + 1], rows[i + 2]);
  }
}
