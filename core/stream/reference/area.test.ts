import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { haversineM } from '../../model/geometry.ts';
import type { ReferenceGeofence } from '../../model/reference.ts';
import { Area } from './area.ts';
import { fence, geofences, square, star } from './testing/fences.ts';

fc.configureGlobal({ seed: 20_260_301 });

/** Even-odd over all edges of each polygon, longitudes taken next to the position's. */
function holds({ polygons }: ReferenceGeofence, lat: number, lon: number): boolean {
  return polygons.some((rings) => {
    let odd = false;
    for (const ring of rings) {
      for (let i = 0; i + 1 < ring.length; i++) {
        const near = (x: number): number => x + 360 * Math.round((lon - x) / 360);
        const [x1, y1] = [near(ring[i][0]), ring[i][1]];
        const [x2, y2] = [near(ring[i + 1][0]), ring[i + 1][1]];
        if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) odd = !odd;
      }
    }
    return odd;
  });
}

const place = fc.constantFrom<[number, number]>([10, 50], [180, 10], [-179.9, -60], [0, 0], [25, 80]);

describe('area', () => {
  it('holds what a plain walk round its edges says, with holes and over the antimeridian', () => {
    let inside = 0;
    fc.assert(
      fc.property(
        place.chain(([lon, lat]) => fc.tuple(fc.constant([lon, lat] as const), geofences(lon, lat, 0.2))),
        fc.array(
          fc.tuple(fc.double({ min: -0.5, max: 0.5, noNaN: true }), fc.double({ min: -0.5, max: 0.5, noNaN: true })),
          {
            minLength: 30,
            maxLength: 30,
          },
        ),
        ([[lon, lat], fences], points) => {
          for (const f of fences) {
            const area = new Area(f);
            for (const [dx, dy] of points) {
              const x = lon + dx >= 180 ? lon + dx - 360 : lon + dx < -180 ? lon + dx + 360 : lon + dx;
              const expected = holds(f, lat + dy, x);
              // On an edge within rounding either answer is right.
              if (area.edgeWithin(lat + dy, x, 1e-6)) continue;
              expect(area.contains(lat + dy, x)).toBe(expected);
              if (expected) inside++;
            }
          }
        },
      ),
    );
    expect(inside).toBeGreaterThan(1000);
  });

  it('is near its edge where the edge is near, on either side of the antimeridian', () => {
    const area = new Area(square('s', 180, 50, 0.01));
    const edge = 180 - 0.01;
    const metres = haversineM(50, edge, 50, edge - 0.001);
    for (const side of [-1, 1]) {
      expect(area.edgeWithin(50, side * (edge - 0.001), metres * 1.001)).toBe(true);
      expect(area.edgeWithin(50, side * (edge - 0.001), metres * 0.999)).toBe(false);
    }
    expect(area.contains(50, 179.995)).toBe(true);
    expect(area.contains(50, -179.995)).toBe(true);
    expect(area.contains(50, 0)).toBe(false);
  });

  it('takes a ring round a pole as holding the pole', () => {
    const north = new Area(
      fence('arctic', [
        [
          [
            [0, 70],
            [90, 70],
            [180, 70],
            [-90, 70],
            [0, 70],
          ],
        ],
      ]),
    );
    for (const lon of [-180, -135, -1, 0, 45, 179]) {
      expect(north.contains(75, lon), `75 ${lon}`).toBe(true);
      expect(north.contains(65, lon), `65 ${lon}`).toBe(false);
    }
    const south = new Area(
      fence('antarctic', [
        [
          [
            [-180, -90],
            [180, -90],
            [180, -60],
            [-180, -60],
            [-180, -90],
          ],
        ],
      ]),
    );
    expect(south.contains(-80, 12)).toBe(true);
    expect(south.contains(-50, 12)).toBe(false);
  });

  it('answers for a polygon of many corners and a few long edges', () => {
    const coast = Array.from({ length: 20_000 }, (_, i): [number, number] => [10 + (i % 2) * 1e-4, 50 + i * 1e-4]);
    const land = new Area(fence('land', [[[...coast, [20, 52], [20, 50], [10, 50]]]]));
    expect(land.contains(51, 15)).toBe(true);
    expect(land.contains(51, 9.9)).toBe(false);
    expect(land.edgeWithin(51, 9.9999, 30)).toBe(true);
  });

  it('holds nothing where a polygon has no area', () => {
    expect(new Area(fence('empty', [])).contains(0, 0)).toBe(false);
    expect(new Area(fence('empty', [[]])).contains(0, 0)).toBe(false);
    expect(new Area(fence('line', [[star(0, 0, [0, 0, 0])]])).contains(0, 0)).toBe(false);
  });
});
