import fc from 'fast-check';
import type { ReferenceGeofence } from '../../../model/reference.ts';
import { Area } from '../area.ts';
import { LEAVE_M } from '../places.ts';

type Ring = [lon: number, lat: number][];

const wrapped = (lon: number): number => lon - 360 * Math.floor((lon + 180) / 360);

/** A ring round a middle whose corners are at any distance: star-shaped, so that it never crosses itself. */
export function star(lon: number, lat: number, sizesDeg: readonly number[]): Ring {
  const ring = sizesDeg.map((size, i): [number, number] => {
    const angle = (2 * Math.PI * i) / sizesDeg.length;
    return [wrapped(lon + size * Math.cos(angle)), lat + size * Math.sin(angle)];
  });
  return [...ring, ring[0]];
}

export function fence(
  geofenceId: string,
  polygons: Ring[][],
  more: Partial<ReferenceGeofence> = {},
): ReferenceGeofence {
  return { geofenceId, name: `The ${geofenceId}`, groups: [], polygons, ...more };
}

/** A square of that half width in degrees. */
export function square(
  geofenceId: string,
  lon: number,
  lat: number,
  half: number,
  more: Partial<ReferenceGeofence> = {},
) {
  const ring: Ring = [
    [wrapped(lon - half), lat - half],
    [wrapped(lon + half), lat - half],
    [wrapped(lon + half), lat + half],
    [wrapped(lon - half), lat + half],
    [wrapped(lon - half), lat - half],
  ];
  return fence(geofenceId, [[ring]], more);
}

const sizes = (min: number, max: number) =>
  fc.array(fc.double({ min, max, noNaN: true }), { minLength: 3, maxLength: 40 });

/** Polygons near a place, with a hole or without, sometimes two. */
export function geofences(lon: number, lat: number, spreadDeg: number): fc.Arbitrary<ReferenceGeofence[]> {
  const offset = fc.double({ min: -spreadDeg, max: spreadDeg, noNaN: true });
  const polygon = fc.record({
    x: offset,
    y: offset,
    scale: fc.constantFrom(0.001, 0.01, 0.05, 0.5),
    outline: sizes(0.5, 1),
    hole: fc.option(sizes(0.1, 0.4)),
  });
  const polygons = fc.array(polygon, { minLength: 1, maxLength: 2 });
  return fc
    .array(fc.record({ polygons, group: fc.constantFrom('a', 'b', 'c') }), { minLength: 1, maxLength: 12 })
    .map((fences) =>
      fences.map(({ polygons: parts, group }, i) =>
        fence(
          `fence-${i}`,
          parts.map(({ x, y, scale, outline, hole }) =>
            [outline, ...(hole ? [hole] : [])].map((ring) =>
              star(
                lon + x,
                lat + y,
                ring.map((size) => size * scale),
              ),
            ),
          ),
          { groups: [group] },
        ),
      ),
    );
}

/** Places as they are meant, without an index: every fence is asked at every fix. */
export class PlainPlaces {
  readonly #areas: Area[];
  readonly #inside: Set<number>[] = [];

  constructor(fences: readonly ReferenceGeofence[]) {
    this.#areas = fences.map((f) => new Area(f));
  }

  /** Numbers of the fences that the vehicle is in after that fix. */
  move(slot: number, lat: number, lon: number): number[] {
    const before = this.#inside[slot] ?? new Set();
    const now = this.#areas.flatMap((area, i) =>
      area.contains(lat, lon) || (before.has(i) && area.edgeWithin(lat, lon, LEAVE_M)) ? [i] : [],
    );
    this.#inside[slot] = new Set(now);
    return now;
  }
}
