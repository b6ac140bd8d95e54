import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeptTexts } from './kept-texts.ts';

const encoder = new TextEncoder();

test('tells whether bytes are the text of a slot; a text of more than 40 bytes is left to the caller', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), text, fc.nat(9), (kept, other, before) => {
      const texts = new KeptTexts();
      texts.restore(kept);
      kept.forEach((mine, slot) => {
        for (const candidate of [mine, other, `${mine}a`, mine.slice(1)]) {
          const bytes = encoder.encode(candidate);
          const padded = new Uint8Array(before + bytes.length);
          padded.set(bytes, before);
          const same = texts.same(slot, new DataView(padded.buffer), before, bytes.length);
          expect(same).toBe(candidate === mine && encoder.encode(mine).length <= 40);
        }
      });
      expect(texts.same(5000, new DataView(new ArrayBuffer(8)), 0, 0)).toBe(false);
    }),
  );
});
