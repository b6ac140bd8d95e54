import type { FleetBuffer } from './fleet-buffer.ts';
import type { LonLat } from './glides.ts';
import { mercatorX, mercatorY } from './mercator.ts';

export type FleetBounds = [southWest: LonLat, northEast: LonLat];

/** Side of the cells in which vehicles are counted, degrees: about a city with its surroundings. */
const CELL_DEG = 1;
/** Vehicles this near to the middle of the busiest cell belong to its area, in Web Mercator: half a degree at the equator. */
const AREA_RADIUS = 0.5 / 360;

/** Bounds of the vehicles within a circle in Web Mercator (0–1); undefined when there is none. */
export function boundsAround(fleet: FleetBuffer, x: number, y: number, radius: number): FleetBounds | undefined {
  const low: LonLat = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high: LonLat = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let slot = 0; slot < fleet.count; slot++) {
    const lon = fleet.lon[slot];
    const lat = fleet.lat[slot];
    const dx = mercatorX(lon) - x;
    const dy = mercatorY(lat) - y;
    if (!(dx * dx + dy * dy <= radius * radius)) continue;
    low[0] = Math.min(low[0], lon);
    low[1] = Math.min(low[1], lat);
    high[0] = Math.max(high[0], lon);
    high[1] = Math.max(high[1], lat);
  }
  return low[0] <= high[0] ? [low, high] : undefined;
}

/** Where most vehicles are: the fullest cell of a degree, and the vehicles around their middle in it. */
export function busiestArea(fleet: FleetBuffer): FleetBounds | undefined {
  const cells = new Map<number, { count: number; x: number; y: number }>();
  let busiest: { count: number; x: number; y: number } | undefined;
  for (let slot = 0; slot < fleet.count; slot++) {
    const lon = fleet.lon[slot];
    const lat = fleet.lat[slot];
    if (Number.isNaN(lon) || Number.isNaN(lat)) continue;
    const key = Math.floor((lat + 90) / CELL_DEG) * 1000 + Math.floor((lon + 180) / CELL_DEG);
    const cell = cells.get(key) ?? { count: 0, x: 0, y: 0 };
    cells.set(key, cell);
    cell.count++;
    cell.x += mercatorX(lon);
    cell.y += mercatorY(lat);
    if (!busiest || cell.count > busiest.count) busiest = cell;
  }
  return busiest && boundsAround(fleet, busiest.x / busiest.count, busiest.y / busiest.count, AREA_RADIUS);
}
