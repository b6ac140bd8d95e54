import { EARTH_RADIUS_M } from '../../model/geometry.ts';

const RAD = Math.PI / 180;

/** Metres of one degree of latitude, on the sphere of `haversineM`. */
export const METRES_PER_DEGREE = EARTH_RADIUS_M * RAD;

/** Metres of one degree of longitude at that latitude, degrees. */
export function metresPerLon(lat: number): number {
  return METRES_PER_DEGREE * Math.max(0, Math.cos(lat * RAD));
}

/** A difference of longitudes the shorter way round: −180 ≤ d < 180 degrees. */
export function shortWay(degrees: number): number {
  return degrees - 360 * Math.floor((degrees + 180) / 360);
}

/**
 * How far along the segment a → b the point nearest to (x, y) lies: 0 at a, 1 at b. Any plane coordinates; the same in both axes.
 */
export function nearestOnSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const lengthSquared = dx * dx + dy * dy;
  if (lengthSquared === 0) return 0;
  return Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / lengthSquared));
}
