/** Predictions kept for what follows one field: senders leave a field out now and then, or write with and without spaces. */
const CHOICES = 2;
/** Of so many texts not recognised the first few are learned. */
const LEARN_EVERY = 16;
/** Longest piece of text predicted, in 8-byte words; longer keys are looked up each time. */
const MAX_WORDS = 8;

/**
 * Remembers the bytes that stood between the values of the last objects, `,"speed_kmph":` with whatever white space the sender
 * writes, and which field they announced. Recognising them again takes a comparison per eight bytes instead of a walk over
 * white space, key and colon. Only bytes that were read as such once are remembered, so what is recognised is right.
 */
export class KeyPredictor {
  /** By row, (what came before) * CHOICES + choice: length of the text * 256 + field; 0 = none. */
  readonly #announced: Int32Array;
  readonly #words: Float64Array;
  /** First and last four bytes, for texts shorter than a word. */
  readonly #heads: Int32Array;
  readonly #tails: Int32Array;
  readonly #replaceNext: Uint8Array;
  /** By what came before: how often nothing was recognised. */
  readonly #misses: Uint8Array;

  /** `fields`: how many there can be, at most 255; what follows the start of an object is asked for under that number. */
  constructor(fields: number) {
    const rows = (fields + 1) * CHOICES;
    this.#announced = new Int32Array(rows);
    this.#words = new Float64Array(rows * MAX_WORDS);
    this.#heads = new Int32Array(rows);
    this.#tails = new Int32Array(rows);
    this.#replaceNext = new Uint8Array(fields + 1);
    this.#misses = new Uint8Array(fields + 1);
  }

  /**
   * What is announced at `at`, where the value of the field `before` ended: length of the text * 256 + field, or 0 when it is
   * not known. At least one byte follows the text.
   */
  predict(view: DataView, at: number, end: number, before: number): number {
    const row = before * CHOICES;
    const first = this.#announced[row];
    if (first > 0 && this.#is(row, first >> 8, view, at, end)) return first;
    const second = this.#announced[row + 1];
    return second > 0 && this.#is(row + 1, second >> 8, view, at, end) ? second : 0;
  }

  /**
   * The text [at, at + length) after `before` was not recognised; it announced `field`. Not every one is remembered: where keys
   * come in any order there is nothing to learn.
   */
  learn(view: DataView, at: number, length: number, before: number, field: number): void {
    if (length < 4 || length > MAX_WORDS * 8 || this.#misses[before]++ % LEARN_EVERY >= CHOICES) return;
    const choice = this.#replaceNext[before];
    this.#replaceNext[before] = (choice + 1) % CHOICES;
    const row = before * CHOICES + choice;
    this.#announced[row] = 0;
    for (let i = 0; length >= 8 && i * 8 < length; i++) {
      const word = view.getFloat64(Math.min(at + i * 8, at + length - 8), true);
      if (!isComparable(word)) return;
      this.#words[row * MAX_WORDS + i] = word;
    }
    this.#heads[row] = view.getInt32(at, true);
    this.#tails[row] = view.getInt32(at + length - 4, true);
    this.#announced[row] = length * 256 + field;
  }

  #is(row: number, length: number, view: DataView, at: number, end: number): boolean {
    if (at + length >= end) return false;
    if (length < 8) {
      return view.getInt32(at, true) === this.#heads[row] && view.getInt32(at + length - 4, true) === this.#tails[row];
    }
    const last = at + length - 8;
    let word = row * MAX_WORDS;
    for (let p = at; p < last; p += 8) if (view.getFloat64(p, true) !== this.#words[word++]) return false;
    return view.getFloat64(last, true) === this.#words[word];
  }
}

/** Two equal doubles have equal bytes, but for zeros and NaNs. */
function isComparable(word: number): boolean {
  return word !== 0 && !Number.isNaN(word);
}
