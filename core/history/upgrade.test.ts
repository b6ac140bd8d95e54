import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { openQueries } from './queries.ts';
import { alert, batch, minuteRows, signals, T0_MS, temporaryFile, trackChunk, vehicleRow } from './testing/batches.ts';
import { dump, dumpView } from './testing/dump.ts';
import { openHistory } from './writer.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A history as version `version` left it: minutes, tracks and, from version 2 on, alerts. */
function oldHistory(version: number): string {
  const file = temporaryFile();
  const db = new Database(file);
  migrate(db, file, version);
  db.exec(
    `INSERT INTO vehicle (id, vehicle_id, first_seen_ms, last_received_ms, movement) VALUES (7, 'V-1', ${T0_MS}, ${T0_MS}, 'moving')`,
  );
  const minute = db.prepare(
    'INSERT INTO vehicle_minute (minute_ms, vehicle, max_speed_kmph, fuel_pct, ignition) VALUES (?, 7, ?, 41.237, 1)',
  );
  const chunk = db.prepare('INSERT INTO track (vehicle, start_ms, end_ms, points, data) VALUES (7, ?, ?, ?, ?)');
  for (let i = 0; i < 5; i++) {
    minute.run(T0_MS + i * MINUTE_MS, 50 + i / 1000);
    const { startMs, endMs, points, data } = trackChunk('V-1', T0_MS + i * MINUTE_MS, 10);
    chunk.run(startMs, endMs, points, data);
  }
  if (version >= 2) {
    const raised = db.prepare(`
      INSERT INTO alert (id, rule_id, rule_name, vehicle_id, priority, onset_ms, raised_ms, condition, latched, acknowledged, unit, message)
      VALUES (?, 'overspeed', 'Overspeed', 'V-1', ?, ?, ?, 'active', 0, 0, '', '')`);
    db.transaction(() => {
      for (let i = 0; i < 5000; i++) raised.run(`a${i}`, 1 + (i % 4), T0_MS, T0_MS + i * 1000);
    })();
  }
  db.close();
  return file;
}

describe.each([1, 2, 3])('a history of version %i', (version) => {
  const span = { vehicleId: 'V-1', fromMs: T0_MS - DAY_MS, toMs: T0_MS + DAY_MS };

  it('is read as it was, beside what comes after', () => {
    const file = oldHistory(version);
    const writer = openHistory({ file });
    const queries = openQueries({ file });
    const before = queries.vehicleMinutes(span);
    expect(before.maxSpeedKmph).toEqual([50, 50.001, 50.002, 50.003, 50.004]);
    expect(before.values.fuel_pct).toEqual(Array(5).fill(41.237));
    expect(queries.vehicleTrack(span).timeMs).toHaveLength(50);
    expect(dumpView(file, 'vehicle_minute', 'minute_ms')).toHaveLength(5);

    const minutes = [-1, 5].map((i) => ({
      vehicleId: 'V-1',
      minuteMs: T0_MS + i * MINUTE_MS,
      maxSpeedKmph: 60,
      signals: signals(),
    }));
    writer.commit(batch(0, 10, { minutes: minuteRows(minutes), tracks: [trackChunk('V-1', T0_MS - MINUTE_MS, 10)] }));
    expect(queries.vehicleMinutes(span).maxSpeedKmph).toEqual([60, 50, 50.001, 50.002, 50.003, 50.004, 60]);
    const times = queries.vehicleTrack(span).timeMs;
    expect(times).toHaveLength(60);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(dumpView(file, 'vehicle_minute', 'minute_ms').map((row) => row.max_speed_kmph)).toEqual([
      60, 50, 50.001, 50.002, 50.003, 50.004, 60,
    ]);
    expect(dumpView(file, 'track', 'start_ms')).toHaveLength(6);
    queries.close();
    writer.close();
  });

  it('has a row once that an engine sends again', () => {
    const file = oldHistory(version);
    const writer = openHistory({ file });
    const again = { vehicleId: 'V-1', minuteMs: T0_MS + MINUTE_MS, maxSpeedKmph: 55, signals: signals({ rpm: 900 }) };
    const outputs = { minutes: minuteRows([again]), tracks: [trackChunk('V-1', T0_MS + MINUTE_MS, 11)] };
    writer.commit(batch(0, 10, outputs));
    writer.commit(batch(0, 20, outputs));
    const minutes = dumpView(file, 'vehicle_minute', 'minute_ms');
    expect(minutes).toHaveLength(5);
    expect(minutes[1]).toMatchObject({ max_speed_kmph: 55, fuel_pct: 41.24, rpm: 900, ignition: 1 });
    expect(dumpView(file, 'track', 'start_ms').map((row) => row.points)).toEqual([10, 11, 10, 10, 10]);
    writer.close();
  });

  it('loses its old tables when the last of their rows is too old, and writes on', () => {
    const file = oldHistory(version);
    const writer = openHistory({ file });
    const outputs = {
      minutes: minuteRows([{ vehicleId: 'V-1', minuteMs: T0_MS, maxSpeedKmph: 1, signals: signals() }]),
    };
    writer.commit(batch(0, 10, outputs));
    for (let more = true; more; ) ({ more } = writer.prune({ olderThanMs: DAY_MS, nowMs: T0_MS + 3 * DAY_MS }));
    expect(Object.keys(dump(file)).filter((table) => table.endsWith('_v3'))).toEqual([]);
    expect(dump(file).partition).toEqual([]);
    writer.commit(batch(10, 20, { ...outputs, tracks: [trackChunk('V-1', T0_MS, 3)] }));
    expect(dumpView(file, 'vehicle_minute', 'minute_ms')).toHaveLength(1);
    expect(dumpView(file, 'track', 'start_ms')).toHaveLength(1);
    writer.close();
  });
});

it('reads of no old table more than its first or last row', () => {
  const file = oldHistory(3);
  const ran: string[] = [];
  openHistory({ file, trace: (sql) => ran.push(sql) }).close();
  const plans = temporaryFile();
  const db = new Database(plans);
  migrate(db, plans, 3);
  const old = ran.filter((sql) => /\bFROM (vehicle_minute|track|alert)(_v3)?\b/.test(sql) && !/^\s*CREATE/.test(sql));
  expect(old).toHaveLength(3);
  for (const sql of old) expect(sql).toMatch(/LIMIT 1\s*$/);
  const newest = db
    .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${old[2].replace(/INSERT INTO meta.*\n/, '')}`)
    .all();
  expect(newest.map((row) => row.detail)).toEqual(['SCAN alert']);
  db.close();
});

it('alerts from before version 4 are counted by hour in slices, each once', () => {
  const file = oldHistory(3);
  const writer = openHistory({ file });
  const sum = () => (dump(file).alert_hour ?? []).reduce((total, { raised }) => total + Number(raised), 0);
  expect(sum()).toBe(0);
  writer.commit(batch(0, 10, { vehicles: [vehicleRow('V-1')], alerts: [alert('new'), alert('a17')] }));
  expect(sum()).toBe(1);
  const args = { olderThanMs: 9 * DAY_MS, nowMs: T0_MS + DAY_MS, budgetMs: 0 };
  const sums: number[] = [];
  for (let more = true; more; ) {
    ({ more } = writer.prune(args));
    sums.push(sum());
  }
  expect(sums).toEqual([2001, 4001, 5001, 5001]);
  const hours = dump(file).alert_hour.filter(({ hour_ms }) => hour_ms === Math.floor(T0_MS / 3_600_000) * 3_600_000);
  expect(hours.map(({ priority }) => priority)).toEqual([1, 2, 3, 4]);
  expect(dump(file).meta).toContainEqual({ name: 'alert_hour_from', value: 0 });
  writer.close();
});
