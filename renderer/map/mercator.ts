/** MapLibre and deck.gl count zoom in tiles of this many pixels. */
export const TILE_PX = 512;
const RAD = Math.PI / 180;
const EARTH_CIRCUMFERENCE_M = 40_075_016.686;

/** Web Mercator x of a longitude in degrees: 0 at −180°, 1 at +180°. */
export function mercatorX(lon: number): number {
  return (lon + 180) / 360;
}

/** Web Mercator y of a latitude in degrees: 0 in the north, 1 in the south; clamped to ±85.0511°, where the map ends. */
export function mercatorY(lat: number): number {
  const sin = Math.min(0.99627, Math.max(-0.99627, Math.sin(lat * RAD)));
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}

/** Width of the world in pixels at a zoom. */
export function worldPx(zoom: number): number {
  return TILE_PX * 2 ** zoom;
}

/** Metres on the ground per pixel at a zoom and latitude (degrees). */
export function metresPerPx(zoom: number, lat: number): number {
  return (EARTH_CIRCUMFERENCE_M * Math.cos(lat * RAD)) / worldPx(zoom);
}
