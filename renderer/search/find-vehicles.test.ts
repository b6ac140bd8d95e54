import { expect, test } from 'vitest';
import { findVehicles } from './find-vehicles.ts';

const ids = ['VAN-10', 'truck-1', 'van-1', 'TRUCK-VAN', 'van-11'];

test('ids that begin with the text come first, letter case does not matter', () => {
  expect(findVehicles(ids, ' VAN', 20)).toEqual([0, 2, 4, 3]);
  expect(findVehicles(ids, '-1', 20)).toEqual([0, 1, 2, 4]);
});

test('a limit, no text, no match, slots without a name', () => {
  expect(findVehicles(ids, 'van', 2)).toEqual([0, 2]);
  expect(findVehicles(ids, '  ', 20)).toEqual([]);
  expect(findVehicles(ids, 'bus', 20)).toEqual([]);
  const holes: string[] = [];
  holes[3] = 'van-3';
  expect(findVehicles(holes, 'van', 20)).toEqual([3]);
});
