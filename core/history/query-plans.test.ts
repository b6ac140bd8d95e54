import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openQueries } from './queries.ts';
import {
  COUNT_ALERTS_SINCE,
  COUNT_OPEN_ALERTS,
  SELECT_ALERTS,
  SELECT_TRANSITIONS,
  SELECT_VEHICLE_ALERTS,
} from './query-alerts.ts';
import { FIND_VEHICLE, firstMinute, lastMinute, MINUTE_VALUES, selectMinutes } from './query-minutes.ts';
import { SELECT_NOTICES, SELECT_SAMPLES } from './query-quarantine.ts';
import { selectTrack } from './query-track.ts';
import { deleteAged, SELECT_CLOSED_ALERTS } from './retention.ts';
import { alert, batch, minuteRows, signals, T0_MS, temporaryFile, trackChunk, vehicleRow } from './testing/batches.ts';
import { toyBatch } from './testing/toy-engine.ts';
import { toyRun } from './testing/toy-run.ts';
import { selectChunks } from './thin-tracks.ts';
import { openHistory } from './writer.ts';

function planOf(db: Database.Database, sql: string): string[] {
  const parameters = new Set(sql.match(/:\w+/g));
  const named = Object.fromEntries([...parameters].map((name) => [name.slice(1), 1]));
  const rows = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  const found = parameters.size > 0 ? rows.all(named) : rows.all(...Array(sql.split('?').length - 1).fill(1));
  return found.map((row) => row.detail);
}

// A SCAN here is a walk along a key or an index that a LIMIT ends, or one over a partial index that holds only what is asked for.
const EXPECTED: [sql: string, plan: string[]][] = [
  [SELECT_ALERTS, ['SCAN alert USING INDEX alert_raised']],
  [SELECT_VEHICLE_ALERTS, ['SEARCH alert USING INDEX alert_vehicle (vehicle_id=?)']],
  [SELECT_TRANSITIONS, ['SEARCH alert_transition USING INDEX alert_transition_alert (alert_id=?)']],
  [COUNT_ALERTS_SINCE, ['SEARCH alert USING COVERING INDEX alert_raised (raised_ms>?)']],
  [COUNT_OPEN_ALERTS, ['SCAN alert USING INDEX alert_open']],
  [FIND_VEHICLE, ['SEARCH vehicle USING COVERING INDEX sqlite_autoindex_vehicle_1 (vehicle_id=?)']],
  [firstMinute('vehicle_minute_20250615'), ['SCAN vehicle_minute_20250615']],
  [lastMinute('vehicle_minute_20250615'), ['SCAN vehicle_minute_20250615']],
  [
    selectTrack('track_20250615'),
    ['SEARCH track_20250615 USING INDEX sqlite_autoindex_track_20250615_1 (vehicle=? AND start_ms>? AND start_ms<?)'],
  ],
  [
    selectMinutes('vehicle_minute_20250615', MINUTE_VALUES),
    [
      'CO-ROUTINE span',
      'SETUP',
      'SCAN CONSTANT ROW',
      'RECURSIVE STEP',
      'SCAN span',
      'SCAN span',
      'SEARCH m USING PRIMARY KEY (minute_ms=? AND vehicle=?)',
    ],
  ],
  [SELECT_SAMPLES, ['SEARCH quarantine_sample USING PRIMARY KEY (reason=?)']],
  [SELECT_NOTICES, ['SCAN schema_notice USING INDEX schema_notice_first']],
  [selectChunks('track_20250615'), ['SEARCH track_20250615 USING INTEGER PRIMARY KEY (rowid>?)']],
  [
    deleteAged('vehicle_hour_store'),
    [
      'SEARCH vehicle_hour_store USING PRIMARY KEY (start_ms=? AND vehicle=?)',
      'LIST SUBQUERY 2',
      'SEARCH vehicle_hour_store USING PRIMARY KEY (start_ms<?)',
    ],
  ],
  [
    deleteAged('trip'),
    [
      'SEARCH trip USING INTEGER PRIMARY KEY (rowid=?)',
      'LIST SUBQUERY 1',
      'SEARCH trip USING COVERING INDEX trip_start (start_ms<?)',
    ],
  ],
  [SELECT_CLOSED_ALERTS, ['SEARCH alert USING INDEX alert_closed (<expr><?)']],
];

it.each(EXPECTED)('%s', (sql, plan) => {
  const file = temporaryFile();
  const writer = openHistory({ file });
  writer.commit(toyBatch(toyRun(3), 0, 100, false));
  writer.close();
  const db = new Database(file);
  expect(planOf(db, sql)).toEqual(plan);
  db.close();
});

it('opening reads only tables that stay small', () => {
  const file = temporaryFile();
  const writer = openHistory({ file });
  const vehicleIds = Array.from({ length: 50 }, (_, i) => `V-${i}`);
  for (let i = 0; i < 5; i++) {
    const minutes = vehicleIds.map((vehicleId) => ({
      vehicleId,
      minuteMs: T0_MS + i * 60_000,
      maxSpeedKmph: 1,
      signals: signals(),
    }));
    writer.commit(
      batch(i * 10, i * 10 + 10, {
        vehicles: vehicleIds.map((id) => vehicleRow(id)),
        tracks: vehicleIds.map((id) => trackChunk(id, T0_MS + i * 60_000, 5)),
        minutes: minuteRows(minutes),
        alerts: vehicleIds.map((id) => alert(`${id}/${i}`, { vehicleId: id })),
        checkpoint: new Uint8Array(100),
      }),
    );
  }
  writer.close();

  const ran: string[] = [];
  const again = openHistory({ file, trace: (sql) => ran.push(sql) });
  again.lastCommit();
  again.loadCheckpoint();
  again.counters();
  const queries = openQueries({ file, trace: (sql) => ran.push(sql) });
  queries.totals();
  queries.alertHistory({ limit: 100 });
  queries.alertsSince(T0_MS);
  queries.close();
  again.close();

  const db = new Database(file, { readonly: true });
  const lines = ran.filter((sql) => /^\s*(SELECT|WITH)/i.test(sql)).flatMap((sql) => planOf(db, sql));
  db.close();
  expect(lines.length).toBeGreaterThan(8);
  // At most: one row per vehicle, the open alerts, ten counters, two checkpoints, the few gaps; and what a LIMIT cuts.
  const bounded = [
    'SCAN vehicle USING COVERING INDEX sqlite_autoindex_vehicle_1',
    'SCAN alert USING INDEX alert_open',
    'SCAN alert USING INDEX alert_raised',
    'SCAN checkpoint',
    'SCAN counter',
    'SCAN journal_gap',
    'SCAN sqlite_schema',
    'SCAN partition',
  ];
  expect(lines.filter((line) => line.startsWith('SCAN') && !bounded.includes(line))).toEqual([]);
});
