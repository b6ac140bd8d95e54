const WAYS = 8;

/**
 * Remembers 64-bit fingerprints in fixed memory: an 8-way set-associative table, each set a ring that forgets its oldest.
 * Of the newest `2^log2Entries` / 8 different fingerprints all are remembered, of a quarter 99.8 %, of a half 94 % (measured);
 * a duplicate that comes back later than that is taken for new. 2^20 entries are 8 MiB: their eighth covers 13 s at 10,000
 * messages/s and is twice what a broker may redeliver after a reconnect (65,535 in flight).
 */
export class Dedupe {
  readonly #table: Int32Array;
  readonly #next: Uint8Array;
  readonly #mask: number;

  constructor(log2Entries = 20) {
    const sets = 2 ** log2Entries / WAYS;
    this.#mask = sets - 1;
    this.#table = new Int32Array(sets * WAYS * 2);
    this.#next = new Uint8Array(sets);
  }

  /** True when the fingerprint was seen before; remembers it otherwise. */
  seen(a: number, b: number): boolean {
    const high = b === 0 ? 1 : b;
    let x = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d);
    x = Math.imul(x ^ (x >>> 12) ^ high, 0x297a2d39);
    const set = (x ^ (x >>> 15)) & this.#mask;
    const table = this.#table;
    const from = set * WAYS * 2;
    for (let i = from, end = from + WAYS * 2; i < end; i += 2) if (table[i] === a && table[i + 1] === high) return true;
    const way = this.#next[set];
    table[from + way * 2] = a;
    table[from + way * 2 + 1] = high;
    this.#next[set] = (way + 1) % WAYS;
    return false;
  }

  arrays(): [name: string, array: Int32Array | Uint8Array][] {
    return [
      ['dedupe.table', this.#table],
      ['dedupe.next', this.#next],
    ];
  }

  /** Takes over a stored table of the same size; another size starts empty. */
  restore(read: (name: string) => ArrayLike<number> | undefined): void {
    const table = read('dedupe.table');
    const next = read('dedupe.next');
    if (table?.length !== this.#table.length || next?.length !== this.#next.length) return;
    this.#table.set(table);
    this.#next.set(next);
  }
}
