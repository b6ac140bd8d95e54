import type Database from 'better-sqlite3';
import type { AlertFlood } from '../model/alert-floods.ts';
import type { AlertKpis } from '../model/alert-kpis.ts';
import type { DriverScoreTable, FleetKpis } from '../model/history-rows.ts';
import { DEFAULT_SETTINGS, type StreamSettings } from '../model/stream-settings.ts';
import type { TrackPoints } from '../model/track-codec.ts';
import { toHistoryError } from './errors.ts';
import { metaStore } from './meta.ts';
import { type DatabaseOptions, openForReading } from './open-database.ts';
import { alertKpiQuery, type KpiArguments } from './query-alert-kpis.ts';
import { type AlertQueries, alertQueries } from './query-alerts.ts';
import { type AuditQueries, auditQueries } from './query-audit.ts';
import { floodQuery } from './query-floods.ts';
import { kpiQuery } from './query-kpis.ts';
import { minuteQuery, type SpanArguments, type VehicleMinutes } from './query-minutes.ts';
import { type PeriodQueries, periodQueries } from './query-periods.ts';
import { type QuarantineReport, quarantineQuery } from './query-quarantine.ts';
import { type ScoreArguments, scoreQuery } from './query-scores.ts';
import { trackQuery } from './query-track.ts';
import { type TripQueries, tripQueries } from './query-trips.ts';
import { type SlowOptions, timed } from './slow.ts';

export interface AnswerOptions extends SlowOptions {
  /** For scores and utilisation; asked each time, default the built-in settings. */
  readonly settings?: () => StreamSettings;
}

export interface QueryOptions extends DatabaseOptions, AnswerOptions {}

/** Numbers that cost the same however long the history is. */
export interface HistoryTotals {
  readonly vehicles: number;
  /** Alerts raised since the history was made, those already pruned too. */
  readonly alerts: number;
  readonly openAlerts: number;
  readonly unacknowledgedAlerts: number;
  /** Stretches of the journal whose outputs the history never got. */
  readonly gaps: number;
}

/**
 * Questions to a history. All calls block: use it in a worker of its own. Each throws a HistoryError, of kind `bad-arguments`
 * when the arguments make no sense.
 */
export interface HistoryQueries extends TripQueries, PeriodQueries, Omit<AlertQueries, 'openAlerts'>, AuditQueries {
  /** The figures of alarm quality, over every 10 min the span touches; at most 31 days. */
  alertKpis(args: KpiArguments): AlertKpis;
  /** Floods that reach into the span, newest first, at most 1,000 in at most 400 days. */
  alertFloods(args: { fromMs: number; toMs: number }): { floods: AlertFlood[] };
  /** At most 2,000 points in at most 31 days: longer spans are merged (maximum speed, newest value of each signal). */
  vehicleMinutes(args: SpanArguments): VehicleMinutes;
  /** At most 20,000 points in at most 31 days: longer tracks are thinned evenly. Only finished chunks are here. */
  vehicleTrack(args: SpanArguments): TrackPoints;
  quarantineReport(): QuarantineReport;
  /** Over every day (UTC) the span touches, at most 31. */
  fleetKpis(args: { fromMs: number; toMs: number }): FleetKpis;
  /** Scores over a window, of one driver or of all that have driven in it. */
  driverScores(args: ScoreArguments): DriverScoreTable;
  totals(): HistoryTotals;
  close(): void;
}

const DEFAULT_SLOW_MS = 40;

/**
 * Opens the history for reading, on a connection that never waits for the writer. Throws a HistoryError, of kind `missing`
 * when the writer has not made it yet.
 */
export function openQueries(options: QueryOptions): HistoryQueries {
  return historyQueries(openForReading(options), options);
}

/** Questions to an open database. Closing them closes the database. */
export function historyQueries(db: Database.Database, options: QueryOptions): HistoryQueries {
  const slow = { slowMs: options.slowMs ?? DEFAULT_SLOW_MS, onSlow: options.onSlow };
  const settings = options.settings ?? (() => DEFAULT_SETTINGS);
  const meta = metaStore(db);
  const alerts = alertQueries(db);
  const alertKpis = alertKpiQuery(db, meta);
  const floods = floodQuery(db);
  const audit = auditQueries(db);
  const minutes = minuteQuery(db);
  const track = trackQuery(db);
  const quarantine = quarantineQuery(db);
  const trips = tripQueries(db);
  const periods = periodQueries(db);
  const kpis = kpiQuery(db, meta, settings);
  const scores = scoreQuery(db, meta, settings);
  const vehicles = db.prepare<[], number>('SELECT count(*) FROM vehicle').pluck();
  const gaps = db.prepare<[], number>('SELECT count(*) FROM journal_gap').pluck();

  const totals = (): HistoryTotals => {
    const { open, unacknowledged } = alerts.openAlerts();
    return {
      vehicles: vehicles.get() ?? 0,
      alerts: meta.get('alerts_raised') ?? 0,
      openAlerts: open,
      unacknowledgedAlerts: unacknowledged,
      gaps: gaps.get() ?? 0,
    };
  };

  const guarded = <T>(what: string, work: () => T): T => {
    try {
      return timed(what, slow, work);
    } catch (error) {
      throw toHistoryError(error, options.file);
    }
  };

  return {
    alertHistory: (args) => guarded('alerts.history', () => alerts.alertHistory(args)),
    alertTransitions: (args) => guarded('alerts.transitions', () => alerts.alertTransitions(args)),
    alertById: (args) => guarded('alerts.get', () => alerts.alertById(args)),
    alertMembers: (args) => guarded('alerts.members', () => alerts.alertMembers(args)),
    alertKpis: (args) => guarded('alerts.kpis', () => alertKpis(args)),
    alertFloods: (args) => guarded('alerts.floods', () => floods(args)),
    operatorActions: (args) => guarded('operator.actions', () => audit.operatorActions(args)),
    rulesHistory: (args) => guarded('rules.history', () => audit.rulesHistory(args)),
    rulesVersion: (args) => guarded('rules.version', () => audit.rulesVersion(args)),
    vehicleMinutes: (args) => guarded('vehicle.minutes', () => minutes(args)),
    vehicleTrack: (args) => guarded('vehicle.track', () => track(args)),
    quarantineReport: () => guarded('quarantine.report', quarantine),
    trips: (args) => guarded('trips.list', () => trips.trips(args)),
    stops: (args) => guarded('stops.list', () => trips.stops(args)),
    driverEvents: (args) => guarded('driver.events', () => trips.driverEvents(args)),
    breakViolations: (args) => guarded('driver.breaks', () => trips.breakViolations(args)),
    late: (args) => guarded('late.list', () => trips.late(args)),
    vehicleHours: (args) => guarded('vehicle.hours', () => periods.vehicleHours(args)),
    vehicleDays: (args) => guarded('vehicle.days', () => periods.vehicleDays(args)),
    utilisation: (args) => guarded('fleet.utilisation', () => periods.utilisation(args)),
    alertHours: (args) => guarded('alerts.hours', () => periods.alertHours(args)),
    fleetKpis: (args) => guarded('fleet.kpis', () => kpis(args)),
    driverScores: (args) => guarded('driver.scores', () => scores(args)),
    alertsSince: (sinceMs) => guarded('alerts since', () => alerts.alertsSince(sinceMs)),
    entriesSince: (sinceMs) => guarded('entries since', () => alerts.entriesSince(sinceMs)),
    totals: () => guarded('totals', totals),
    close: () => void db.close(),
  };
}
