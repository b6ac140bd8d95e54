import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame, emptyColumns, encodeFrame } from './frame.ts';

test('a frame comes back as it was sent, whatever its size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), (count, sequence) => {
      const columns = emptyColumns(300);
      columns.count = count;
      for (let i = 0; i < count; i++) {
        columns.slot[i] = i * 3;
        columns.lon[i] = 77.5 + i / 7;
        columns.lat[i] = 12.9 - i / 11;
        columns.speedKmph[i] = i % 5 === 0 ? Number.NaN : i;
        columns.headingDeg[i] = i % 360;
        columns.eventMs[i] = 1_800_000_000_123 + i;
        columns.movement[i] = i % 5;
        columns.priority[i] = i % 4;
        columns.unacknowledged[i] = i % 2;
      }
      const frame = decodeFrame(encodeFrame({ sequence, merged: 7, sentMs: 1_800_000_000_500 }, columns));
      expect(frame).toMatchObject({ sequence, merged: 7, sentMs: 1_800_000_000_500, count });
      for (const name of [
        'slot',
        'lon',
        'lat',
        'speedKmph',
        'headingDeg',
        'eventMs',
        'movement',
        'priority',
      ] as const) {
        expect(Array.from(frame[name]?.subarray(0, count) ?? [])).toEqual(Array.from(columns[name].subarray(0, count)));
      }
    }),
    { numRuns: 50 },
  );
});

test('bytes that are no frame are refused', () => {
  expect(() => decodeFrame(new Uint8Array([1, 2, 3]))).toThrow();
});
