import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMemoryHistory } from './memory.ts';
import { alert, batch, T0_MS, trackChunk, vehicleRow } from './testing/batches.ts';

const span = { vehicleId: 'V-1', fromMs: T0_MS - 1000, toMs: T0_MS + 3_600_000 };
const fill = (from: number, to: number) =>
  batch(from, to, {
    vehicles: [vehicleRow('V-1')],
    tracks: Array.from({ length: to - from }, (_, i) => trackChunk('V-1', T0_MS + (from + i) * 10_000, 2)),
    alerts: [alert(`a${to}`)],
  });

describe('a history in memory', () => {
  it('answers questions about what has just been committed', () => {
    const history = openMemoryHistory();
    expect(history.writer.commit(fill(0, 3))).toBe('applied');
    expect(history.queries.alertHistory({ limit: 10 }).alerts).toHaveLength(1);
    expect(history.queries.vehicleTrack(span).timeMs).toHaveLength(6);
    history.close();
  });

  it('goes on from its bytes as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (first, more) => {
        const straight = openMemoryHistory();
        straight.writer.commit(fill(0, first));
        const resumed = openMemoryHistory(straight.serialize());
        for (const history of [straight, resumed]) history.writer.commit(fill(first, first + more));
        expect(resumed.queries.totals()).toEqual(straight.queries.totals());
        expect(resumed.queries.alertHistory({ limit: 9 })).toEqual(straight.queries.alertHistory({ limit: 9 }));
        expect(resumed.queries.vehicleTrack(span)).toEqual(straight.queries.vehicleTrack(span));
        straight.close();
        resumed.close();
      }),
      { numRuns: 10 },
    );
  });

  it('refuses bytes that are no history', () => {
    expect(() => openMemoryHistory(Buffer.alloc(4096, 'junk'))).toThrow();
  });
});
