/** Longer texts are compared as strings. A UUID has 36. */
const MAX_BYTES = 40;
const WORDS = MAX_BYTES / 4;
const UNKNOWN = 255;

/**
 * One short text per slot, kept as bytes beside the string, so that "the same as before" is told four bytes at a time: every
 * message names its driver and its trip, and hardly ever another one than the message before it.
 */
export class KeptTexts {
  readonly #encoder = new TextEncoder();
  #words = new Int32Array(0);
  /** Bytes of each text; 255 = none yet, or too long to be kept as words. */
  #lengths = new Uint8Array(0);

  /** Keeps `text` for the slot. */
  keep(slot: number, text: string): void {
    if (slot >= this.#lengths.length) this.#reserve(slot + 1);
    const bytes = this.#encoder.encode(text);
    if (bytes.length > MAX_BYTES) {
      this.#lengths[slot] = UNKNOWN;
      return;
    }
    this.#lengths[slot] = bytes.length;
    const padded = new Uint8Array(MAX_BYTES);
    padded.set(bytes);
    const view = new DataView(padded.buffer);
    for (let word = 0; word < WORDS; word++) this.#words[slot * WORDS + word] = view.getInt32(word * 4, true);
  }

  /**
   * True when the `length` bytes at `start` are the slot's text. False also for one that is not kept as words: the caller then
   * compares strings.
   */
  same(slot: number, view: DataView, start: number, length: number): boolean {
    if (slot >= this.#lengths.length || this.#lengths[slot] !== length) return false;
    const words = this.#words;
    const whole = length & ~3;
    let word = slot * WORDS;
    for (let i = 0; i < whole; i += 4) if (view.getInt32(start + i, true) !== words[word++]) return false;
    for (let i = whole; i < length; i++) {
      if (view.getUint8(start + i) !== ((words[word] >>> ((i & 3) * 8)) & 255)) return false;
    }
    return true;
  }

  /** Keeps the texts of all slots anew. */
  restore(texts: readonly string[]): void {
    for (const [slot, text] of texts.entries()) this.keep(slot, text);
  }

  #reserve(count: number): void {
    const size = Math.max(1024, count, this.#lengths.length * 2);
    const words = new Int32Array(size * WORDS);
    words.set(this.#words);
    const lengths = new Uint8Array(size).fill(UNKNOWN);
    lengths.set(this.#lengths);
    this.#words = words;
    this.#lengths = lengths;
  }
}
