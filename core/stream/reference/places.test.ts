import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FleetState } from '../fleet-state.ts';
import { METRES_PER_DEGREE } from './flat-earth.ts';
import { Places } from './places.ts';
import { fence, geofences, PlainPlaces, square } from './testing/fences.ts';

fc.configureGlobal({ seed: 20_260_301 });

const METRE = 1 / METRES_PER_DEGREE;

/** Moves vehicles as the engine does: the fleet's columns first. */
class Fleet {
  readonly state = new FleetState();
  places = new Places(this.state);

  move(slot: number, lat: number, lon: number, timeMs = 0): boolean {
    this.state.use(slot, 0);
    this.state.lat[slot] = lat;
    this.state.lon[slot] = lon;
    this.state.clockMs[slot] = timeMs;
    return this.places.move(slot, lat, lon, timeMs);
  }
}

describe('places', () => {
  it('lets a vehicle in at the edge and out 30 m outside of it', () => {
    const fleet = new Fleet();
    const { places } = fleet;
    places.use([square('depot', 10, 50, 0.01, { groups: ['depots'] })]);
    const key = places.keys.keyOf('depots');
    const edge = 50.01;
    const at = (metres: number, timeMs: number): [boolean, number, number] => [
      fleet.move(0, edge + metres * METRE, 10, timeMs),
      places.inside(0, key),
      places.insideSinceMs(0, key),
    ];
    expect(places.inside(0, key)).toBeNaN();
    expect(at(25, 1)).toEqual([true, 0, Number.NaN]);
    expect(at(5, 2)).toEqual([false, 0, Number.NaN]);
    expect(at(-5, 3)).toEqual([true, 1, 3]);
    expect(at(29, 4)).toEqual([false, 1, 3]);
    expect(at(-29, 5)).toEqual([false, 1, 3]);
    expect(at(31, 6)).toEqual([true, 0, Number.NaN]);
    expect(at(29, 7)).toEqual([false, 0, Number.NaN]);
  });

  it('finds the same as asking every fence at every fix, also over the antimeridian and near a pole', () => {
    const places = fc.constantFrom<[number, number]>([10, 50], [180, 10], [-179.95, -60], [25, 89.5]);
    const step = fc.constantFrom(0.00005, 0.0005, 0.005, 0.1);
    const walk = fc.array(
      fc.record({
        slot: fc.nat(3),
        step,
        x: fc.double({ min: -1, max: 1, noNaN: true }),
        y: fc.double({ min: -1, max: 1, noNaN: true }),
      }),
      { minLength: 50, maxLength: 150 },
    );
    let changes = 0;
    fc.assert(
      fc.property(
        places.chain(([lon, lat]) => fc.tuple(fc.constant([lon, lat] as const), geofences(lon, lat, 0.1))),
        walk,
        ([[lon, lat], fences], steps) => {
          const fleet = new Fleet();
          fleet.places.use(fences);
          const keys = fences.map(({ geofenceId }) => fleet.places.keys.keyOf(geofenceId));
          const plain = new PlainPlaces(fences);
          const positions = [0, 1, 2, 3].map(() => ({ lon, lat }));
          const before: (number[] | undefined)[] = [];
          for (const { slot, step: size, x, y } of steps) {
            const p = positions[slot];
            p.lat = Math.min(90, Math.max(-90, p.lat + y * size));
            p.lon += x * size;
            const wrappedLon = p.lon - 360 * Math.floor((p.lon + 180) / 360);
            const expected = plain.move(slot, p.lat, wrappedLon);
            const changed = fleet.move(slot, p.lat, wrappedLon);
            expect(keys.flatMap((key, i) => (fleet.places.inside(slot, key) === 1 ? [i] : []))).toEqual(expected);
            expect(changed).toBe(before[slot]?.join() !== expected.join());
            if (changed) changes++;
            before[slot] = expected;
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(changes).toBeGreaterThan(300);
  });

  it('knows ids, groups, names and the lowest limit', () => {
    const fleet = new Fleet();
    const { places } = fleet;
    const key = places.keys.keyOf('slow');
    places.use([
      square('town', 10, 50, 0.1, { groups: ['slow', 'towns'], limitKmph: 50 }),
      square('school', 10, 50, 0.01, { groups: ['slow'], limitKmph: 30 }),
      square('yard', 11, 50, 0.01),
    ]);
    fleet.move(0, 50, 10);
    expect([places.inside(0, key), places.nameIn(0, key), places.limitKmph(0)]).toEqual([1, 'The town', 30]);
    fleet.move(0, 50.05, 10);
    expect([places.nameIn(0, places.keys.keyOf('school')), places.limitKmph(0)]).toEqual(['', 50]);
    expect(places.inside(0, places.keys.keyOf('yard'))).toBe(0);
    expect(places.inside(0, places.keys.keyOf('nowhere'))).toBeNaN();
    expect(places.nameIn(0, places.keys.keyOf('nowhere'))).toBeUndefined();
    expect(places.inside(1, key)).toBeNaN();
    fleet.move(0, 0, 0);
    expect(places.limitKmph(0)).toBeNaN();
  });

  it('keeps vehicles inside over other geofences, by their ids', () => {
    const fleet = new Fleet();
    const { places } = fleet;
    const depot = square('depot', 10, 50, 0.01);
    places.use([depot]);
    const key = places.keys.keyOf('depot');
    fleet.move(0, 50, 10, 100);
    fleet.move(0, 50.01 + 20 * METRE, 10, 200);
    expect(places.inside(0, key)).toBe(1);
    places.use([square('other', 12, 50, 0.01), depot]);
    expect([places.inside(0, key), places.insideSinceMs(0, key)]).toEqual([1, 100]);
    places.use([square('other', 12, 50, 0.01)]);
    expect(places.inside(0, key)).toBeNaN();
    places.use([depot]);
    expect(places.inside(0, key)).toBe(0);
  });

  it('takes thousands of geofences', () => {
    const fences = Array.from({ length: 4000 }, (_, i) =>
      square(`f${i}`, 5 + (i % 80) * 0.05, 45 + Math.floor(i / 80) * 0.05, 0.01),
    );
    const country = fence('country', [
      [
        [
          [4, 44],
          [10, 44],
          [10, 48],
          [4, 48],
          [4, 44],
        ],
      ],
    ]);
    const fleet = new Fleet();
    fleet.places.use([...fences, country]);
    for (const i of [0, 79, 1234, 3999]) {
      fleet.move(0, 45 + Math.floor(i / 80) * 0.05, 5 + (i % 80) * 0.05);
      expect(fleet.places.inside(0, fleet.places.keys.keyOf(`f${i}`))).toBe(1);
      expect(fleet.places.inside(0, fleet.places.keys.keyOf('country'))).toBe(1);
      expect(fleet.places.inside(0, fleet.places.keys.keyOf('f500'))).toBe(0);
    }
  });
});
