import { describe, expect, test } from 'vitest';
import { SIGNALS } from '../model/signals.ts';
import { COLUMN } from './columns.ts';
import { FleetState } from './fleet-state.ts';
import { MinuteStore } from './minute-store.ts';

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;
const MINUTE = 60 * S;

/** A fleet that does with a speed what the engine does with a telemetry event. */
function setup(slots = 1) {
  const state = new FleetState();
  state.use(slots - 1, 0);
  const store = new MinuteStore();
  const speed = (timeMs: number, kmph: number, slot = 0): void => {
    store.roll(state, slot, timeMs, (s) => `v${s}`);
    store.speed(slot, kmph);
    state.values[COLUMN.speedKmph][slot] = kmph;
    if (timeMs > state.clockMs[slot]) state.clockMs[slot] = timeMs;
  };
  return { state, store, speed };
}

describe('a minute', () => {
  test('is closed by the first event after it, with its last values and its highest speed', () => {
    const { store, speed } = setup();
    for (const [s, kmph] of [
      [0, 30],
      [20, 90],
      [59, 50],
    ])
      speed(T0 + s * S, kmph);
    expect(store.pendingRows).toBe(0);
    speed(T0 + 60 * S, 10);
    expect(store.pendingRows).toBe(1);
    const rows = store.take();
    expect(rows).toMatchObject({ vehicleIds: ['v0'], minuteMs: [T0], maxSpeedKmph: [90], signalCount: SIGNALS.length });
    expect(rows.values).toHaveLength(SIGNALS.length);
    expect(rows.values[COLUMN.speedKmph]).toBe(50);
    expect(rows.values[COLUMN.rpm]).toBeNaN();
  });

  test('without events has no row; the one before a gap keeps its own time', () => {
    const { store, speed } = setup();
    speed(T0 + 5 * S, 30);
    speed(T0 + 10 * MINUTE, 40);
    speed(T0 + 11 * MINUTE, 50);
    expect(store.take()).toMatchObject({ minuteMs: [T0, T0 + 10 * MINUTE], maxSpeedKmph: [30, 40] });
  });

  test('starts with no highest speed; an unknown speed does not wipe it', () => {
    const { store, speed, state } = setup();
    speed(T0, 80);
    speed(T0 + S, Number.NaN);
    speed(T0 + 2 * S, 20);
    store.roll(state, 0, T0 + MINUTE, () => 'v0');
    state.clockMs[0] = T0 + MINUTE;
    store.roll(state, 0, T0 + 2 * MINUTE, () => 'v0');
    expect(store.take().maxSpeedKmph).toEqual([80, Number.NaN]);
  });

  test('an event of an earlier minute than the vehicle has reached closes nothing', () => {
    const { store, speed } = setup();
    speed(T0 + MINUTE, 30);
    speed(T0 + 30 * S, 40);
    expect(store.pendingRows).toBe(0);
  });
});

test('rows of many vehicles come in the order in which they closed, and are given out once', () => {
  const { store, speed } = setup(3000);
  for (let slot = 0; slot < 3000; slot++) speed(T0, slot % 200, slot);
  for (let slot = 2999; slot >= 0; slot--) speed(T0 + MINUTE, 1, slot);
  const rows = store.take();
  expect(rows.vehicleIds).toHaveLength(3000);
  expect([rows.vehicleIds[0], rows.vehicleIds[2999]]).toEqual(['v2999', 'v0']);
  for (let row = 0; row < 3000; row++) {
    const slot = 2999 - row;
    expect(rows.values[row * SIGNALS.length + COLUMN.speedKmph]).toBe(slot % 200);
    expect(rows.maxSpeedKmph[row]).toBe(slot % 200);
  }
  expect(store.take().vehicleIds).toEqual([]);
  speed(T0 + 2 * MINUTE, 5, 7);
  expect(store.take().vehicleIds).toEqual(['v7']);
  expect(rows.vehicleIds).toHaveLength(3000);
});

test('stored and restored, an open minute keeps its highest speed', () => {
  const { store, speed, state } = setup(2);
  speed(T0, 77, 0);
  speed(T0, 44, 1);
  const stored = new Map(store.arrays(2).map(([name, array]) => [name, array.slice()]));
  const later = new MinuteStore();
  later.restore(2, (name) => stored.get(name));
  for (const slot of [0, 1]) later.roll(state, slot, T0 + MINUTE, (s) => `v${s}`);
  expect(later.take()).toMatchObject({ vehicleIds: ['v0', 'v1'], maxSpeedKmph: [77, 44] });
});
