const METRES_PER_DEGREE = 111_195;
const RAD = Math.PI / 180;

/** Metres between two positions in degrees, the earth taken as flat: good over a city. */
export function flatM(lat1: number, lon1: number, lat2: number, lon2: number): number {
  return Math.hypot(lat2 - lat1, (lon2 - lon1) * Math.cos(lat1 * RAD)) * METRES_PER_DEGREE;
}

/** Metres from a position to the straight line between two others, all in degrees. */
export function toSegmentM(
  lat: number,
  lon: number,
  from: readonly [lat: number, lon: number],
  to: readonly [lat: number, lon: number],
): number {
  const shrink = Math.cos(lat * RAD);
  const ax = (from[1] - lon) * shrink;
  const ay = from[0] - lat;
  const dx = (to[1] - from[1]) * shrink;
  const dy = to[0] - from[0];
  const length2 = dx * dx + dy * dy;
  const share = length2 === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length2));
  return Math.hypot(ax + share * dx, ay + share * dy) * METRES_PER_DEGREE;
}

/** A closed ring of so many corners on a circle, degrees as in GeoJSON, to 1e-6. */
export function circle(lat: number, lon: number, radiusM: number, corners: number): [lon: number, lat: number][] {
  const shrink = Math.cos(lat * RAD);
  return Array.from({ length: corners + 1 }, (_, i): [number, number] => {
    const angle = ((i % corners) * 2 * Math.PI) / corners;
    const east = (radiusM * Math.cos(angle)) / (METRES_PER_DEGREE * shrink);
    const north = (radiusM * Math.sin(angle)) / METRES_PER_DEGREE;
    return [degrees6(lon + east), degrees6(lat + north)];
  });
}

export function degrees6(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
