/** What `lookup` answers when the table holds as many ids as it may. */
export const TABLE_FULL = -1;

/** One round of a multiplicative hash over four bytes (constant: 2^32 / golden ratio, D. Knuth, TAOCP 6.4). */
function mix(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x9e3779b1);
  return h ^ (h >>> 15);
}

/** Takes four bytes at a time; the last four may overlap those before. */
function hashBytes(view: DataView, at: number, length: number): number {
  let hash = length;
  const last = at + length - 4;
  let p = at;
  if (length >= 4) {
    for (; p < last; p += 4) hash = mix(hash, view.getInt32(p, true));
    hash = mix(hash, view.getInt32(last, true));
  } else for (; p < at + length; p++) hash = mix(hash, view.getUint8(p));
  return mix(hash, 0);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
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
  #arenaView = viewOf(this.#arena);
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

  /** The slot of the id in [at, at + length) of the view, given one if it is new; TABLE_FULL when no more may be added. */
  lookup(view: DataView, at: number, length: number): number {
    const hash = hashBytes(view, at, length);
    const k = this.#probe(view, at, length, hash);
    const slot = this.#slots[k];
    return slot < 0 ? this.#add(view, at, length, hash, k) : slot;
  }

  /** The slot of a name, or undefined; unlike `lookup` it adds nothing. */
  find(name: string): number | undefined {
    const view = viewOf(new TextEncoder().encode(name));
    const slot = this.#slots[this.#probe(view, 0, view.byteLength, hashBytes(view, 0, view.byteLength))];
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
    const view = viewOf(bytes);
    for (let p = 0; p < bytes.length; p += bytes[p] + 1) table.lookup(view, p + 1, bytes[p]);
    return table;
  }

  /** The bucket that holds the id, or the free one where it would go. */
  #probe(view: DataView, at: number, length: number, hash: number): number {
    const hashes = this.#hashes;
    const slots = this.#slots;
    for (let k = hash & this.#mask; ; k = (k + 1) & this.#mask) {
      const slot = slots[k];
      if (slot < 0) return k;
      if (hashes[k] === hash && this.#lengths[slot] === length && this.#equals(slot, view, at, length)) return k;
    }
  }

  #equals(slot: number, view: DataView, at: number, length: number): boolean {
    const arena = this.#arenaView;
    const from = this.#offsets[slot];
    let i = length - 4;
    for (; i >= 0; i -= 4) if (arena.getInt32(from + i, true) !== view.getInt32(at + i, true)) return false;
    for (i += 3; i >= 0; i--) if (arena.getUint8(from + i) !== view.getUint8(at + i)) return false;
    return true;
  }

  #add(view: DataView, at: number, length: number, hash: number, k: number): number {
    if (this.#count >= this.#maxSlots) return TABLE_FULL;
    const slot = this.#count++;
    if (slot >= this.#offsets.length) this.#growSlots();
    while (this.#arenaTop + length > this.#arena.length) this.#growArena();
    this.#offsets[slot] = this.#arenaTop;
    this.#lengths[slot] = length;
    this.#arena.set(new Uint8Array(view.buffer, view.byteOffset + at, length), this.#arenaTop);
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
    this.#arenaView = viewOf(arena);
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
