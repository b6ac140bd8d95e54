const EMPTY = -1;
const INITIAL_CAPACITY = 64;

/** Numbers 0, 1, 2 … given to integer keys in the order they come: a hash table without objects, reused between runs. */
export class CellTable {
  /** Keys so far; they have the numbers below this. */
  size = 0;
  /** Key of each number. */
  keys = new Int32Array(INITIAL_CAPACITY);
  private slots = new Int32Array(INITIAL_CAPACITY * 2).fill(EMPTY);

  /** Forgets all keys and makes room for `limit` of them. */
  reset(limit: number): void {
    if (this.keys.length < limit) {
      const capacity = 2 ** Math.ceil(Math.log2(limit));
      this.keys = new Int32Array(capacity);
      this.slots = new Int32Array(capacity * 2);
    }
    this.slots.fill(EMPTY);
    this.size = 0;
  }

  /** The number of a key, given now if it is new. */
  numberOf(key: number): number {
    const at = this.probe(key);
    const known = this.slots[at];
    if (known !== EMPTY) return known;
    this.slots[at] = this.size;
    this.keys[this.size] = key;
    return this.size++;
  }

  /** The number of a key; -1 if it has none. */
  find(key: number): number {
    return this.slots[this.probe(key)];
  }

  private probe(key: number): number {
    const mask = this.slots.length - 1;
    let at = Math.imul(key, 0x9e3779b1) >>> 7;
    for (at &= mask; this.slots[at] !== EMPTY && this.keys[this.slots[at]] !== key; at = (at + 1) & mask);
    return at;
  }
}
