import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_BASES, dayOf, MAX_DAYS } from './day-tables.ts';
import { openMemoryHistory } from './memory.ts';
import { batch, minuteRows, signals, T0_MS, temporaryFile, trackChunk } from './testing/batches.ts';
import { dump, dumpView, ofDays } from './testing/dump.ts';
import { openHistory } from './writer.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const minute = (minuteMs: number, maxSpeedKmph = 1, vehicleId = 'V-1') => ({
  vehicleId,
  minuteMs,
  maxSpeedKmph,
  signals: signals({ fuel_pct: maxSpeedKmph / 4 }),
});

describe('tables by day', () => {
  it('have a view each from the start', () => {
    const file = temporaryFile();
    openHistory({ file }).close();
    for (const [base, time] of [
      ['vehicle_minute', 'minute_ms'],
      ['track', 'start_ms'],
      ['vehicle_window', 'start_ms'],
    ]) {
      expect(dumpView(file, base, time)).toEqual([]);
    }
    expect(DAY_BASES).toHaveLength(7);
  });

  it('are made by the day of the row, and their views show all', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const midnight = dayOf(T0_MS) + DAY_MS;
    const minutes = [minute(midnight - MINUTE_MS), minute(midnight), minute(midnight + DAY_MS)];
    writer.commit(batch(0, 10, { minutes: minuteRows(minutes), tracks: [trackChunk('V-1', midnight - 1, 3)] }));
    const rows = dump(file);
    expect(rows.partition.map(({ name }) => name)).toEqual([
      'track_20250615',
      'vehicle_minute_20250615',
      'vehicle_minute_20250616',
      'vehicle_minute_20250617',
    ]);
    expect(dumpView(file, 'vehicle_minute', 'minute_ms').map((row) => row.minute_ms)).toEqual(
      minutes.map((row) => row.minuteMs),
    );
    writer.close();
  });

  it('are not made for rows that are beyond keeping, in whatever batches those come', () => {
    const keptMs = T0_MS - MAX_DAYS * DAY_MS;
    const times = [T0_MS, keptMs, keptMs - DAY_MS, Number.NaN, -5, T0_MS + DAY_MS, keptMs, keptMs + 5 * DAY_MS];
    const kept = (cuts: readonly number[]): unknown => {
      const file = temporaryFile();
      const writer = openHistory({ file });
      let from = 0;
      for (const to of [...cuts, times.length]) {
        writer.commit(batch(from, to, { minutes: minuteRows(times.slice(from, to).map((ms) => minute(ms))) }));
        from = to;
      }
      writer.close();
      const rows = dump(file);
      return [rows.partition, ofDays(rows, 'vehicle_minute')];
    };
    const whole = kept([]) as [unknown[], { minute_ms: number }[]];
    expect(whole[1].map((row) => row.minute_ms)).toEqual([keptMs, keptMs + 5 * DAY_MS, T0_MS, T0_MS + DAY_MS]);
    expect(kept([1, 2, 3, 5])).toEqual(whole);
  });

  it('may be more than a view can hold: it shows the newest', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    // Oldest first: nothing is beyond keeping when it comes.
    const minutes = Array.from({ length: 510 }, (_, i) => minute(T0_MS + i * DAY_MS));
    writer.commit(batch(0, 10, { minutes: minuteRows(minutes) }));
    const shown = dumpView(file, 'vehicle_minute', 'minute_ms').map((row) => row.minute_ms);
    expect(shown).toEqual(minutes.slice(-MAX_DAYS).map((row) => row.minuteMs));
    expect(dump(file).partition).toHaveLength(510);
    writer.close();
  });
});

describe('questions over several days', () => {
  const time = fc.integer({ min: 0, max: 5 * 1440 }).map((minutes) => T0_MS + minutes * MINUTE_MS);
  const span = fc.tuple(time, fc.integer({ min: 1, max: 2000 })).map(([fromMs, minutes]) => ({
    fromMs: fromMs + (minutes % 3) * 1000,
    toMs: fromMs + minutes * MINUTE_MS,
  }));

  it('find every minute and every point of the span, oldest first', () => {
    fc.assert(
      fc.property(fc.uniqueArray(time, { maxLength: 60 }), span, (times, { fromMs, toMs }) => {
        const history = openMemoryHistory();
        const minutes = times.flatMap((ms, i) => [minute(ms, i), minute(ms, 99, 'V-2')]);
        const tracks = times.map((ms) => trackChunk('V-1', ms, 3, 7000));
        history.writer.commit(batch(0, 10, { minutes: minuteRows(minutes), tracks }));
        const found = history.queries.vehicleMinutes({ vehicleId: 'V-1', fromMs, toMs });
        const expected = times
          .map((ms, i) => ({ ms, i }))
          .filter(({ ms }) => ms >= Math.floor(fromMs / MINUTE_MS) * MINUTE_MS && ms < toMs)
          .sort((a, b) => a.ms - b.ms);
        expect(found.minuteMs).toEqual(expected.map(({ ms }) => ms));
        expect(found.maxSpeedKmph).toEqual(expected.map(({ i }) => i));
        expect(found.values.fuel_pct).toEqual(expected.map(({ i }) => i / 4));
        const points = times.flatMap((ms) => [ms, ms + 7000, ms + 14_000]).filter((ms) => ms >= fromMs && ms < toMs);
        const track = history.queries.vehicleTrack({ vehicleId: 'V-1', fromMs, toMs });
        expect(track.timeMs).toEqual(points.toSorted((a, b) => a - b));
        history.close();
      }),
      { numRuns: 40 },
    );
  });
});
