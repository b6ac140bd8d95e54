import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Step, type StepKind, shapeSource } from './shape-source.ts';

const encoder = new TextEncoder();
const kinds: StepKind[] = ['number', 'degrees', 'flag', 'text', 'vehicle', 'time', 'eventId', 'noCodes', 'skipped'];
const NUMBERS = /(?<![\w.])(0x[0-9a-f]+|\d+(\.\d+)?(e[+-]?\d+)?)(?![\w.])/g;

const anyLiteral = fc.oneof(
  fc.uint8Array({ maxLength: 96 }),
  fc.string({ maxLength: 40, unit: 'binary' }).map((text) => encoder.encode(text)),
  fc.constant(encoder.encode('"];process.exit(1);//')),
);
const anyStep: fc.Arbitrary<Step> = fc.record({
  literal: anyLiteral,
  kind: fc.constantFrom(...kinds),
  place: fc.nat(60),
  min: fc.double({ noNaN: true }),
  max: fc.double({ noNaN: true }),
});
const anyShape = fc.record({ steps: fc.array(anyStep, { maxLength: 12 }), tail: anyLiteral });

/** The words of a source, numbers left out. */
function words(source: string): string[] {
  return source.replace(NUMBERS, '').match(/[\p{L}_$][\p{L}\d_$]*/gu) ?? [];
}

test('of a message only numbers get into the source, whatever its bytes are', () => {
  const all = kinds.map((kind): Step => ({ literal: new Uint8Array(0), kind, place: 1, min: 0, max: 2 }));
  const known = new Set([
    ...words(shapeSource({ steps: all, tail: encoder.encode('"}') })),
    'getFloat64',
    'getInt32',
    'Infinity',
  ]);
  fc.assert(
    fc.property(anyShape, (shape) => {
      const source = shapeSource(shape);
      expect(words(source).filter((word) => !known.has(word))).toEqual([]);
      expect(source).toMatch(/^'use strict';[^'"`\\]*$/);
      expect(() => new Function(source)).not.toThrow();
    }),
  );
});

test('a literal is compared to its last byte', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (literal, where, change) => {
        const read = new Function(shapeSource({ steps: [], tail: literal }))() as (
          bytes: Uint8Array,
          view: DataView,
          at: number,
          end: number,
          row: object,
        ) => number;
        const at = (bytes: Uint8Array): number => read(bytes, new DataView(bytes.buffer), 2, 0, {});
        const bytes = new Uint8Array(literal.length + 10);
        bytes.set(literal, 2);
        expect(at(bytes)).toBe(literal.length + 2);
        bytes[2 + (where % literal.length)] ^= change;
        expect(at(bytes)).toBe(-1);
      },
    ),
    { numRuns: 1000 },
  );
});
