import { below, between } from '../random.ts';
import { drive, routeTo } from './motion.ts';
import { chooseLeg, planTrip } from './plan.ts';
import { steer } from './steering.ts';
import type { Reporter, Vehicle } from './vehicle.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Via points between two stops: with them a leg takes about half an hour, so that most of a fleet is on the road. */
const VIAS = 4;

/** Takes the vehicle to `nowMs`: on its way, at a stop, on a break, or in the depot. */
export function stepJourney(v: Vehicle, nowMs: number, report: Reporter): void {
  const dtS = (nowMs - v.timeMs) / SECOND;
  v.timeMs = nowMs;
  if (v.phase === 'driving') {
    if (drive(v, nowMs, dtS)) {
      v.phase = 'arrived';
      v.phaseUntilMs = nowMs + between(v.rnd, 8, 25) * SECOND;
    }
    steer(v, dtS);
  } else if (nowMs >= v.phaseUntilMs) nextPhase(v, report);
}

function nextPhase(v: Vehicle, report: Reporter): void {
  if (v.phase === 'arrived') park(v, report);
  else if (v.phase === 'parked') wake(v, report);
  else v.phase = 'driving';
}

/** Engine off, end of the trip. */
function park(v: Vehicle, report: Reporter): void {
  endTrip(v, report, 'completed');
  v.phaseUntilMs = v.timeMs + loadingMs(v);
  v.stopsMade++;
  const home = v.place.graph.to[v.edge] === v.place.graph.depot;
  if (home) {
    v.stopsLeft = 4 + below(v.rnd, 4);
    if (v.fuelPct < 55) v.fuelPct = 96;
  } else v.stopsLeft--;
  if (home && v.timeMs >= v.shiftEndMs && v.loggedIn) {
    report.driver(v, 'driver_logout');
    v.loggedIn = false;
  } else if (v.timeMs >= v.nextBreakMs) {
    report.driver(v, 'break_start');
    v.onBreak = true;
    v.phaseUntilMs = v.timeMs + between(v.rnd, 15, 21) * MINUTE;
  }
}

/** A loading stop takes 3 to 10 minutes, more often a short one. */
export function loadingMs(v: Vehicle): number {
  return (3 + 7 * v.rnd() * v.rnd()) * MINUTE;
}

/** Ends the trip where the vehicle stands and turns the engine off. */
export function endTrip(v: Vehicle, report: Reporter, status: 'completed' | 'cancelled'): void {
  report.tripEnd(v, status);
  v.tripId = '';
  v.ignition = false;
  v.speedMps = 0;
  v.phase = 'parked';
  v.statusDue = true;
}

/** End of a stop: a driver at the wheel, engine on, a new trip. */
function wake(v: Vehicle, report: Reporter): void {
  if (v.onBreak) {
    report.driver(v, 'break_end');
    v.onBreak = false;
    v.nextBreakMs = v.timeMs + between(v.rnd, 3, 4.5) * HOUR;
  }
  if (!v.loggedIn) {
    v.driverNumber = 3 - v.driverNumber;
    v.loggedIn = true;
    v.shiftEndMs = v.timeMs + between(v.rnd, 7.5, 9) * HOUR;
    v.nextBreakMs = v.timeMs + between(v.rnd, 3, 4.5) * HOUR;
    report.driver(v, 'driver_login');
  }
  v.ignition = true;
  v.statusDue = true;
  v.tripId = tripIdAt(v, v.timeMs);
  v.tripStartMs = v.timeMs;
  v.tripM = 0;
  planTrip(v, VIAS, v.place.graph.to[v.edge], v.place.graph.from[v.edge]);
  chooseLeg(v, v.place.graph.to[v.edge]);
  routeTo(v, v.tree.destination, v.final);
  report.tripStart(v);
  v.phase = 'leaving';
  v.phaseUntilMs = v.timeMs + between(v.rnd, 12, 35) * SECOND;
}

/** Unique across runs: it carries the second at which the trip began. */
export function tripIdAt(v: Vehicle, startMs: number): string {
  return `${v.id}-${Math.floor(startMs / SECOND).toString(36)}`;
}
