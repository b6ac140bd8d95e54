import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { OutputBatch } from '../model/outputs.ts';
import type { TripRow } from '../model/stream-outputs.ts';
import { openQueries } from './queries.ts';
import type { PruneArguments, PruneResult } from './retention.ts';
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
import { dump, ofDays } from './testing/dump.ts';
import { driverEvent, late, stop, streamOutputs, trip, tripSummary, violation } from './testing/streams.ts';
import { type HistoryWriter, openHistory } from './writer.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const closed = { condition: 'cleared', acknowledged: true } as const;

function pruneAll(
  writer: HistoryWriter,
  args: Omit<PruneArguments, 'olderThanMs'> & { olderThanMs?: number },
): Omit<PruneResult, 'more'> & { calls: number } {
  const done = { deleted: 0, droppedDays: 0, thinned: 0 };
  for (let calls = 1; ; calls++) {
    const { deleted, droppedDays, thinned, more } = writer.prune({ olderThanMs: DAY_MS, ...args });
    done.deleted += deleted;
    done.droppedDays += droppedDays;
    done.thinned += thinned;
    if (!more) return { ...done, calls };
  }
}

function withWriter(outputs: Partial<OutputBatch>, look: (writer: HistoryWriter, file: string) => void): void {
  const file = temporaryFile();
  const writer = openHistory({ file });
  try {
    writer.commit(batch(0, 10, outputs));
    look(writer, file);
  } finally {
    writer.close();
  }
}

const minute = (minuteMs: number, vehicleId = 'V-1') => ({ vehicleId, minuteMs, maxSpeedKmph: 1, signals: signals() });

describe('prune', () => {
  it('drops old days of tracks and minutes, deletes closed alerts with their transitions, and nothing else', () => {
    const old = T0_MS;
    const young = T0_MS + 2 * DAY_MS;
    const outputs = {
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
    };
    withWriter(outputs, (writer, file) => {
      const nowMs = young + DAY_MS;
      expect(pruneAll(writer, { nowMs })).toEqual({ deleted: 3, droppedDays: 2, thinned: 0, calls: 1 });
      const rows = dump(file);
      expect(ofDays(rows, 'track')).toMatchObject([{ start_ms: young }]);
      expect(ofDays(rows, 'vehicle_minute')).toMatchObject([{ minute_ms: young }]);
      expect(rows.partition).toHaveLength(2);
      expect(rows.alert.map(({ id }) => id)).toEqual(['open', 'unacknowledged', 'latched', 'closed late', 'young']);
      expect(rows.alert_transition).toMatchObject([{ id: 't3' }]);
      expect(rows.alert_hour.reduce((sum, { raised }) => sum + Number(raised), 0)).toBe(6);
      expect(rows.vehicle).toHaveLength(1);
      expect(rows.meta).toContainEqual({ name: 'alerts_raised', value: 6 });
      expect(pruneAll(writer, { nowMs })).toEqual({ deleted: 0, droppedDays: 0, thinned: 0, calls: 1 });
    });
  });

  it('keeps a day until its last row is too old, and writes to a dropped day again', () => {
    withWriter({ minutes: minuteRows([minute(T0_MS)]), tracks: [trackChunk('V-1', T0_MS, 3)] }, (writer, file) => {
      const dayEndMs = Math.floor(T0_MS / DAY_MS) * DAY_MS + DAY_MS;
      expect(pruneAll(writer, { nowMs: dayEndMs + DAY_MS - 1 }).droppedDays).toBe(0);
      expect(pruneAll(writer, { nowMs: dayEndMs + DAY_MS }).droppedDays).toBe(1);
      // A track that began on that day may reach into the next.
      expect(pruneAll(writer, { nowMs: dayEndMs + DAY_MS + 6_553_500 }).droppedDays).toBe(1);
      writer.commit(batch(10, 20, { minutes: minuteRows([minute(T0_MS)]), tracks: [trackChunk('V-1', T0_MS, 3)] }));
      expect(ofDays(dump(file), 'vehicle_minute')).toHaveLength(1);
      expect(ofDays(dump(file), 'track')).toHaveLength(1);
    });
  });

  it('deletes of each table what is older than it is kept, and days of vehicles and drivers never', () => {
    const old = T0_MS;
    const young = T0_MS + 300 * DAY_MS;
    const at = (startMs: number): Pick<TripRow, 'startMs' | 'endMs'> => ({ startMs, endMs: startMs });
    const rows = (time: string): [string, Record<string, number>][] => [
      ['X-1', { [time]: old }],
      ['X-1', { [time]: young }],
    ];
    const stream = streamOutputs({
      vehicleWindows: rows('start_ms'),
      healthWindows: rows('start_ms'),
      behaviour: rows('first_end_ms'),
      utilisation: rows('end_ms'),
      driverPanes: rows('start_ms'),
      vehicleHours: rows('start_ms'),
      vehicleDays: rows('start_ms'),
      trips: [trip('a', at(old)), trip('b', at(young))],
      stops: [stop('a', { startMs: old }), stop('b', { startMs: young })],
      tripSummaries: [tripSummary('T', { firstMs: old }), tripSummary('T', { firstMs: young })],
      breakViolations: [violation('a', at(old)), violation('b', at(young))],
      driverEvents: [driverEvent('a', at(old)), driverEvent('b', at(young))],
      late: [late(1, { receivedMs: old }), late(2, { receivedMs: young })],
    });
    withWriter({ stream, alerts: [alert('a', { raisedMs: old }), alert('b', { raisedMs: young })] }, (writer, file) => {
      const counts = () => {
        const all = dump(file);
        const bases = ['vehicle_window', 'health_window', 'behaviour_run', 'driver_pane', 'late_event'];
        const tables = Object.keys(all).filter((table) => all[table].length < 3 && !/_\d{8}$/.test(table));
        return Object.fromEntries([
          ...bases.map((base) => [base, ofDays(all, base).length]),
          ...tables.map((table) => [table, all[table].length]),
        ]);
      };
      const both = { alert: 2, vehicle_day_store: 2, driver_day_store: 2, vehicle_hour_store: 2, trip: 2 };
      expect(counts()).toMatchObject({ ...both, vehicle_window: 2, late_event: 2, alert_hour: 2 });
      pruneAll(writer, { nowMs: young + DAY_MS });
      expect(counts()).toMatchObject({ ...both, vehicle_window: 1, driver_pane: 1, utilisation_window: 1 });
      pruneAll(writer, { nowMs: old + 401 * DAY_MS });
      const one = ['utilisation_window', 'vehicle_hour_store', 'driver_hour_store', 'alert_hour', 'trip', 'stop'];
      const rest = ['trip_summary', 'break_violation', 'driver_event'];
      for (const table of [...one, ...rest])
        expect([table, counts()[table] ?? 0]).toEqual([table, table === one[0] ? 0 : 1]);
      expect(counts()).toMatchObject({ vehicle_day_store: 2, driver_day_store: 2, alert: 2 });
      pruneAll(writer, { nowMs: old + 401 * DAY_MS, keepMs: { trip: DAY_MS } });
      expect(counts().trip ?? 0).toBe(0);
      expect(counts().stop).toBe(1);
    });
  });

  it('does one slice at a time when it has no time, lets commits in between, and shrinks the file', () => {
    const vehicleIds = Array.from({ length: 1500 }, (_, i) => `V-${i}`);
    const outputs = {
      vehicles: vehicleIds.map((id) => vehicleRow(id)),
      tracks: vehicleIds.map((id) => trackChunk(id, T0_MS, 64)),
      minutes: minuteRows([0, 1, 2].flatMap((i) => vehicleIds.map((id) => minute(T0_MS + i * 60_000, id)))),
      stream: streamOutputs({ trips: vehicleIds.map((id) => trip(id, { vehicleId: id })) }),
    };
    withWriter(outputs, (writer, file) => {
      const pages = (): number => {
        const db = new Database(file, { readonly: true });
        const count = db.pragma('page_count', { simple: true }) as number;
        db.close();
        return count;
      };
      const before = pages();
      const late = { olderThanMs: DAY_MS, nowMs: T0_MS + 500 * DAY_MS, budgetMs: 0 };
      expect(writer.prune(late)).toEqual({ deleted: 0, droppedDays: 1, thinned: 0, more: true });
      expect(writer.commit(batch(10, 20, { vehicles: [vehicleRow('V-new')] }))).toBe('applied');
      const rest = pruneAll(writer, late);
      expect(rest).toMatchObject({ deleted: 1500, droppedDays: 1 });
      expect(rest.calls).toBeGreaterThan(4);
      expect(dump(file).vehicle).toHaveLength(1501);
      expect(pages()).toBeLessThan(before / 2);
    });
  });

  it('drops days while somebody reads them', () => {
    withWriter({ vehicles: [vehicleRow('V-1')], minutes: minuteRows([minute(T0_MS)]) }, (writer, file) => {
      const queries = openQueries({ file });
      const span = { vehicleId: 'V-1', fromMs: T0_MS, toMs: T0_MS + HOUR_MS };
      expect(queries.vehicleMinutes(span).minuteMs).toEqual([T0_MS]);
      pruneAll(writer, { nowMs: T0_MS + 9 * DAY_MS });
      expect(queries.vehicleMinutes(span).minuteMs).toEqual([]);
      writer.commit(batch(10, 20, { minutes: minuteRows([minute(T0_MS), minute(T0_MS + 60_000)]) }));
      expect(queries.vehicleMinutes(span).minuteMs).toHaveLength(2);
      queries.close();
    });
  });
});
