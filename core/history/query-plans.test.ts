import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { filterAlerts } from './alert-filter.ts';
import { openQueries } from './queries.ts';
import {
  COUNT_ASIDE,
  SELECT_CHATTERING,
  SELECT_ENTRY_VEHICLES,
  SELECT_RESPONSES,
  SELECT_SLOTS,
  SELECT_STALE,
} from './query-alert-kpis.ts';
import {
  COUNT_ALERTS_SINCE,
  COUNT_ENTRIES_SINCE,
  COUNT_OPEN_ALERTS,
  SELECT_ALERT,
  SELECT_MEMBERS,
  SELECT_TRANSITIONS,
} from './query-alerts.ts';
import { filterActions, SELECT_RULES_CHANGES, SELECT_RULES_VERSION } from './query-audit.ts';
import { SELECT_FLOODS } from './query-floods.ts';
import { SELECT_ALERT_SUMS, SELECT_SUMS, SELECT_USED } from './query-kpis.ts';
import { FIND_VEHICLE, firstMinute, lastMinute, MINUTE_VALUES, selectMinutes } from './query-minutes.ts';
import { SELECT_ALERT_HOURS, SELECT_DAYS, SELECT_HOURS, SELECT_UTILISATION } from './query-periods.ts';
import { SELECT_NOTICES, SELECT_SAMPLES } from './query-quarantine.ts';
import { sumDriver, sumDrivers } from './query-scores.ts';
import { selectTrack } from './query-track.ts';
import {
  SELECT_DRIVER_EVENTS,
  SELECT_DRIVER_TRIPS,
  SELECT_DRIVER_VIOLATIONS,
  SELECT_EVENTS,
  SELECT_STOPS,
  SELECT_TRIPS,
  SELECT_VEHICLE_STOPS,
  SELECT_VEHICLE_TRIPS,
  SELECT_VIOLATIONS,
  selectLate,
} from './query-trips.ts';
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

const SPAN_STEPS = ['CO-ROUTINE span', 'SETUP', 'SCAN CONSTANT ROW', 'RECURSIVE STEP', 'SCAN span', 'SCAN span'];

// A SCAN here is a walk along a key or an index that a LIMIT ends, or one over a partial index that holds only what is asked for.
const EXPECTED: [sql: string, plan: string[]][] = [
  [filterAlerts({ limit: 1 }).sql, ['SEARCH alert USING INDEX alert_raised (raised_ms>? AND raised_ms<?)']],
  [
    filterAlerts({ limit: 1, vehicleId: 'V', ruleId: 'r', priority: 1 }).sql,
    ['SEARCH alert USING INDEX alert_vehicle (vehicle_id=? AND raised_ms>? AND raised_ms<?)'],
  ],
  [
    filterAlerts({ limit: 1, ruleId: 'r', priority: 1 }).sql,
    ['SEARCH alert USING INDEX alert_rule (rule_id=? AND raised_ms>? AND raised_ms<?)'],
  ],
  [
    filterAlerts({ limit: 1, priority: 1 }).sql,
    ['SEARCH alert USING INDEX alert_priority (priority=? AND raised_ms>? AND raised_ms<?)'],
  ],
  [
    filterAlerts({ limit: 1, groupId: 'g', vehicleId: 'V' }).sql,
    ['SEARCH alert USING INDEX alert_group (group_id=? AND raised_ms>? AND raised_ms<?)'],
  ],
  [
    filterAlerts({ limit: 1, text: 'brake' }).sql,
    [
      'CO-ROUTINE (subquery-1)',
      'SEARCH alert USING INDEX alert_raised (raised_ms>? AND raised_ms<?)',
      'SCAN (subquery-1)',
    ],
  ],
  [SELECT_ALERT, ['SEARCH alert USING INDEX sqlite_autoindex_alert_1 (id=?)']],
  [SELECT_MEMBERS, ['SEARCH alert USING INDEX alert_group (group_id=?)']],
  [COUNT_ENTRIES_SINCE, ['SEARCH alert USING COVERING INDEX alert_entry (shown_ms>?)']],
  [SELECT_SLOTS, ['SEARCH alert_slot USING PRIMARY KEY (slot_ms>? AND slot_ms<?)']],
  [SELECT_ENTRY_VEHICLES, ['SEARCH alert USING COVERING INDEX alert_entry (shown_ms>? AND shown_ms<?)']],
  [
    SELECT_RESPONSES,
    ['SEARCH alert USING COVERING INDEX alert_acknowledged (acknowledged_ms>? AND acknowledged_ms<?)'],
  ],
  [
    SELECT_CHATTERING,
    [
      'SEARCH t USING INDEX alert_transition_chattering (at_ms>? AND at_ms<?)',
      'SEARCH a USING INDEX sqlite_autoindex_alert_1 (id=?)',
      'USE TEMP B-TREE FOR GROUP BY',
      'USE TEMP B-TREE FOR ORDER BY',
    ],
  ],
  [SELECT_STALE, ['SCAN alert USING INDEX alert_open', 'USE TEMP B-TREE FOR ORDER BY']],
  [COUNT_ASIDE, ['SCAN alert USING INDEX alert_aside']],
  [
    SELECT_FLOODS,
    [
      'SEARCH alert_flood USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)',
      'SCALAR SUBQUERY 1',
      'SEARCH alert_flood USING INTEGER PRIMARY KEY (rowid<?)',
    ],
  ],
  [filterActions({ limit: 1 }).sql, ['SEARCH operator_action USING INDEX operator_action_at (at_ms>? AND at_ms<?)']],
  [
    filterActions({ limit: 1, operator: 'Kim', vehicleId: 'V', type: 'shelve' }).sql,
    ['SEARCH operator_action USING INDEX operator_action_vehicle (vehicle_id=? AND at_ms>? AND at_ms<?)'],
  ],
  [
    filterActions({ limit: 1, operator: 'Kim' }).sql,
    ['SEARCH operator_action USING INDEX operator_action_operator (operator=? AND at_ms>? AND at_ms<?)'],
  ],
  [
    filterActions({ limit: 1, alertId: 'a' }).sql,
    ['SEARCH operator_action USING INDEX operator_action_alert (alert_id=? AND at_ms>? AND at_ms<?)'],
  ],
  [SELECT_RULES_CHANGES, ['SCAN rules_change']],
  [SELECT_RULES_VERSION, ['SEARCH rules_change USING INTEGER PRIMARY KEY (rowid=?)']],
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
    [...SPAN_STEPS, 'SEARCH m USING PRIMARY KEY (minute_ms=? AND vehicle=?)'],
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
  [SELECT_TRIPS, ['SEARCH trip USING INDEX trip_start (start_ms>? AND start_ms<?)']],
  [SELECT_VEHICLE_TRIPS, ['SEARCH trip USING INDEX trip_vehicle (vehicle_id=? AND start_ms>? AND start_ms<?)']],
  [SELECT_DRIVER_TRIPS, ['SEARCH trip USING INDEX trip_driver (driver_id=? AND start_ms>? AND start_ms<?)']],
  [SELECT_STOPS, ['SEARCH stop USING INDEX stop_start (start_ms>? AND start_ms<?)']],
  [SELECT_VEHICLE_STOPS, ['SEARCH stop USING INDEX stop_vehicle (vehicle_id=? AND start_ms>? AND start_ms<?)']],
  [SELECT_EVENTS, ['SEARCH driver_event USING INDEX driver_event_start (start_ms>? AND start_ms<?)']],
  [
    SELECT_DRIVER_EVENTS,
    ['SEARCH driver_event USING INDEX driver_event_driver (driver_id=? AND start_ms>? AND start_ms<?)'],
  ],
  [SELECT_VIOLATIONS, ['SEARCH break_violation USING INDEX break_violation_start (start_ms>? AND start_ms<?)']],
  [
    SELECT_DRIVER_VIOLATIONS,
    ['SEARCH break_violation USING INDEX break_violation_driver (driver_id=? AND start_ms>? AND start_ms<?)'],
  ],
  [selectLate('late_event_20250615'), ['SCAN late_event_20250615']],
  [SELECT_HOURS, [...SPAN_STEPS, 'SEARCH vehicle_hour_store USING PRIMARY KEY (start_ms=? AND vehicle=?)']],
  [SELECT_DAYS, [...SPAN_STEPS, 'SEARCH vehicle_day_store USING PRIMARY KEY (start_ms=? AND vehicle=?)']],
  [
    SELECT_UTILISATION,
    [
      ...SPAN_STEPS,
      'SEARCH u USING INTEGER PRIMARY KEY (rowid=?)',
      'CORRELATED SCALAR SUBQUERY 3',
      'SEARCH utilisation_window USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)',
    ],
  ],
  [SELECT_ALERT_HOURS, ['SEARCH alert_hour USING PRIMARY KEY (hour_ms>? AND hour_ms<?)']],
  // Sums over a week have to read a week; the groups are a few thousand vehicles or drivers, or four priorities.
  [SELECT_SUMS, ['SEARCH vehicle_day_store USING PRIMARY KEY (start_ms>? AND start_ms<?)']],
  [
    SELECT_USED,
    ['SEARCH vehicle_day_store USING PRIMARY KEY (start_ms>? AND start_ms<?)', 'USE TEMP B-TREE FOR GROUP BY'],
  ],
  [
    SELECT_ALERT_SUMS,
    ['SEARCH alert_hour USING PRIMARY KEY (hour_ms>? AND hour_ms<?)', 'USE TEMP B-TREE FOR GROUP BY'],
  ],
  [
    sumDrivers('driver_day_store'),
    ['SEARCH driver_day_store USING PRIMARY KEY (start_ms>? AND start_ms<?)', 'USE TEMP B-TREE FOR GROUP BY'],
  ],
  [sumDriver('driver_pane_20250615'), [...SPAN_STEPS, 'SEARCH p USING PRIMARY KEY (start_ms=? AND driver=?)']],
  [
    deleteAged('notice'),
    [
      'SEARCH notice USING INTEGER PRIMARY KEY (rowid=?)',
      'LIST SUBQUERY 1',
      'SEARCH notice USING COVERING INDEX notice_at (at_ms<?)',
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

it('a condition on a view goes through to the key of every day', () => {
  const file = temporaryFile();
  const writer = openHistory({ file });
  const days = Array.from({ length: 90 }, (_, i) => T0_MS + i * 86_400_000);
  const minutes = days.map((minuteMs) => ({ vehicleId: 'V-1', minuteMs, maxSpeedKmph: 72.5, signals: signals() }));
  writer.commit(batch(0, 10, { minutes: minuteRows(minutes), tracks: days.map((ms) => trackChunk('V-1', ms, 3)) }));
  writer.close();
  const db = new Database(file, { readonly: true });
  const searches = (sql: string) => planOf(db, sql).filter((line) => /^(SEARCH|SCAN|USE TEMP)/.test(line));
  for (const sql of [
    'SELECT max_speed_kmph FROM vehicle_minute WHERE minute_ms = ?',
    'SELECT v.vehicle_id, m.max_speed_kmph FROM vehicle_minute m CROSS JOIN vehicle v ON v.id = m.vehicle WHERE m.minute_ms > ?',
    'SELECT start_ms, points FROM track WHERE vehicle = ? AND start_ms > ? ORDER BY start_ms',
  ]) {
    const lines = searches(sql);
    expect(lines.length).toBeGreaterThanOrEqual(days.length);
    expect(lines.filter((line) => !line.startsWith('SEARCH'))).toEqual([]);
  }
  const newest = db
    .prepare('SELECT minute_ms, max_speed_kmph FROM vehicle_minute ORDER BY minute_ms DESC LIMIT 1')
    .get();
  expect(newest).toEqual({ minute_ms: days.at(-1), max_speed_kmph: 72.5 });
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
    'SCAN checkpoint',
    'SCAN counter',
    'SCAN journal_gap',
    'SCAN sqlite_schema',
    'SCAN partition',
  ];
  expect(lines.filter((line) => line.startsWith('SCAN') && !bounded.includes(line))).toEqual([]);
});
