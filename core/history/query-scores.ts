import type Database from 'better-sqlite3';
import {
  type DriverTotals,
  driverScore,
  SCORE_PANE_MS,
  SCORE_WINDOWS,
  type ScoreWindow,
  scoreRange,
} from '../model/driver-score.ts';
import type { DriverScoreRow, DriverScoreTable } from '../model/history-rows.ts';
import type { StreamSettings } from '../model/stream-settings.ts';
import { nameOf, timeOf } from './arguments.ts';
import { perTable } from './day-reader.ts';
import { dayTablesIn } from './day-tables.ts';
import { HistoryError } from './errors.ts';
import type { Meta } from './meta.ts';
import { PANE_STORED } from './stored-columns.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const SUMS = PANE_STORED.slice(1);
const FIND_DRIVER = 'SELECT id FROM driver WHERE driver_id = ?';

export const sumDrivers = (table: string): string => `
  SELECT driver, ${SUMS.map(({ name }) => `sum(${name})`).join(', ')} FROM ${table}
  WHERE start_ms >= :fromMs AND start_ms < :toMs GROUP BY driver`;
// The key is (start, driver): one driver's rows are looked up one by one.
export const sumDriver = (table: string): string => `
  WITH RECURSIVE span (ms) AS (SELECT :fromMs UNION ALL SELECT ms + :stepMs FROM span WHERE ms + :stepMs < :toMs)
  SELECT :driver, ${SUMS.map(({ name }) => `sum(p.${name})`).join(', ')}
  FROM span CROSS JOIN ${table} AS p ON p.start_ms = span.ms AND p.driver = :driver HAVING count(*) > 0`;

export interface Part {
  readonly stepMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Cuts a span of whole panes into the fewest days, hours and panes. */
export function partsOf(
  fromMs: number,
  toMs: number,
  steps: readonly number[] = [DAY_MS, HOUR_MS, SCORE_PANE_MS],
): Part[] {
  const [stepMs, ...smaller] = steps;
  if (stepMs === undefined || fromMs >= toMs) return [];
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const last = Math.floor(toMs / stepMs) * stepMs;
  if (first >= last) return partsOf(fromMs, toMs, smaller);
  return [...partsOf(fromMs, first, smaller), { stepMs, fromMs: first, toMs: last }, ...partsOf(last, toMs, smaller)];
}

function totalsOf(sums: Float64Array): DriverTotals {
  const value = (name: string): number => {
    const i = SUMS.findIndex((column) => column.name === name);
    return sums[i] / SUMS[i].scale;
  };
  return {
    distanceM: value('distance_m'),
    drivingMs: value('driving_ms'),
    idlingMs: value('idling_ms'),
    speedingMinorMs: value('speeding_minor_ms'),
    speedingMajorMs: value('speeding_major_ms'),
    speedingSevereMs: value('speeding_severe_ms'),
    harshBrakes: value('harsh_brakes'),
    harshAccelerations: value('harsh_accelerations'),
    harshCorners: value('harsh_corners'),
    severeEvents: value('severe_events'),
  };
}

/** Sums of each driver over the panes that start in a span. */
function sumReader(
  db: Database.Database,
): (fromMs: number, toMs: number, driver?: number) => Map<number, Float64Array> {
  const tablesIn = dayTablesIn(db);
  const ofAll = perTable<[Part], number[]>(db, sumDrivers);
  const ofOne = perTable<[Part & { driver: number }], number[]>(db, sumDriver);
  const tables = ({ stepMs, fromMs, toMs }: Part): string[] => {
    if (stepMs === DAY_MS) return ['driver_day_store'];
    if (stepMs === HOUR_MS) return ['driver_hour_store'];
    return tablesIn('driver_pane', fromMs, toMs - 1).map(({ name }) => name);
  };
  return (fromMs, toMs, driver) => {
    const sums = new Map<number, Float64Array>();
    for (const part of partsOf(fromMs, toMs)) {
      for (const table of tables(part)) {
        const rows =
          driver === undefined
            ? ofAll(table).raw().all(part)
            : ofOne(table)
                .raw()
                .all({ ...part, driver });
        for (const row of rows) {
          const own = sums.get(row[0]) ?? new Float64Array(SUMS.length);
          for (let i = 0; i < own.length; i++) own[i] += row[i + 1] ?? 0;
          sums.set(row[0], own);
        }
      }
    }
    return sums;
  };
}

function compareScores(a: DriverScoreRow, b: DriverScoreRow): number {
  const first = (a.score ?? Number.POSITIVE_INFINITY) - (b.score ?? Number.POSITIVE_INFINITY);
  if (first !== 0 && !Number.isNaN(first)) return first;
  return a.driverId < b.driverId ? -1 : 1;
}

export interface ScoreArguments {
  readonly window: ScoreWindow;
  /** Unix ms; default the engine's clock. */
  readonly atMs?: number;
  readonly driverId?: string;
}

/** Answers `driver.scores`. */
export function scoreQuery(
  db: Database.Database,
  meta: Meta,
  settings: () => StreamSettings,
): (args: ScoreArguments) => DriverScoreTable {
  const find = db.prepare<[string], number>(FIND_DRIVER).pluck();
  const names = db.prepare<[], [id: number, driverId: string]>('SELECT id, driver_id FROM driver').raw();
  const read = sumReader(db);
  const score = (driverId: string, sums: Float64Array): DriverScoreRow => {
    const { score, totals, deductions } = driverScore(totalsOf(sums), settings());
    return { driverId, score: score ?? null, totals, deductions };
  };
  const drivers = db.transaction((fromMs: number, toMs: number, driverId: string | undefined): DriverScoreRow[] => {
    if (driverId !== undefined) {
      const driver = find.get(driverId);
      const sums = driver === undefined ? undefined : read(fromMs, toMs, driver).get(driver);
      return sums ? [score(driverId, sums)] : [];
    }
    const sums = read(fromMs, toMs);
    return names
      .all()
      .flatMap(([id, name]) => {
        const own = sums.get(id);
        return own ? [score(name, own)] : [];
      })
      .sort(compareScores);
  });

  return ({ window, atMs, driverId }) => {
    if (!Object.hasOwn(SCORE_WINDOWS, window)) {
      const known = Object.keys(SCORE_WINDOWS).join(', ');
      throw new HistoryError('bad-arguments', `window is "${window}"; give one of ${known}.`);
    }
    const endMs = atMs === undefined ? (meta.get('engine_ms') ?? 0) : timeOf('atMs', atMs);
    const { fromMs, toMs } = scoreRange(window, endMs);
    const name = driverId === undefined ? undefined : nameOf('driverId', driverId);
    return { window, fromMs, toMs, drivers: drivers(fromMs, toMs, name) };
  };
}
