import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventRow, TEXT } from './event-row.ts';
import { TextMemo } from './text-memo.ts';

const encoder = new TextEncoder();

/** A row whose driver id is the text; undefined = it has none. */
function rowWith(text: string | undefined): EventRow {
  const row = new EventRow();
  const bytes = encoder.encode(text ?? '');
  row.reset(0, Uint8Array.from([120, ...bytes]));
  if (text !== undefined) row.setText(TEXT.driverId, 1, bytes.length);
  return row;
}

test('knows of each slot the text it remembered last, if that was short, and no other', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'b', '\u0000', 'é') }),
    fc.string({ minLength: 24, maxLength: 32, unit: fc.constantFrom('a') }),
    fc.constant(undefined),
  );
  const step = fc.record({ slot: fc.constantFrom(0, 1, 3000), text, remember: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const memo = new TextMemo();
      const model = new Map<number, string>();
      for (const { slot, text, remember } of steps) {
        const row = rowWith(text);
        const isShort = text !== undefined && encoder.encode(text).length <= 36;
        expect(memo.knows(row, TEXT.driverId, slot)).toBe(isShort && model.get(slot) === text);
        if (!remember) continue;
        memo.remember(row, TEXT.driverId, slot);
        if (text === undefined) model.delete(slot);
        else model.set(slot, text);
      }
    }),
    { numRuns: 500 },
  );
});
