import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literalEnd, nullEnd, SLOW_PATH, skipSpace, skipValue, stringEnd } from './json-bytes.ts';

const encoder = new TextEncoder();

/** The text in the middle of a larger buffer, as a message in a run of them. */
function placed(text: string): { bytes: Uint8Array; view: DataView; at: number; end: number } {
  const bytes = encoder.encode(`xyz${text}"}, "next"`);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset), at: 3, end: bytes.length - 10 };
}

test('a string ends at its first quote, whatever stands around it; escapes and control characters are for the slow path', () => {
  const piece = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('a', 'Z', '0', '-', '!', '#', '[', ']', ' ', 'é', '車', '\u007f') },
    fc.constantFrom('"', '\\', '\n', '\u0000', '\u001f'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const { bytes, view, at, end } = placed(pieces.join(''));
      const first = bytes.subarray(at, end).findIndex((c) => c === 34 || c === 92 || c < 32);
      const expected = first >= 0 && bytes[at + first] === 34 ? at + first : SLOW_PATH;
      expect(stringEnd(view, at, end)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test('words end where they end, and not beyond the message', () => {
  for (const word of ['true', 'false', 'null']) {
    const { view, at, end } = placed(word);
    expect(literalEnd(view, at, end)).toBe(end);
    expect(literalEnd(view, at, end - 1)).toBe(SLOW_PATH);
    expect(nullEnd(view, at, end)).toBe(word === 'null' ? end : SLOW_PATH);
  }
  for (const word of ['fals', 'falsy', 'True', 'nul']) {
    const { view, at, end } = placed(word);
    expect(literalEnd(view, at, end)).toBe(SLOW_PATH);
  }
});

test('any JSON value is skipped to its end', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(',', '}', ']', ''), (value, after) => {
      const { bytes, at } = placed(value + after);
      const end = at + encoder.encode(value + after).length;
      const scalar = /^[^"[{]/.test(value);
      const expected = scalar && after === '' ? SLOW_PATH : at + encoder.encode(value).length;
      expect(skipValue(bytes, at, end)).toBe(expected);
    }),
  );
  const { bytes, at, end } = placed(' \t\r\n ');
  expect(skipSpace(bytes, at, end)).toBe(end);
});
