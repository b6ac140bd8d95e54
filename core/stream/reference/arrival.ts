import { haversineM } from '../../model/geometry.ts';
import type { Stops } from './stops.ts';
import type { OnWay } from './way.ts';

/** Roads are longer than the straight line by about this factor. Own judgement. */
const ROAD_FACTOR = 1.3;
/** Arrivals are reckoned with an average speed between these, km/h. Own judgement. */
const SLOWEST_KMPH = 15;
const FASTEST_KMPH = 80;

/**
 * Road left to a stop, m: to the route, along it, and from it to the stop; without a route, or when the stop lies behind on it,
 * 1.3 × the great circle. `place` is where the vehicle is on its route.
 */
export function roadLeftM(stops: Stops, stop: number, lat: number, lon: number, place: OnWay): number {
  const { lat: stopLat, lon: stopLon } = stops.stops[stop];
  const straightM = haversineM(lat, lon, stopLat, stopLon);
  const onWay = stops.onWay(stop);
  const aheadM = onWay ? onWay.alongM - place.alongM : Number.NaN;
  if (onWay === undefined || !(aheadM >= 0)) return ROAD_FACTOR * straightM;
  return Math.max(straightM, place.offM + aheadM + onWay.offM);
}

/** Time for that road, min. */
export function minutesFor(roadM: number, averageKmph: number): number {
  return roadM / 1000 / (Math.min(FASTEST_KMPH, Math.max(SLOWEST_KMPH, averageKmph)) / 60);
}
