import { EARTH_RADIUS_M, headingGapDeg } from '../../model/geometry.ts';
import { MOVEMENT } from '../../model/movement.ts';
import { TOPIC_KIND } from '../../model/topics.ts';
import { COLUMN } from '../../stream/columns.ts';
import type { FleetState } from '../../stream/fleet-state.ts';
import { legM } from '../../stream/step.ts';
import type { BusinessData } from '../business-data.ts';
import { FIX_FIELD, type FixMemory } from './fix-memory.ts';
import { SOURCE, type Term } from './term.ts';

/** Two fixes of a tracker are this far apart; closer it is noise, further the average of what happened. */
const SHORTEST_LEG_MS = 400;
const LONGEST_LEG_MS = 3000;
const RAD = Math.PI / 180;

/** Metres a degree of latitude has. */
const DEGREE_M = (EARTH_RADIUS_M * Math.PI) / 180;
/** Up to here the earth is flat, degrees: the error is under a thousandth between 80° south and north. */
const FLAT_DEG = 0.02;

/** Like legM, cheaper for the short legs between two fixes. */
function shortLegM(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const dLat = lat2 - lat1;
  const dLon = lon2 - lon1;
  if (!(Math.abs(dLat) < FLAT_DEG && Math.abs(dLon) < FLAT_DEG)) return legM(lat1, lon1, lat2, lon2);
  if (dLat === 0 && dLon === 0) return 0;
  const east = dLon * Math.cos(lat1 * RAD);
  return DEGREE_M * Math.sqrt(dLat * dLat + east * east);
}

/** Great-circle distance between the two newest positions, m; unknown with one. */
export function movedTerm(state: FleetState, memory: FixMemory): Term {
  const field = FIX_FIELD.moved;
  memory.forget(field);
  return {
    key: 'moved_m',
    type: 'number',
    unit: 'm',
    sources: [SOURCE.position],
    lookBackMs: 60_000,
    update(slot) {
      const at = memory.at(slot) + field.at;
      const { values } = memory;
      const lat = state.lat[slot];
      const lon = state.lon[slot];
      const known = !Number.isNaN(values[at]);
      const moved = known ? shortLegM(values[at], values[at + 1], lat, lon) : Number.NaN;
      values[at] = lat;
      values[at + 1] = lon;
      return moved;
    },
    ...memory.stored(field),
  };
}

/** Sideways acceleration between two fixes: mean speed × change of heading over time, m/s² (as core/stream/driving/harsh.ts). */
export function lateralTerm(state: FleetState, memory: FixMemory): Term {
  const field = FIX_FIELD.lateral;
  memory.forget(field);
  return {
    key: 'lateral_mps2',
    type: 'number',
    unit: 'm/s²',
    sources: [COLUMN.speedKmph, COLUMN.heading],
    lookBackMs: 60_000,
    update(slot) {
      const at = memory.at(slot) + field.at;
      const { values } = memory;
      const timeMs = state.kindMs[TOPIC_KIND.telemetry][slot];
      const speedKmph = state.values[COLUMN.speedKmph][slot];
      const headingDeg = state.values[COLUMN.heading][slot];
      const gapMs = timeMs - values[at];
      const usable = gapMs >= SHORTEST_LEG_MS && gapMs <= LONGEST_LEG_MS;
      const turnRad = headingGapDeg(headingDeg, values[at + 2]) * RAD;
      const lateral = usable ? ((speedKmph + values[at + 1]) / 2 / 3.6) * (turnRad / (gapMs / 1000)) : Number.NaN;
      values[at] = timeMs;
      values[at + 1] = speedKmph;
      values[at + 2] = headingDeg;
      return lateral;
    },
    ...memory.stored(field),
  };
}

const HOUR_MS = 3_600_000;

/** A clock is looked at so often, ms of its own time. */
const CLOCK_EVERY_MS = 10_000;

/**
 * How far the vehicle's telemetry clock is behind the room's, s, looked at every 10 s: a constant amount is a wrong clock, a shrinking one a
 * backlog.
 */
export function clockBehindTerm(state: FleetState, memory: FixMemory): Term {
  const field = FIX_FIELD.clock;
  memory.forget(field);
  return {
    key: 'clock_behind_s',
    type: 'number',
    unit: 's',
    sources: [COLUMN.speedKmph],
    lookBackMs: CLOCK_EVERY_MS,
    sampled: true,
    update(slot) {
      const at = memory.at(slot) + field.at;
      const { values } = memory;
      const timeMs = state.kindMs[TOPIC_KIND.telemetry][slot];
      if (timeMs === 0 || timeMs - values[at] < CLOCK_EVERY_MS) return values[at + 1];
      values[at] = timeMs;
      values[at + 1] = (state.receivedMs[slot] - timeMs) / 1000;
      return values[at + 1];
    },
    ...memory.stored(field),
  };
}

/** Hours since the vehicle was last seen moving, by the room's clock; looked at once in SLOW_TICK_S, unknown until the first time. */
export function stillTerm(state: FleetState, memory: FixMemory): Term {
  const field = FIX_FIELD.still;
  memory.forget(field);
  return {
    key: 'still_h',
    type: 'number',
    unit: 'h',
    sources: [],
    lookBackMs: 0,
    slow: true,
    update: () => Number.NaN,
    tick(slot, atMs) {
      const at = memory.at(slot) + field.at;
      const { values } = memory;
      if (state.movement[slot] === MOVEMENT.moving || Number.isNaN(values[at])) values[at] = atMs;
      return (atMs - values[at]) / HOUR_MS;
    },
    ...memory.stored(field),
  };
}

export function onTripTerm(state: FleetState): Term {
  return {
    key: 'on_trip',
    type: 'bool',
    unit: '',
    sources: [SOURCE.trip],
    lookBackMs: 0,
    fromNow: true,
    update: (slot) => (state.tripIds[slot] === '' ? 0 : 1),
  };
}

export function driverTerm(state: FleetState, { codeOf }: BusinessData): Term {
  return {
    key: 'driver',
    type: 'text',
    unit: '',
    sources: [SOURCE.driver],
    lookBackMs: 0,
    fromNow: true,
    update: (slot) => codeOf(state.driverIds[slot]),
  };
}
