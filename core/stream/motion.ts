import { MOVEMENT, type Movement } from '../model/movement.ts';
import { COLUMN } from './columns.ts';
import type { FleetState } from './fleet-state.ts';

/** Above this a vehicle is moving (the seed pipeline's "active"); once moving it stays so down to STANDING_KMPH (Geotab). */
export const MOVING_KMPH = 5;
export const STANDING_KMPH = 1;

/** Without any message for this long a vehicle is offline. */
export const OFFLINE_AFTER_S = 600;

const SHORTEST_STEP_S = 0.4;
const LONGEST_STEP_S = 3;

/**
 * Call before a speed is applied, with its event time: derives the acceleration from the step since the speed before, whichever
 * message brought that. Unknown where the step is shorter or longer than two fixes of a tracker are apart.
 */
export function deriveAcceleration(state: FleetState, slot: number, speedKmph: number, timeMs: number): void {
  const before = state.values[COLUMN.speedKmph][slot];
  const stepS = (timeMs - state.speedMs[slot]) / 1000;
  const usable = stepS >= SHORTEST_STEP_S && stepS <= LONGEST_STEP_S;
  state.values[COLUMN.accelMps2][slot] = usable ? (speedKmph - before) / 3.6 / stepS : Number.NaN;
  state.values[COLUMN.prevSpeedKmph][slot] = before;
  state.speedMs[slot] = timeMs;
}

/** What the vehicle does, from what it last reported. */
export function deriveMovement(state: FleetState, slot: number): Movement {
  const speedKmph = state.values[COLUMN.speedKmph][slot];
  if (Number.isNaN(speedKmph)) return MOVEMENT.noData;
  const wasMoving = state.values[COLUMN.wasMoving][slot] === 1;
  if (speedKmph > MOVING_KMPH || (speedKmph >= STANDING_KMPH && wasMoving)) return MOVEMENT.moving;
  return engineOn(state, slot) ? MOVEMENT.idling : MOVEMENT.stopped;
}

/** Ignition where it is reported, else engine speed, else being on a trip. */
function engineOn(state: FleetState, slot: number): boolean {
  const ignition = state.values[COLUMN.ignition][slot];
  if (!Number.isNaN(ignition)) return ignition === 1;
  const rpm = state.values[COLUMN.rpm][slot];
  if (!Number.isNaN(rpm)) return rpm > 0;
  return state.tripIds[slot] !== '';
}
