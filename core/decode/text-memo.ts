import type { EventRow } from './event-row.ts';

/** Words a slot has: the text's length + 1, then its bytes; enough for a UUID. */
const STRIDE = 10;
const MAX_BYTES = (STRIDE - 1) * 4;

/**
 * The bytes of one short text per slot, for telling at a few comparisons that a message says the same as the one before; longer
 * texts are never known. Holds nothing that its owner does not have as a string: it is not part of a checkpoint and starts empty.
 */
export class TextMemo {
  #words = new Int32Array(0);

  /** True when the row's text is the one remembered for the slot. */
  knows(row: EventRow, field: number, slot: number): boolean {
    const words = this.#words;
    const length = row.textLength[field];
    const from = slot * STRIDE;
    if (length < 0 || from >= words.length || words[from] !== length + 1) return false;
    const { view } = row;
    const start = row.textStart[field];
    const whole = length & ~3;
    let k = from + 1;
    for (let i = 0; i < whole; i += 4) if (view.getInt32(start + i, true) !== words[k++]) return false;
    return whole === length || lastWord(view, start + whole, length - whole) === words[k];
  }

  /** Takes the row's text as the slot's. */
  remember(row: EventRow, field: number, slot: number): void {
    const length = row.textLength[field];
    const from = slot * STRIDE;
    if (from >= this.#words.length) this.#grow(from + STRIDE);
    this.#words[from] = length >= 0 && length <= MAX_BYTES ? length + 1 : 0;
    if (this.#words[from] === 0) return;
    const start = row.textStart[field];
    for (let i = 0; i < length; i += 4) {
      this.#words[from + 1 + (i >> 2)] =
        i + 4 <= length ? row.view.getInt32(start + i, true) : lastWord(row.view, start + i, length - i);
    }
  }

  #grow(needed: number): void {
    const words = new Int32Array(Math.max(needed, this.#words.length * 2, 1024 * STRIDE));
    words.set(this.#words);
    this.#words = words;
  }
}

/** One to three bytes as a word. */
function lastWord(view: DataView, at: number, count: number): number {
  let word = view.getUint8(at);
  if (count > 1) word |= view.getUint8(at + 1) << 8;
  return count > 2 ? word | (view.getUint8(at + 2) << 16) : word;
}
