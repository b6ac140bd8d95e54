import { expect, test } from 'vitest';
import { COLUMNS, findColumn } from './columns.ts';
import { CLOCK_KINDS, FleetState, type StateArray } from './fleet-state.ts';

/** Gives every array its own value in each slot. */
function fill(state: FleetState, slots: readonly number[]): void {
  for (const slot of slots) {
    state.use(slot, 1000 + slot);
    state.arrays().forEach(([, array], i) => {
      array[slot] = (i * 7 + slot) % 250;
    });
    state.driverIds[slot] = `d${slot}`;
  }
}

test('the columns are numbered without gaps and named once', () => {
  expect(COLUMNS.map((c) => c.column)).toEqual(COLUMNS.map((_, i) => i));
  expect(new Set(COLUMNS.map((c) => c.name)).size).toBe(COLUMNS.length);
  for (const column of COLUMNS) expect(findColumn(column.name)).toBe(column);
  expect([findColumn('speed'), findColumn(''), findColumn('constructor')]).toEqual([undefined, undefined, undefined]);
});

test('a new slot knows nothing and has its first time', () => {
  const state = new FleetState();
  expect(state.use(2, 77)).toBe(true);
  expect(state.use(2, 99)).toBe(false);
  expect(state.use(0, 99)).toBe(false);
  expect(state.count).toBe(3);
  expect([...state.firstSeenMs.slice(0, 3)]).toEqual([77, 77, 77]);
  for (const values of state.values) expect(values[2]).toBeNaN();
  expect([state.lat[2], state.lon[2], state.clockMs[2], state.receivedMs[2], state.speedMs[2]]).toEqual([
    Number.NaN,
    Number.NaN,
    0,
    0,
    0,
  ]);
  expect([state.driverIds[2], state.tripIds[2], state.faultCodes[2]]).toEqual(['', '', '']);
  expect(state.kindMs).toHaveLength(CLOCK_KINDS);
});

test('growing keeps all that is there, and what is new is unknown', () => {
  const state = new FleetState();
  const early = [0, 1, 500, 1023];
  fill(state, early);
  const before = state.arrays().map(([name, array]) => [name, ...early.map((slot) => array[slot])]);
  state.touch(500);
  const { version } = state;
  state.use(1024, 5);
  state.use(70_000, 5);
  expect(state.capacity).toBeGreaterThan(70_000);
  expect(state.arrays().map(([name, array]) => [name, ...early.map((slot) => array[slot])])).toEqual(before);
  expect([state.changedAt[500], state.changedAt[501], state.version]).toEqual([version, 0, version]);
  expect(state.driverIds[1023]).toBe('d1023');
  for (const values of state.values) expect([values.length, values[60_000]]).toEqual([state.capacity, Number.NaN]);
  expect([state.lat[60_000], state.kindMs[5][60_000], state.movement[60_000]]).toEqual([Number.NaN, 0, 0]);
});

test('stored and restored, also into a state that has to grow for it', () => {
  const state = new FleetState();
  fill(state, [0, 3, 1500]);
  const stored = new Map<string, StateArray>(state.arrays().map(([name, array]) => [name, array.slice()]));
  const later = new FleetState();
  later.restore(state.count, (name) => stored.get(name));
  expect(later.count).toBe(1501);
  expect(later.arrays()).toEqual(state.arrays());
  expect(later.changedAt[1500]).toBeGreaterThan(0);
});

test('a column that the checkpoint does not know stays unknown', () => {
  const state = new FleetState();
  fill(state, [0, 1]);
  const stored = new Map<string, StateArray>(state.arrays().map(([name, array]) => [name, array.slice()]));
  stored.delete('value.rpm');
  stored.delete('speedMs');
  const later = new FleetState();
  later.restore(2, (name) => stored.get(name));
  expect(later.values[findColumn('rpm')!.column].slice(0, 2)).toEqual(Float64Array.of(Number.NaN, Number.NaN));
  expect([...later.speedMs.slice(0, 2)]).toEqual([0, 0]);
  expect(later.lat[1]).toBe(state.lat[1]);
});

test('each change is above every version seen before it', () => {
  const state = new FleetState();
  state.use(2, 0);
  const seen = state.version;
  state.touch(1);
  state.touch(2);
  expect([0, 1, 2].filter((slot) => state.changedAt[slot] > seen)).toEqual([1, 2]);
});
