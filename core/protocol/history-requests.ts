import type { RulesVersion, StoredRulesChange } from '../model/audit.ts';
import type { ScoreWindow } from '../model/driver-score.ts';
import type {
  AlertHour,
  DriverScoreTable,
  FleetKpis,
  StoredBreakViolation,
  StoredDriverEvent,
  StoredLate,
  StoredStop,
  StoredTrip,
  UtilisationSeries,
  VehiclePeriods,
} from '../model/history-rows.ts';

interface Span {
  /** Unix ms, included. */
  fromMs: number;
  /** Unix ms, not included. */
  toMs: number;
}

/** Questions about windows, trips, hours, scores and rule packs. Lists are newest first, at most 1,000 rows, by when a row starts. */
export interface HistoryRequests {
  /** Of a vehicle, of a driver, or of all; not of both. At most 400 days. */
  'trips.list': {
    args: Span & { limit: number; vehicleId?: string; driverId?: string };
    result: { trips: StoredTrip[] };
  };
  'stops.list': { args: Span & { limit: number; vehicleId?: string }; result: { stops: StoredStop[] } };
  /** At most 31 days. */
  'vehicle.hours': { args: Span & { vehicleId: string }; result: VehiclePeriods };
  /** At most 400 days. */
  'vehicle.days': { args: Span & { vehicleId: string }; result: VehiclePeriods };
  /** Over every day (UTC) the span touches; at most 31 days. */
  'fleet.kpis': { args: Span; result: FleetKpis };
  /** At most 31 days. */
  'fleet.utilisation': { args: Span; result: UtilisationSeries };
  /** Over the window that ends with the 10 min of `atMs`, by default of the engine's clock; of one driver or of all. */
  'driver.scores': { args: { window: ScoreWindow; atMs?: number; driverId?: string }; result: DriverScoreTable };
  /** What lowers scores. */
  'driver.events': { args: Span & { limit: number; driverId?: string }; result: { events: StoredDriverEvent[] } };
  'driver.breaks': {
    args: Span & { limit: number; driverId?: string };
    result: { violations: StoredBreakViolation[] };
  };
  /** By when they came in; the newest received day first. */
  'late.list': { args: Span & { limit: number }; result: { late: StoredLate[] } };
  /** Alerts raised by hour, rule and priority, oldest first; at most 31 days. */
  'alerts.hours': { args: Span; result: { hours: AlertHour[] } };
  /** Changes of the rule packs, newest first, without their texts. */
  'rules.history': { args: { limit: number }; result: { changes: StoredRulesChange[] } };
  /** The packs that came into force at that position, with their texts. */
  'rules.version': { args: { position: number }; result: RulesVersion };
}
