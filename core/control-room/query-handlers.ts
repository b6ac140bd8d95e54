import { HistoryError } from '../history/errors.ts';
import type { HistoryQueries } from '../history/queries.ts';
import { RoomError } from '../protocol/errors.ts';
import type { RequestHandlers } from '../protocol/requests.ts';
import type { QUERY_REQUESTS } from './query-requests.ts';

/** Gives a window the history's sentence with its kind instead of an internal error. */
function asked<Args, Result>(query: (args: Args) => Result): (args: Args) => Result {
  return (args) => {
    try {
      return query(args);
    } catch (error) {
      throw error instanceof HistoryError ? new RoomError(error.kind, error.message) : error;
    }
  };
}

/** What windows can ask a history, the live one or that of a replay; `queries` is asked for each time. */
export function queryHandlers(
  queries: () => HistoryQueries,
): RequestHandlers<(typeof QUERY_REQUESTS)[number] | 'vehicle.track'> {
  return {
    'alerts.history': asked((args) => queries().alertHistory(args)),
    'alerts.transitions': asked((args) => queries().alertTransitions(args)),
    'alerts.get': asked((args) => queries().alertById(args)),
    'alerts.members': asked((args) => queries().alertMembers(args)),
    'alerts.kpis': asked((args) => queries().alertKpis(args)),
    'alerts.floods': asked((args) => queries().alertFloods(args)),
    'operator.actions': asked((args) => queries().operatorActions(args)),
    'rules.history': asked((args) => queries().rulesHistory(args)),
    'rules.version': asked((args) => queries().rulesVersion(args)),
    'vehicle.minutes': asked((args) => queries().vehicleMinutes(args)),
    'vehicle.track': asked((args) => queries().vehicleTrack(args)),
    'quarantine.report': asked(() => queries().quarantineReport()),
    'trips.list': asked((args) => queries().trips(args)),
    'stops.list': asked((args) => queries().stops(args)),
    'vehicle.hours': asked((args) => queries().vehicleHours(args)),
    'vehicle.days': asked((args) => queries().vehicleDays(args)),
    'fleet.kpis': asked((args) => queries().fleetKpis(args)),
    'fleet.utilisation': asked((args) => queries().utilisation(args)),
    'driver.scores': asked((args) => queries().driverScores(args)),
    'driver.events': asked((args) => queries().driverEvents(args)),
    'driver.breaks': asked((args) => queries().breakViolations(args)),
    'late.list': asked((args) => queries().late(args)),
    'alerts.hours': asked((args) => queries().alertHours(args)),
  };
}
