import type Database from 'better-sqlite3';
import type { AlertHour, RollupColumn, UtilisationSeries, VehiclePeriods } from '../model/history-rows.ts';
import { VEHICLE_ROLLUP_COLUMNS } from '../model/stream-outputs.ts';
import { LONG_DAYS, nameOf, timeSpan } from './arguments.ts';
import { FIND_VEHICLE, type SpanArguments } from './query-minutes.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MAX_READINGS = 2000;
const COLUMNS = VEHICLE_ROLLUP_COLUMNS.filter((name): name is RollupColumn => name !== 'start_ms');

// The key is (start, vehicle), which is what writing wants: one vehicle's hours and days are looked up one by one.
const selectPeriods = (view: string, stepMs: number): string => `
  WITH RECURSIVE span (ms) AS (SELECT :fromMs UNION ALL SELECT ms + ${stepMs} FROM span WHERE ms + ${stepMs} < :toMs)
  SELECT p.start_ms, ${COLUMNS.map((name) => `p.${name}`).join(', ')}
  FROM span CROSS JOIN ${view} AS p ON p.start_ms = span.ms AND p.vehicle = :vehicle`;
export const SELECT_HOURS = selectPeriods('vehicle_hour', HOUR_MS);
export const SELECT_DAYS = selectPeriods('vehicle_day', DAY_MS);

// The first window of each step.
export const SELECT_UTILISATION = `
  WITH RECURSIVE span (ms) AS (SELECT :fromMs UNION ALL SELECT ms + :stepMs FROM span WHERE ms + :stepMs < :toMs)
  SELECT u.end_ms, u.active, u.idle, u.offline FROM span CROSS JOIN utilisation_window AS u
  ON u.end_ms = (
    SELECT end_ms FROM utilisation_window WHERE end_ms >= span.ms AND end_ms < min(span.ms + :stepMs, :toMs)
    ORDER BY end_ms LIMIT 1)`;

export const SELECT_ALERT_HOURS = `
  SELECT hour_ms AS hourMs, rule_id AS ruleId, priority, raised FROM alert_hour
  WHERE hour_ms >= :fromMs AND hour_ms < :toMs ORDER BY hour_ms, rule_id, priority`;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PeriodQueries {
  /** At most 31 days. */
  vehicleHours(args: SpanArguments): VehiclePeriods;
  /** At most 400 days. */
  vehicleDays(args: SpanArguments): VehiclePeriods;
  /** At most 2,000 readings in at most 31 days. */
  utilisation(args: Span): UtilisationSeries;
  /** At most 31 days. */
  alertHours(args: Span): { hours: AlertHour[] };
}

/** Answers with hours and days. */
export function periodQueries(db: Database.Database): PeriodQueries {
  const find = db.prepare<[string], number>(FIND_VEHICLE).pluck();
  const periods = (sql: string, stepMs: number, maxDays?: number) => {
    const select = db.prepare<[Span & { vehicle: number }], number[]>(sql).raw();
    return (args: SpanArguments): VehiclePeriods => {
      const { fromMs, toMs } = timeSpan(args, maxDays);
      const vehicle = find.get(nameOf('vehicleId', args.vehicleId));
      const from = Math.ceil(fromMs / stepMs) * stepMs;
      const rows = vehicle === undefined || from >= toMs ? [] : select.all({ vehicle, fromMs: from, toMs });
      const column = (i: number) => rows.map((row) => row[i]);
      const values: Partial<Record<RollupColumn, number[]>> = {};
      for (const [i, name] of COLUMNS.entries()) values[name] = column(i + 1);
      return { startMs: column(0), values: values as VehiclePeriods['values'] };
    };
  };
  const readings = db.prepare<[Span & { stepMs: number }], number[]>(SELECT_UTILISATION).raw();
  const hours = db.prepare<[Span], AlertHour>(SELECT_ALERT_HOURS);
  return {
    vehicleHours: periods(SELECT_HOURS, HOUR_MS),
    vehicleDays: periods(SELECT_DAYS, DAY_MS, LONG_DAYS),
    utilisation(args) {
      const { fromMs, toMs } = timeSpan(args);
      const stepMs = Math.max(1000, Math.ceil((toMs - fromMs) / MAX_READINGS / 1000) * 1000);
      const rows = readings.all({ fromMs, toMs, stepMs });
      const column = (i: number) => rows.map((row) => row[i]);
      return { endMs: column(0), active: column(1), idle: column(2), offline: column(3) };
    },
    alertHours: (args) => ({ hours: hours.all(timeSpan(args)) }),
  };
}
