import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { haversineM } from '../../model/geometry.ts';
import type { ReferenceRoute } from '../../model/reference.ts';
import { METRES_PER_DEGREE, metresPerLon, nearestOnSegment, shortWay } from './flat-earth.ts';
import { Way } from './way.ts';

fc.configureGlobal({ seed: 20_260_301 });

function route(points: readonly (readonly [number, number])[]): ReferenceRoute {
  return { routeId: 'r', corridorM: 100, points };
}

/** The nearest point of all segments, one after the other. */
function plainDistanceM({ points }: ReferenceRoute, lat: number, lon: number): number {
  const lonM = metresPerLon(lat);
  const plane = points.map(([x, y]) => [shortWay(x - lon) * lonM, (y - lat) * METRES_PER_DEGREE]);
  const distances = plane.slice(1).map(([bx, by], i) => {
    const [ax, ay] = plane[i];
    const t = nearestOnSegment(0, 0, ax, ay, bx, by);
    return Math.hypot(ax + t * (bx - ax), ay + t * (by - ay));
  });
  return Math.min(...distances);
}

const steps = fc.array(
  fc.tuple(fc.double({ min: -0.01, max: 0.01, noNaN: true }), fc.double({ min: -0.01, max: 0.01, noNaN: true })),
  { minLength: 2, maxLength: 900 },
);
const start = fc.constantFrom<[number, number]>([10, 50], [179.99, -20]);
const offset = fc.double({ min: -0.2, max: 0.2, noNaN: true });
const wrapped = (lon: number): number => lon - 360 * Math.floor((lon + 180) / 360);

describe('way', () => {
  it('is as far away as the nearest of all its segments, whatever the hint', () => {
    fc.assert(
      fc.property(start, steps, offset, offset, fc.nat(), (from, walk, dx, dy, pick) => {
        const [points] = walk.reduce<[[number, number][], number, number]>(
          ([list, x, y], [sx, sy]) => [[...list, [wrapped(x + sx), y + sy]], x + sx, y + sy],
          [[], ...from],
        );
        const way = new Way(route(points));
        const [lat, lon] = [from[1] + dy, wrapped(from[0] + dx)];
        const expected = plainDistanceM(way.route, lat, lon);
        expect(way.distanceM(lat, lon)).toBeCloseTo(expected, 6);
        const place = { offM: 0, segment: 0, alongM: 0 };
        way.find(lat, lon, 0, -1, place);
        expect(place.offM).toBeCloseTo(expected, 6);
        way.find(lat, lon, 0, pick % points.length, place);
        expect(place.offM).toBeGreaterThanOrEqual(expected - 1e-6);
        expect(place.offM).toBeLessThanOrEqual(expected + 30);
      }),
    );
  });

  it('tells how far along it a position is', () => {
    const way = new Way(
      route([
        [10, 50],
        [10, 50.1],
        [10.2, 50.1],
      ]),
    );
    const place = { offM: 0, segment: 0, alongM: 0 };
    way.find(50.1005, 10.05, 0, -1, place);
    const expected = haversineM(50, 10, 50.1, 10) + haversineM(50.1, 10, 50.1, 10.05);
    expect(place.segment).toBe(1);
    expect(place.offM).toBeCloseTo(55.6, 0);
    expect(place.alongM).toBeCloseTo(expected, -1);
  });

  it('stays on the leg it was on where a way comes back beside itself', () => {
    const there = Array.from({ length: 100 }, (_, i): [number, number] => [10 + i * 0.001, 50]);
    const back = there.toReversed().map(([lon]): [number, number] => [lon, 50.0001]);
    const way = new Way(route([...there, ...back]));
    const place = { offM: 0, segment: 0, alongM: 0 };
    way.find(50.00007, 10.02, 0, 19, place);
    expect(place.segment).toBeLessThan(100);
    way.find(50.00002, 10.02, 0, 178, place);
    expect(place.segment).toBeGreaterThan(100);
    way.find(50, 10.02, 100, -1, place);
    expect(place.segment).toBeGreaterThanOrEqual(100);
  });

  it('without segments is infinitely far away', () => {
    expect(new Way(route([[10, 50]])).distanceM(50, 10)).toBe(Number.POSITIVE_INFINITY);
  });
});
