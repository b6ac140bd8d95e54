import { expect, test } from 'vitest';
import { emptyColumns } from '../../core/protocol/frame.ts';
import { boundsAround, busiestArea } from './fleet-areas.ts';
import { FleetBuffer } from './fleet-buffer.ts';
import { mercatorX, mercatorY } from './mercator.ts';

function fleetAt(places: [lon: number, lat: number][]): FleetBuffer {
  const columns = emptyColumns(places.length);
  columns.count = places.length;
  places.forEach(([lon, lat], i) => {
    columns.slot[i] = i;
    columns.lon[i] = lon;
    columns.lat[i] = lat;
  });
  const fleet = new FleetBuffer();
  fleet.apply({ ...columns, sequence: 1, merged: 0, sentMs: 0 }, 0);
  return fleet;
}

const BERLIN: [number, number][] = [
  [13.3, 52.4],
  [13.5, 52.6],
  [13.4, 52.5],
];
const MADRID: [number, number][] = [
  [-3.7, 40.4],
  [-3.6, 40.5],
];

test('the busiest area holds the vehicles of the largest crowd only', () => {
  expect(busiestArea(fleetAt([...MADRID, ...BERLIN, [0, 0]]))).toEqual([
    [13.3, 52.4],
    [13.5, 52.6],
  ]);
});

test('a fleet without positions has none', () => {
  expect(busiestArea(fleetAt([[Number.NaN, Number.NaN]]))).toBeUndefined();
});

test('bounds of what lies in a circle', () => {
  const fleet = fleetAt([...MADRID, ...BERLIN]);
  expect(boundsAround(fleet, mercatorX(-3.7), mercatorY(40.4), 1e-5)).toEqual([
    [-3.7, 40.4],
    [-3.7, 40.4],
  ]);
  expect(boundsAround(fleet, 0, 0, 0.01)).toBeUndefined();
});
