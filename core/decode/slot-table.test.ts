import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlotTable, TABLE_FULL } from './slot-table.ts';

const encoder = new TextEncoder();
const lookup = (table: SlotTable, id: string): number => {
  const bytes = encoder.encode(`xx${id}yy`);
  return table.lookup(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 2, bytes.length - 4);
};

test('numbers ids in order of appearance, like a Map, and survives a checkpoint', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }), { maxLength: 200 }), (ids) => {
      const table = new SlotTable(1000);
      const model = new Map<string, number>();
      for (const id of ids) {
        if (!model.has(id)) model.set(id, model.size);
        expect(lookup(table, id)).toBe(model.get(id));
      }
      const restored = SlotTable.restore(table.serialize(), 1000);
      for (const [id, slot] of model) {
        expect(table.name(slot)).toBe(id);
        expect(restored.name(slot)).toBe(id);
        expect(lookup(restored, id)).toBe(slot);
      }
    }),
    { numRuns: 50 },
  );
});

test('grows past its first arrays and stops at its limit', () => {
  const table = new SlotTable(20_000);
  for (let i = 0; i < 20_000; i++) expect(lookup(table, `vehicle-${i}`)).toBe(i);
  expect(lookup(table, 'one-more')).toBe(TABLE_FULL);
  for (let i = 0; i < 20_000; i += 997) expect(lookup(table, `vehicle-${i}`)).toBe(i);
});

test('ids that differ in one byte, or are the beginning of another, are told apart', () => {
  const table = new SlotTable(10_000);
  let count = 0;
  for (let length = 1; length <= 40; length++) {
    for (let i = 0; i < length; i++) {
      const id = `${'a'.repeat(i)}b${'a'.repeat(length - i - 1)}`;
      expect(lookup(table, id)).toBe(count++);
    }
    expect(lookup(table, 'a'.repeat(length))).toBe(count++);
  }
  expect(table.count).toBe(count);
  expect(table.find('aab')).toBe(lookup(table, 'aab'));
  expect(table.find('aac')).toBeUndefined();
});
