/** The scanner met something it does not handle: decode this object with JSON.parse instead. */
export const SLOW_PATH = -1;

export const QUOTE = 34;
export const COMMA = 44;
export const COLON = 58;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end) {
    const c = bytes[p];
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) break;
    p++;
  }
  return p;
}

const TRUE = 0x65757274;
const FALS = 0x736c6166;
const NULL = 0x6c6c756e;

/** End of `true`, `false` or `null` at `at`, or SLOW_PATH. */
export function literalEnd(view: DataView, at: number, end: number): number {
  if (at + 4 > end) return SLOW_PATH;
  const word = view.getInt32(at, true);
  if (word === TRUE || word === NULL) return at + 4;
  return word === FALS && at + 5 <= end && view.getUint8(at + 4) === 101 ? at + 5 : SLOW_PATH;
}

/** End of `null` at `at`, or SLOW_PATH. */
export function nullEnd(view: DataView, at: number, end: number): number {
  return at + 4 <= end && view.getInt32(at, true) === NULL ? at + 4 : SLOW_PATH;
}

/** Per byte: 1 where a plain run of string bytes ends, at a quote, a backslash or a control character. */
const ENDS_RUN = Uint8Array.from({ length: 256 }, (_, c) => (c < 32 || c === QUOTE || c === BACKSLASH ? 1 : 0));

/**
 * Position of the quote that ends the string whose first byte is at `at`, or SLOW_PATH when it has escapes or does not end.
 * Looks at four bytes at a time for one that is a quote, a backslash or below 32 ("determine if a word has a byte equal to n,
 * less than n": S. E. Anderson, "Bit Twiddling Hacks", public domain). With bit 1 turned over, the quote is 32 and the control
 * bytes stay below: one test finds both.
 */
export function stringEnd(view: DataView, at: number, end: number): number {
  let p = at;
  for (const last = end - 4; p <= last; p += 4) {
    const word = view.getInt32(p, true);
    const quote = word ^ 0x02020202;
    const backslash = word ^ 0x5c5c5c5c;
    const found = (((quote - 0x21212121) & ~quote) | ((backslash - 0x01010101) & ~backslash)) & 0x80808080;
    if (found === 0) continue;
    p += (31 - Math.clz32(found & -found)) >> 3;
    return view.getUint8(p) === QUOTE ? p : SLOW_PATH;
  }
  while (p < end && ENDS_RUN[view.getUint8(p)] === 0) p++;
  return p < end && view.getUint8(p) === QUOTE ? p : SLOW_PATH;
}

/** End of any JSON value at `at`, or SLOW_PATH when it does not end before `end`. What is inside is not checked. */
export function skipValue(bytes: Uint8Array, at: number, end: number): number {
  let depth = 0;
  let p = at;
  while (p < end) {
    const c = bytes[p];
    if (c === QUOTE) {
      p++;
      while (p < end && bytes[p] !== QUOTE) p += bytes[p] === BACKSLASH ? 2 : 1;
      if (p >= end) return SLOW_PATH;
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) depth++;
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      if (depth === 0) return p > at ? p : SLOW_PATH;
      depth--;
    } else if (c === COMMA && depth === 0) return p > at ? p : SLOW_PATH;
    p++;
    if (depth === 0 && (c === QUOTE || c === CLOSE_BRACE || c === CLOSE_BRACKET)) return p;
  }
  return SLOW_PATH;
}

export const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, i) => 10 ** i);

/** The digits in [at, end), at most fifteen, as one integer; a point between them is left out. */
export function longInteger(bytes: Uint8Array, at: number, end: number): number {
  let integer = 0;
  for (let p = at; p < end; p++) if (bytes[p] !== 46) integer = integer * 10 + (bytes[p] - 48);
  return integer;
}
