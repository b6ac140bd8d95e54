import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyPredictor } from './key-predictor.ts';

const viewOf = (text: string): DataView => {
  const bytes = new TextEncoder().encode(text);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

test('recognises what it learned, to the last byte, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 4, maxLength: 64, unit: 'binary-ascii' }),
      fc.nat(),
      fc.integer({ min: 1, max: 127 }),
      (text, where, change) => {
        const predictor = new KeyPredictor(5);
        predictor.learn(viewOf(text), 0, text.length, 2, 4);
        const known = predictor.predict(viewOf(`..${text}1`), 2, text.length + 3, 2);
        // Eight NUL bytes are the one text that cannot be told apart by comparing numbers: it is not learned.
        if (!text.includes('\u0000')) expect(known).toBe(text.length * 256 + 4);
        expect(predictor.predict(viewOf(text), 0, text.length, 2)).toBe(0);
        expect(predictor.predict(viewOf(`${text}1`), 0, text.length + 1, 3)).toBe(0);
        const i = where % text.length;
        const other = text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ change) + text.slice(i + 1);
        expect(predictor.predict(viewOf(`${other}1`), 0, text.length + 1, 2)).toBe(0);
      },
    ),
    { numRuns: 2000 },
  );
});

test('keeps two texts for one place; of others it learns one now and then, and forgets the older', () => {
  const predictor = new KeyPredictor(9);
  const at = (text: string): number => predictor.predict(viewOf(`${text}1`), 0, text.length + 1, 0) & 255;
  const learn = (text: string, field: number): void => predictor.learn(viewOf(text), 0, text.length, 0, field);
  learn(',"lat":', 1);
  learn(', "lat": ', 2);
  learn(',"longitude":', 3);
  expect([at(',"lat":'), at(', "lat": '), at(',"longitude":')]).toEqual([1, 2, 0]);
  for (let i = 0; i < 14; i++) learn(',"longitude":', 3);
  expect([at(',"lat":'), at(', "lat": '), at(',"longitude":')]).toEqual([0, 2, 3]);
});

test('texts too long or too short for it, and such as are no numbers, are not learned', () => {
  const predictor = new KeyPredictor(1);
  for (const text of ['"":', `,"${'k'.repeat(64)}":`]) {
    predictor.learn(viewOf(text), 0, text.length, 0, 0);
    expect(predictor.predict(viewOf(`${text}1`), 0, text.length + 1, 0)).toBe(0);
  }
  const nan = new DataView(new Uint8Array(9).fill(255).buffer);
  predictor.learn(nan, 0, 8, 0, 0);
  expect(predictor.predict(nan, 0, 9, 0)).toBe(0);
});
