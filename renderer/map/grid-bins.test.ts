import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyColumns } from '../../core/protocol/frame.ts';
import { CellTable } from './cell-table.ts';
import { FleetBuffer } from './fleet-buffer.ts';
import { BUBBLES_BELOW_ZOOM, GridBins } from './grid-bins.ts';
import { mercatorX, mercatorY } from './mercator.ts';

type Vehicle = readonly [lon: number, lat: number, waitingPriority?: number];

function fleetOf(vehicles: readonly Vehicle[]): FleetBuffer {
  const columns = emptyColumns(vehicles.length);
  columns.count = vehicles.length;
  for (const [i, [lon, lat, priority = 0]] of vehicles.entries()) {
    columns.slot[i] = i;
    columns.lon[i] = lon;
    columns.lat[i] = lat;
    columns.eventMs[i] = 1;
    columns.movement[i] = 1;
    columns.priority[i] = priority;
    columns.unacknowledged[i] = priority > 0 ? 1 : 0;
  }
  const fleet = new FleetBuffer();
  fleet.apply(columns, 0);
  return fleet;
}

const crowd = (lon: number, lat: number, count: number, priority = 0): Vehicle[] =>
  Array.from({ length: count }, (_, i) => [lon + i * 1e-4, lat, priority] as const);

test('every vehicle is either in exactly one bubble or drawn by itself', () => {
  const vehicle = fc.tuple(
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.double({ min: -89, max: 89, noNaN: true }),
    fc.integer({ min: 0, max: 4 }),
  );
  const zoom = fc.double({ min: 0, max: 12, noNaN: true });
  fc.assert(
    fc.property(fc.array(vehicle, { maxLength: 400 }), zoom, (vehicles, at) => {
      const fleet = fleetOf(vehicles);
      const bins = new GridBins();
      bins.update(fleet, at);
      fleet.touchOrder();
      const inBubbles = bins.bubbles.reduce((sum, { count }) => sum + count, 0);
      const waiting = bins.bubbles.reduce((sum, { unacknowledged }) => sum + unacknowledged, 0);
      expect(inBubbles + fleet.drawOrder().length).toBe(vehicles.length);
      expect(waiting + fleet.drawOrder().unacknowledged).toBe(vehicles.filter(([, , p]) => p > 0).length);
      if (at >= BUBBLES_BELOW_ZOOM) expect(bins.bubbles).toEqual([]);
      for (const bubble of bins.bubbles) expect(bubble.count).toBeGreaterThanOrEqual(8);
    }),
  );
});

test('a crowd is one bubble at its centre, coloured by what is most urgent in it', () => {
  const fleet = fleetOf([...crowd(77.5, 13, 500), ...crowd(77.5, 13.01, 3, 4), [77.51, 13, 2], [2.35, 48.85, 1]]);
  const bins = new GridBins();
  expect(bins.update(fleet, 4)).toBe(true);
  expect(bins.bubbles).toHaveLength(1);
  expect(bins.bubbles[0]).toMatchObject({ count: 504, worst: 2, unacknowledged: 4 });
  expect(bins.bubbles[0].x).toBeCloseTo(mercatorX(77.52), 3);
  expect(bins.bubbles[0].y).toBeCloseTo(mercatorY(13), 3);
  expect(bins.update(fleet, 4)).toBe(false);
  expect(bins.update(fleet, 12)).toBe(true);
  expect(bins.bubbles).toEqual([]);
});

test('a crowd on the edge between cells is not cut in two', () => {
  // x = 0.5 and y = 0.5 are edges of cells whenever the world is an even number of cells wide; shifts cover the rest.
  for (const shift of [0, 0.1, 0.2, 0.4, 0.8]) {
    const bins = new GridBins();
    bins.update(fleetOf([...crowd(shift - 0.05, shift, 300), ...crowd(shift + 0.02, shift, 300)]), 3);
    expect(bins.bubbles.map(({ count }) => count)).toEqual([600]);
  }
});

test('a bubble does not flicker when its count swings around the limit', () => {
  const bins = new GridBins();
  const shown = [7, 8, 7, 6, 5, 4, 5, 7].map((count) => {
    bins.update(fleetOf(crowd(10, 10, count)), 3);
    return bins.bubbles.length;
  });
  expect(shown).toEqual([0, 1, 1, 1, 1, 0, 0, 0]);
});

test('vehicles without a position are in no bubble', () => {
  const bins = new GridBins();
  const fleet = fleetOf([...crowd(10, 10, 20), [Number.NaN, Number.NaN]]);
  bins.update(fleet, 3);
  expect(bins.bubbles[0].count).toBe(20);
  expect(fleet.binned[20]).toBe(0);
});

test('mercator: the corners of the world, its middle, and a known city', () => {
  expect([mercatorX(-180), mercatorX(0), mercatorX(180)]).toEqual([0, 0.5, 1]);
  expect(mercatorY(0)).toBeCloseTo(0.5, 12);
  expect(mercatorY(51.5074)).toBeCloseTo(0.33253, 4);
  expect(mercatorY(90)).toBeGreaterThanOrEqual(-0.001);
  expect(mercatorY(-90)).toBeLessThanOrEqual(1.001);
});

test('the cell table gives each key one number', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -(2 ** 30), max: 2 ** 30 }), { maxLength: 300 }), (keys) => {
      const table = new CellTable();
      table.reset(keys.length);
      const numbers = keys.map((key) => table.numberOf(key));
      expect(table.size).toBe(new Set(keys).size);
      expect(keys.map((key) => table.find(key))).toEqual(numbers);
      expect(numbers.map((number) => table.keys[number])).toEqual(keys);
      expect(table.find(2 ** 30 + 1)).toBe(-1);
    }),
  );
});
