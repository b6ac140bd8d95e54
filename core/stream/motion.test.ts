import { describe, expect, test } from 'vitest';
import { MOVEMENT, type Movement } from '../model/movement.ts';
import { COLUMN } from './columns.ts';
import { FleetState } from './fleet-state.ts';
import { deriveAcceleration, deriveMovement } from './motion.ts';

const T0 = Date.UTC(2026, 2, 1, 10);

function fleet(): FleetState {
  const state = new FleetState();
  state.use(0, 0);
  return state;
}

/** Movement after each speed, deciding `was_moving` as the engine does. */
function movements(
  speeds: (number | undefined)[],
  more: { ignition?: number; rpm?: number; tripId?: string } = {},
): Movement[] {
  const state = fleet();
  state.values[COLUMN.ignition][0] = more.ignition ?? Number.NaN;
  state.values[COLUMN.rpm][0] = more.rpm ?? Number.NaN;
  state.tripIds[0] = more.tripId ?? '';
  return speeds.map((speed) => {
    state.values[COLUMN.speedKmph][0] = speed ?? Number.NaN;
    const movement = deriveMovement(state, 0);
    state.values[COLUMN.wasMoving][0] = movement === MOVEMENT.moving ? 1 : 0;
    return movement;
  });
}

const { noData, moving, idling, stopped } = MOVEMENT;

describe('movement', () => {
  test('begins above 5 km/h and goes on down to 1 km/h', () => {
    expect(movements([0, 5, 5.1, 5, 1, 0.9, 1, 5, 6])).toEqual([
      stopped,
      stopped,
      moving,
      moving,
      moving,
      stopped,
      stopped,
      stopped,
      moving,
    ]);
  });

  test('standing is idling with the ignition on, else by engine speed, else on a trip', () => {
    expect(movements([0], { ignition: 1 })).toEqual([idling]);
    expect(movements([0], { ignition: 0, rpm: 800, tripId: 't' })).toEqual([stopped]);
    expect(movements([0], { rpm: 800 })).toEqual([idling]);
    expect(movements([0], { rpm: 0, tripId: 't' })).toEqual([stopped]);
    expect(movements([0], { tripId: 't' })).toEqual([idling]);
    expect(movements([0])).toEqual([stopped]);
  });

  test('is not known without a speed, and starts again from standing', () => {
    expect(movements([undefined, 3, 6, undefined, 3], { ignition: 1 })).toEqual([
      noData,
      idling,
      moving,
      noData,
      idling,
    ]);
  });
});

describe('acceleration', () => {
  /** Gives speeds at seconds; answers acceleration and speed before, after each. */
  function accelerations(...steps: [second: number, kmph: number][]): [number, number][] {
    const state = fleet();
    return steps.map(([second, kmph]) => {
      deriveAcceleration(state, 0, kmph, T0 + second * 1000);
      state.values[COLUMN.speedKmph][0] = kmph;
      return [state.values[COLUMN.accelMps2][0], state.values[COLUMN.prevSpeedKmph][0]];
    });
  }

  test('is the step in m/s², with the speed before it', () => {
    const [first, second, third] = accelerations([0, 36], [1, 54], [3, 18]);
    expect(first).toEqual([Number.NaN, Number.NaN]);
    expect(second).toEqual([5, 36]);
    expect(third).toEqual([-5, 54]);
  });

  test('is unknown over steps shorter than 0.4 s or longer than 3 s', () => {
    const unknown = accelerations([0, 36], [0.39, 54], [3.4, 18], [3.4, 20], [3.3, 22]).map(([a]) => Number.isNaN(a));
    expect(unknown).toEqual([true, true, true, true, true]);
    const known = accelerations([0, 36], [0.4, 37.44], [3.4, 37.44]).map(([a]) => Number(a.toFixed(6)));
    expect(known).toEqual([Number.NaN, 1, 0]);
  });

  test('is unknown after an unknown speed', () => {
    const after = accelerations([0, 36], [1, Number.NaN], [2, 36], [3, 36]).map(([a]) => a);
    expect(after).toEqual([Number.NaN, Number.NaN, Number.NaN, 0]);
  });

  test('belongs to one vehicle', () => {
    const state = fleet();
    state.use(1, 0);
    deriveAcceleration(state, 0, 36, T0);
    deriveAcceleration(state, 1, 72, T0 + 1000);
    expect(state.values[COLUMN.accelMps2].slice(0, 2)).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  });
});
