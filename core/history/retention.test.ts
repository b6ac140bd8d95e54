import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  alert,
  batch,
  minuteRows,
  signals,
  T0_MS,
  temporaryFile,
  trackChunk,
  transition,
  vehicleRow,
} from './testing/batches.ts';
import { dump } from './testing/dump.ts';
import { type HistoryWriter, openHistory } from './writer.ts';

const HOUR_MS = 3_600_000;
const closed = { condition: 'cleared', acknowledged: true } as const;

function pruneAll(writer: HistoryWriter, nowMs: number, budgetMs?: number): { deleted: number; calls: number } {
  let deleted = 0;
  for (let calls = 1; ; calls++) {
    const result = writer.prune({ olderThanMs: HOUR_MS, nowMs, budgetMs });
    deleted += result.deleted;
    if (!result.more) return { deleted, calls };
  }
}

describe('prune', () => {
  it('deletes old tracks, minutes and closed alerts with their transitions, and nothing else', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const old = T0_MS;
    const young = T0_MS + 2 * HOUR_MS;
    const minute = (minuteMs: number) => ({ vehicleId: 'V-1', minuteMs, maxSpeedKmph: 1, signals: signals() });
    writer.commit(
      batch(0, 10, {
        vehicles: [vehicleRow('V-1')],
        tracks: [trackChunk('V-1', young, 3), trackChunk('V-1', old, 3)],
        minutes: minuteRows([minute(old), minute(young)]),
        alerts: [
          alert('old', { ...closed, raisedMs: old }),
          alert('open', { raisedMs: old }),
          alert('unacknowledged', { raisedMs: old, condition: 'cleared' }),
          alert('latched', { ...closed, raisedMs: old, latched: true }),
          alert('closed late', { ...closed, raisedMs: old, acknowledgedMs: young }),
          alert('young', { ...closed, raisedMs: young }),
        ],
        transitions: [transition('t1', 'old'), transition('t2', 'old'), transition('t3', 'open')],
      }),
    );
    expect(pruneAll(writer, young + HOUR_MS)).toEqual({ deleted: 5, calls: 1 });
    const rows = dump(file);
    expect(rows.track).toMatchObject([{ start_ms: young }]);
    expect(rows.vehicle_minute).toMatchObject([{ minute_ms: young }]);
    expect(rows.alert.map((row) => (row as { id: string }).id)).toEqual([
      'open',
      'unacknowledged',
      'latched',
      'closed late',
      'young',
    ]);
    expect(rows.alert_transition).toMatchObject([{ id: 't3' }]);
    expect(rows.vehicle).toHaveLength(1);
    expect(rows.meta).toContainEqual({ name: 'alerts_raised', value: 6 });
    expect(pruneAll(writer, young + HOUR_MS)).toEqual({ deleted: 0, calls: 1 });
    writer.close();
  });

  it('does one slice at a time when it has no time, lets commits in between, and shrinks the file', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const vehicleIds = Array.from({ length: 1500 }, (_, i) => `V-${i}`);
    const minutes = [0, 1, 2].flatMap((i) =>
      vehicleIds.map((vehicleId) => ({ vehicleId, minuteMs: T0_MS + i * 60_000, maxSpeedKmph: 1, signals: signals() })),
    );
    writer.commit(
      batch(0, 10, {
        vehicles: vehicleIds.map((id) => vehicleRow(id)),
        tracks: vehicleIds.map((id) => trackChunk(id, T0_MS, 64)),
        minutes: minuteRows(minutes),
      }),
    );
    const pages = (): number => {
      const db = new Database(file, { readonly: true });
      const count = db.pragma('page_count', { simple: true }) as number;
      db.close();
      return count;
    };
    const before = pages();
    const first = writer.prune({ olderThanMs: HOUR_MS, nowMs: T0_MS + 2 * HOUR_MS, budgetMs: 0 });
    expect(first).toEqual({ deleted: 2000, more: true });
    expect(writer.commit(batch(10, 20, { vehicles: [vehicleRow('V-new')] }))).toBe('applied');
    const rest = pruneAll(writer, T0_MS + 2 * HOUR_MS, 0);
    expect(rest.deleted).toBe(minutes.length - 2000 + 1500);
    expect(rest.calls).toBeGreaterThan(5);
    expect(dump(file).vehicle).toHaveLength(1501);
    expect(pages()).toBeLessThan(before / 2);
    writer.close();
  });
});
