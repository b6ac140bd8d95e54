import type { Position } from 'geojson';
import { expect, test } from 'vitest';
import { unwrapLine, unwrapPolygons, unwrapRing } from './antimeridian.ts';
import { land, loadAtlas } from './world-features.ts';

test('a line across the antimeridian runs on', () => {
  const lons = (line: Position[]) => unwrapLine(line).map(([lon]) => lon);
  expect(
    lons([
      [179, 0],
      [-179, 1],
      [-178, 2],
      [179, 3],
    ]),
  ).toEqual([179, 181, 182, 179]);
  expect(
    lons([
      [-179, 0],
      [179, 1],
    ]),
  ).toEqual([-179, -181]);
  expect(
    lons([
      [10, 0],
      [-100, 1],
    ]),
  ).toEqual([10, -100]);
});

test('a ring around a pole is closed along it', () => {
  const ring = unwrapRing([
    [-120, -70],
    [0, -75],
    [120, -70],
    [-120, -70],
  ]);
  expect(ring).toEqual([
    [-120, -70],
    [0, -75],
    [120, -70],
    [240, -70],
    [240, -90],
    [-120, -90],
    [-120, -70],
  ]);
});

test('no edge of the atlas reaches around the world any more', () => {
  for (const { geometry } of land(loadAtlas('50m')).features) {
    const flat = unwrapPolygons(geometry);
    const polygons =
      flat.type === 'MultiPolygon' ? flat.coordinates : flat.type === 'Polygon' ? [flat.coordinates] : [];
    for (const ring of polygons.flat()) {
      for (let i = 1; i < ring.length; i++) {
        const alongPole = Math.abs(ring[i][1]) === 90 && Math.abs(ring[i - 1][1]) === 90;
        if (!alongPole) expect(Math.abs(ring[i][0] - ring[i - 1][0])).toBeLessThan(180);
      }
      expect(ring[0]).toEqual(ring[ring.length - 1]);
    }
  }
});
