import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { ZERO_COUNTERS } from '../model/counters.ts';
import { MOVEMENT } from '../model/movement.ts';
import { HistoryError } from './errors.ts';
import { openQueries } from './queries.ts';
import type { SlowOperation } from './slow.ts';
import {
  alert,
  batch,
  minuteRows,
  sample,
  signals,
  T0_MS,
  temporaryFile,
  trackChunk,
  transition,
  vehicleRow,
} from './testing/batches.ts';
import { dump, dumpView, ofDays } from './testing/dump.ts';
import { openHistory } from './writer.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('commit', () => {
  it('writes what is unknown as NULL and keeps the first sighting', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    writer.commit(batch(0, 1, { vehicles: [vehicleRow('V-1', { lastEventMs: 0 })] }));
    expect(dump(file).vehicle).toMatchObject([
      {
        vehicle_id: 'V-1',
        last_event_ms: null,
        lat: null,
        driver_id: null,
        fault_codes: null,
        rpm: null,
        ignition: null,
      },
    ]);
    const later = vehicleRow('V-1', {
      firstSeenMs: T0_MS + 9,
      lat: 52.5,
      lon: 13.4,
      movement: MOVEMENT.idling,
      driverId: 'D-7',
      tripId: 'T-9',
      faultCodes: 'P0128',
      signals: signals({ rpm: 800, ignition: 1 }),
    });
    writer.commit(batch(1, 2, { vehicles: [later] }));
    expect(dump(file).vehicle).toMatchObject([
      {
        first_seen_ms: T0_MS,
        lat: 52.5,
        lon: 13.4,
        movement: 'idling',
        driver_id: 'D-7',
        trip_id: 'T-9',
        fault_codes: 'P0128',
        rpm: 800,
        ignition: 1,
        fuel_pct: null,
      },
    ]);
    writer.close();
  });

  it('takes vehicles of a batch that ends where history stands: an engine that comes back has those written last not yet', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    writer.commit(batch(0, 10));
    writer.commit(batch(10, 40));
    expect(writer.commit(batch(10, 40, { vehicles: [vehicleRow('V-1', { lat: 3 })] }))).toBe('applied');
    expect(dump(file).vehicle).toMatchObject([{ lat: 3 }]);
    writer.close();
  });

  it('does not let a vehicle go back when an older batch comes again', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const older = batch(0, 10, {
      vehicles: [vehicleRow('V-1', { lat: 1 })],
      counters: { ...ZERO_COUNTERS, events: 1 },
    });
    const newer = batch(10, 20, {
      vehicles: [vehicleRow('V-1', { lat: 2 })],
      counters: { ...ZERO_COUNTERS, events: 2 },
    });
    expect(writer.commit(older)).toBe('applied');
    expect(writer.commit(newer)).toBe('applied');
    expect(writer.commit(older)).toBe('skipped');
    expect(writer.commit(newer)).toBe('applied');
    expect(dump(file).vehicle).toMatchObject([{ lat: 2 }]);
    expect(writer.counters()).toEqual({ ...ZERO_COUNTERS, events: 2 });
    writer.close();
  });

  it('adds to a minute that comes again: highest speed, newest known value', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const minute = { vehicleId: 'V-1', minuteMs: T0_MS };
    const first = { ...minute, maxSpeedKmph: 80, signals: signals({ speed_kmph: 70, fuel_pct: 50 }) };
    const second = { ...minute, maxSpeedKmph: 60, signals: signals({ speed_kmph: 55, rpm: 900 }) };
    writer.commit(batch(0, 10, { minutes: minuteRows([first]) }));
    writer.commit(batch(10, 20, { minutes: minuteRows([second]) }));
    expect(dumpView(file, 'vehicle_minute', 'minute_ms')).toMatchObject([
      { vehicle_id: 'V-1', max_speed_kmph: 80, speed_kmph: 55, fuel_pct: 50, rpm: 900 },
    ]);
    writer.close();
  });

  it('keeps the newest 100 quarantine samples of each reason, also when a flood comes twice', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const flood = Array.from({ length: 350 }, (_, i) => sample(Math.floor(i / 7), { index: i % 7 }));
    const rare = [sample(3, { reason: 'too-large' })];
    const kept = () =>
      (dump(file).quarantine_sample as { reason: string; position: number; message_index: number }[])
        .filter((row) => row.reason === 'bad-json')
        .map((row) => row.position * 7 + row.message_index);
    const newest = Array.from({ length: 100 }, (_, i) => 250 + i);
    writer.commit(batch(0, 20, { quarantineSamples: [...flood.slice(0, 140), ...rare] }));
    expect(kept()).toEqual(newest.map((i) => i - 210));
    writer.commit(
      batch(10, 50, { quarantineSamples: flood.slice(70).toReversed(), quarantineCounts: { 'bad-json': 350 } }),
    );
    expect(kept()).toEqual(newest);
    writer.commit(batch(10, 60, { quarantineSamples: flood.slice(70), quarantineCounts: { 'bad-json': 350 } }));
    expect(kept()).toEqual(newest);
    expect(dump(file).quarantine_sample).toHaveLength(101);
    expect(dump(file).quarantine_count).toEqual([{ reason: 'bad-json', count: 350 }]);
    writer.close();
  });

  it('notes a stretch of the journal that never came', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    writer.commit(batch(500, 600));
    writer.commit(batch(600, 700));
    writer.commit(batch(900, 1000));
    expect(dump(file).journal_gap).toEqual([{ from_position: 700, to_position: 900, at_ms: T0_MS + 1000 }]);
    writer.close();
  });

  it('writes nothing of a batch that the tables refuse', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    writer.commit(batch(0, 10, { vehicles: [vehicleRow('V-1')] }));
    const before = dump(file);
    const bad = { ...trackChunk('V-2', T0_MS, 3), points: 4 };
    const commit = () => writer.commit(batch(10, 20, { vehicles: [vehicleRow('V-2')], tracks: [bad] }));
    expect(commit).toThrow(expect.objectContaining({ kind: 'bad-batch' }));
    expect(dump(file)).toEqual(before);
    writer.commit(
      batch(10, 20, { vehicles: [vehicleRow('V-3'), vehicleRow('V-2')], tracks: [trackChunk('V-2', T0_MS, 3)] }),
    );
    expect(ofDays(dump(file), 'track')).toMatchObject([{ vehicle_id: 'V-2', points: 3 }]);
    expect(() => writer.commit(batch(30, 20))).toThrow(HistoryError);
    writer.close();
  });

  it('rolls back on a full disk and takes the same batch when there is room', () => {
    const file = temporaryFile();
    const big = batch(10, 20, {
      vehicles: Array.from({ length: 2000 }, (_, i) => vehicleRow(`V-${i}`)),
      tracks: Array.from({ length: 2000 }, (_, i) => trackChunk(`V-${i}`, T0_MS, 64)),
      alerts: [alert('a1')],
      checkpoint: bytes('state after 20'),
    });
    const small = openHistory({ file, maxBytes: 400_000 });
    small.commit(batch(0, 10, { vehicles: [vehicleRow('V-1')], checkpoint: bytes('state after 10') }));
    const before = dump(file);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => small.commit(big)).toThrow(
        expect.objectContaining({ kind: 'disk-full', message: expect.stringContaining(file) }),
      );
      expect(dump(file)).toEqual(before);
      expect(small.lastCommit()?.position).toBe(10);
    }
    expect(small.commit(batch(10, 12, { vehicles: [vehicleRow('V-1')] }))).toBe('applied');
    small.close();

    const roomy = openHistory({ file });
    expect(roomy.commit(big)).toBe('applied');
    expect(ofDays(dump(file), 'track')).toHaveLength(2000);
    expect(dump(file).checkpoint).toMatchObject([{ position: 20 }]);
    roomy.close();
  });

  it('reports commits that take long', () => {
    const slow: SlowOperation[] = [];
    const writer = openHistory({ file: temporaryFile(), slowMs: 0, onSlow: (operation) => slow.push(operation) });
    writer.commit(batch(0, 10));
    expect(slow).toEqual([{ what: 'commit', durationMs: expect.any(Number) }]);
    writer.close();
  });
});

describe('checkpoints', () => {
  it('keeps the newest two and survives a restart', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    expect(writer.lastCommit()).toBeUndefined();
    expect(writer.loadCheckpoint()).toEqual([]);
    for (const to of [10, 20, 30, 40]) {
      writer.commit(batch(to - 10, to, { checkpoint: to === 30 ? undefined : bytes(`after ${to}`) }));
    }
    writer.close();
    const again = openHistory({ file });
    expect(again.lastCommit()).toEqual({ position: 40, engineMs: T0_MS + 40 });
    const loaded = again.loadCheckpoint().map((c) => ({ ...c, state: Buffer.from(c.state).toString() }));
    expect(loaded).toEqual([
      { position: 40, engineMs: T0_MS + 40, state: 'after 40' },
      { position: 20, engineMs: T0_MS + 20, state: 'after 20' },
    ]);
    again.close();
  });

  it('takes the checkpoint of a batch whose outputs are in already', () => {
    const writer = openHistory({ file: temporaryFile() });
    writer.commit(batch(0, 10, { checkpoint: bytes('after 10') }));
    writer.commit(batch(10, 40));
    expect(writer.commit(batch(10, 30, { checkpoint: bytes('after 30') }))).toBe('skipped');
    expect(writer.commit(batch(40, 40, { checkpoint: bytes('after 40') }))).toBe('applied');
    expect(writer.loadCheckpoint().map((c) => c.position)).toEqual([40, 30]);
    expect(writer.lastCommit()?.position).toBe(40);
    writer.close();
  });

  it('leaves out one whose bytes have changed on disk', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    writer.commit(batch(0, 10, { checkpoint: bytes('after 10') }));
    writer.commit(batch(10, 20, { checkpoint: bytes('after 20') }));
    const db = new Database(file);
    db.prepare('UPDATE checkpoint SET state = ? WHERE position = 20').run(bytes('after 2!'));
    db.close();
    expect(writer.loadCheckpoint().map((c) => c.position)).toEqual([10]);
    writer.close();
  });
});

describe('a reader beside the writer', () => {
  it('sees each commit whole, and a long read does not stop the writer', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const queries = openQueries({ file });
    expect(queries.totals()).toEqual({ vehicles: 0, alerts: 0, openAlerts: 0, unacknowledgedAlerts: 0, gaps: 0 });
    const other = new Database(file, { readonly: true });
    other.exec('BEGIN');
    const count = other.prepare('SELECT count(*) FROM alert').pluck();
    expect(count.get()).toBe(0);
    writer.commit(
      batch(0, 10, {
        alerts: [alert('a1'), alert('a2', { acknowledged: true })],
        transitions: [transition('t1', 'a1')],
      }),
    );
    expect(count.get()).toBe(0);
    other.exec('COMMIT');
    expect(count.get()).toBe(2);
    expect(queries.totals()).toMatchObject({ alerts: 2, openAlerts: 2, unacknowledgedAlerts: 1 });
    other.close();
    queries.close();
    writer.close();
  });
});
