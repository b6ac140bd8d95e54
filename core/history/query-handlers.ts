import type { HistoryQueries } from './queries.ts';

/** The protocol's requests that a history answers, by name. */
export function queryHandlers(queries: HistoryQueries) {
  return {
    'alerts.history': queries.alertHistory,
    'alerts.transitions': queries.alertTransitions,
    'alerts.hours': queries.alertHours,
    'vehicle.minutes': queries.vehicleMinutes,
    'vehicle.track': queries.vehicleTrack,
    'vehicle.hours': queries.vehicleHours,
    'vehicle.days': queries.vehicleDays,
    'quarantine.report': queries.quarantineReport,
    'trips.list': queries.trips,
    'stops.list': queries.stops,
    'fleet.kpis': queries.fleetKpis,
    'fleet.utilisation': queries.utilisation,
    'driver.scores': queries.driverScores,
    'driver.events': queries.driverEvents,
    'driver.breaks': queries.breakViolations,
    'late.list': queries.late,
  };
}
