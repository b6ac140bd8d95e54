import type { RequestName } from '../protocol/requests.ts';

/** Requests that windows put to the query worker; all others go to the engine worker. */
export const QUERY_REQUESTS = [
  'alerts.history',
  'alerts.get',
  'alerts.transitions',
  'alerts.members',
  'alerts.kpis',
  'alerts.floods',
  'operator.actions',
  'rules.history',
  'rules.version',
  'vehicle.minutes',
  'quarantine.report',
  'trips.list',
  'stops.list',
  'vehicle.hours',
  'vehicle.days',
  'fleet.kpis',
  'fleet.utilisation',
  'driver.scores',
  'driver.events',
  'driver.breaks',
  'late.list',
  'alerts.hours',
] as const satisfies readonly RequestName[];

const names: ReadonlySet<string> = new Set(QUERY_REQUESTS);

export function isQueryRequest(name: string): boolean {
  return names.has(name);
}
