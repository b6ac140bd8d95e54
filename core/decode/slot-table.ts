/** What `lookup` answers when the table holds as many ids as it may. */
export const TABLE_FULL = -1;

function hashBytes(bytes: Uint8Array, at: number, length: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = at, end = at + length; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash ^ (hash >>> 15);
}

/**
 * Byte strings to slot numbers 0, 1, 2 … in the order they first appear: open addressing over one arena of bytes, so that
 * a lookup neither decodes text nor allocates. Ids have at most 255 bytes. Slots are never freed. Single-threaded.
 */
export class SlotTable {
  readonly #maxSlots: number;
  #mask = (1 << 12) - 1;
  #hashes = new Int32Array(1 << 12);
  #slots = new Int32Array(1 << 12).fill(-1);
  #offsets = new Int32Array(1 << 11);
  #lengths = new Uint8Array(1 << 11);
  #arena = new Uint8Array(1 << 16);
  #arenaTop = 0;
  #names: (string | undefined)[] = [];
  #count = 0;
  readonly #decoder = new TextDecoder();

  constructor(maxSlots: number) {
    this.#maxSlots = maxSlots;
  }

  get count(): number {
    return this.#count;
  }

  /** The slot of the id in [at, at + length), given one if it is new; TABLE_FULL when no more may be added. */
  lookup(bytes: Uint8Array, at: number, length: number): number {
    const hash = hashBytes(bytes, at, length);
    const k = this.#probe(bytes, at, length, hash);
    const slot = this.#slots[k];
    return slot < 0 ? this.#add(bytes, at, length, hash, k) : slot;
  }

  /** The slot of a name, or undefined; unlike `lookup` it adds nothing. */
  find(name: string): number | undefined {
    const bytes = new TextEncoder().encode(name);
    const slot = this.#slots[this.#probe(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length))];
    return slot < 0 ? undefined : slot;
  }

  name(slot: number): string {
    let name = this.#names[slot];
    if (name === undefined) {
      const at = this.#offsets[slot];
      name = this.#decoder.decode(this.#arena.subarray(at, at + this.#lengths[slot]));
      this.#names[slot] = name;
    }
    return name;
  }

  /** All ids in slot order, for a checkpoint: length byte, then the id's bytes, repeated. */
  serialize(): Uint8Array {
    const out = new Uint8Array(this.#arenaTop + this.#count);
    let w = 0;
    for (let slot = 0; slot < this.#count; slot++) {
      const at = this.#offsets[slot];
      const length = this.#lengths[slot];
      out[w++] = length;
      out.set(this.#arena.subarray(at, at + length), w);
      w += length;
    }
    return out;
  }

  static restore(bytes: Uint8Array, maxSlots: number): SlotTable {
    const table = new SlotTable(maxSlots);
    for (let p = 0; p < bytes.length; p += bytes[p] + 1) table.lookup(bytes, p + 1, bytes[p]);
    return table;
  }

  /** The bucket that holds the id, or the free one where it would go. */
  #probe(bytes: Uint8Array, at: number, length: number, hash: number): number {
    let k = hash & this.#mask;
    for (;;) {
      const slot = this.#slots[k];
      if (slot < 0) return k;
      if (this.#hashes[k] === hash && this.#lengths[slot] === length && this.#equals(slot, bytes, at, length)) return k;
      k = (k + 1) & this.#mask;
    }
  }

  #equals(slot: number, bytes: Uint8Array, at: number, length: number): boolean {
    const arena = this.#arena;
    const from = this.#offsets[slot];
    for (let i = 0; i < length; i++) if (arena[from + i] !== bytes[at + i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, at: number, length: number, hash: number, k: number): number {
    if (this.#count >= this.#maxSlots) return TABLE_FULL;
    const slot = this.#count++;
    if (slot >= this.#offsets.length) this.#growSlots();
    while (this.#arenaTop + length > this.#arena.length) this.#growArena();
    this.#offsets[slot] = this.#arenaTop;
    this.#lengths[slot] = length;
    this.#arena.set(bytes.subarray(at, at + length), this.#arenaTop);
    this.#arenaTop += length;
    this.#names.push(undefined);
    this.#hashes[k] = hash;
    this.#slots[k] = slot;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return slot;
  }

  #growSlots(): void {
    const offsets = new Int32Array(this.#offsets.length * 2);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    const lengths = new Uint8Array(offsets.length);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
  }

  #growArena(): void {
    const arena = new Uint8Array(this.#arena.length * 2);
    arena.set(this.#arena);
    this.#arena = arena;
  }

  #rehash(): void {
    const size = this.#slots.length * 2;
    const slots = new Int32Array(size).fill(-1);
    const hashes = new Int32Array(size);
    const mask = size - 1;
    for (let i = 0; i < this.#slots.length; i++) {
      if (this.#slots[i] < 0) continue;
      let k = this.#hashes[i] & mask;
      while (slots[k] >= 0) k = (k + 1) & mask;
      slots[k] = this.#slots[i];
      hashes[k] = this.#hashes[i];
    }
    this.#slots = slots;
    this.#hashes = hashes;
    this.#mask = mask;
  }
}
