import type Database from 'better-sqlite3';
import type { Priority } from '../model/alerts.ts';
import type { FleetKpis, UnderUsedVehicle } from '../model/history-rows.ts';
import type { StreamSettings } from '../model/stream-settings.ts';
import { usage } from '../model/utilisation.ts';
import { timeSpan } from './arguments.ts';
import type { Meta } from './meta.ts';

const DAY_MS = 86_400_000;
const LEAST_USED = 100;

const SPAN = 'start_ms >= :fromMs AND start_ms < :toMs';
// Whole numbers are summed; an empty span gives zeros.
export const SELECT_SUMS = `
  SELECT ${[
    ...['events', 'distance_m', 'moving_ms', 'idling_ms', 'stopped_ms', 'silent_ms', 'trips_started', 'harsh_events'],
    'speeding_ms',
  ]
    .map((name) => `coalesce(sum(${name}), 0) AS ${name}`)
    .join(', ')} FROM vehicle_day_store WHERE ${SPAN}`;
export const SELECT_USED = `
  SELECT vehicle, sum(coalesce(moving_ms, 0) + coalesce(idling_ms, 0)) FROM vehicle_day_store WHERE ${SPAN} GROUP BY vehicle`;
export const SELECT_ALERT_SUMS = `
  SELECT priority, sum(raised) FROM alert_hour WHERE hour_ms >= :fromMs AND hour_ms < :toMs GROUP BY priority`;
export const SELECT_KNOWN = 'SELECT id, vehicle_id, first_seen_ms FROM vehicle WHERE first_seen_ms < :toMs';

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Answers `fleet.kpis`: sums over the vehicles' days, which are few enough to add up (10,000 vehicles × 7 days in about 30 ms). */
export function kpiQuery(db: Database.Database, meta: Meta, settings: () => StreamSettings): (args: Span) => FleetKpis {
  const sums = db.prepare<[Span], Record<string, number>>(SELECT_SUMS);
  const used = db.prepare<[Span], [vehicle: number, ms: number]>(SELECT_USED).raw();
  const alerts = db.prepare<[Span], [priority: Priority, raised: number]>(SELECT_ALERT_SUMS).raw();
  const known = db.prepare<[Pick<Span, 'toMs'>], [id: number, vehicleId: string, firstMs: number]>(SELECT_KNOWN).raw();

  const read = db.transaction((days: Span): FleetKpis => {
    const toMs = Math.max(days.fromMs, Math.min(days.toMs, meta.get('engine_ms') ?? days.toMs));
    const total = sums.get(days) ?? {};
    const usedMs = new Map(used.all(days));
    const vehicles = known.all({ toMs: days.toMs });
    const times = [total.moving_ms, total.idling_ms, total.stopped_ms, total.silent_ms];
    const wholeMs = times.reduce((sum, ms) => sum + ms, 0);
    const [moving, idling, stopped, silent] = times.map((ms) => (wholeMs > 0 ? ms / wholeMs : 0));
    return {
      fromMs: days.fromMs,
      toMs,
      vehicles: vehicles.length,
      activeVehicles: usedMs.size,
      events: total.events,
      distanceM: total.distance_m / 10,
      movingMs: total.moving_ms,
      idlingMs: total.idling_ms,
      stoppedMs: total.stopped_ms,
      silentMs: total.silent_ms,
      shares: { moving, idling, stopped, silent },
      trips: total.trips_started,
      harshEvents: total.harsh_events,
      speedingMs: total.speeding_ms,
      alerts: { 1: 0, 2: 0, 3: 0, 4: 0, ...Object.fromEntries(alerts.all(days)) },
      usage: usageOf(vehicles, usedMs, { fromMs: days.fromMs, toMs }, settings()),
    };
  });

  return (args) => {
    const { fromMs, toMs } = timeSpan(args);
    return read({ fromMs: Math.floor(fromMs / DAY_MS) * DAY_MS, toMs: Math.ceil(toMs / DAY_MS) * DAY_MS });
  };
}

function usageOf(
  vehicles: readonly [id: number, vehicleId: string, firstMs: number][],
  usedMs: ReadonlyMap<number, number>,
  { fromMs, toMs }: Span,
  settings: StreamSettings,
): FleetKpis['usage'] {
  let usedH = 0;
  let availableH = 0;
  const underUsed: UnderUsedVehicle[] = [];
  for (const [id, vehicleId, firstMs] of vehicles) {
    const sinceMs = Math.max(fromMs, Math.floor(firstMs / DAY_MS) * DAY_MS);
    const row = { vehicleId, startMs: sinceMs, movingMs: usedMs.get(id) ?? 0, idlingMs: 0, tripsStarted: 0 };
    const own = usage([row], sinceMs, toMs, settings);
    usedH += own.usedH;
    availableH += own.availableH;
    if (own.underUsed) underUsed.push({ vehicleId, usedH: own.usedH, availableH: own.availableH, share: own.share });
  }
  underUsed.sort((a, b) => a.share - b.share || (a.vehicleId < b.vehicleId ? -1 : 1));
  return {
    usedH,
    availableH,
    share: availableH > 0 ? usedH / availableH : 0,
    underUsed: underUsed.length,
    leastUsed: underUsed.slice(0, LEAST_USED),
  };
}
