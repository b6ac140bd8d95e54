import { TRACK_POINT_BYTES } from './outputs.ts';

/** The longest time a chunk can span: u16 of 0.1 s. */
export const MAX_TRACK_SPAN_MS = 6_553_500;

/** Points of a track as columns, oldest first. Degrees, km/h, Unix ms. */
export interface TrackPoints {
  readonly timeMs: number[];
  readonly lat: number[];
  readonly lon: number[];
  readonly speedKmph: number[];
  readonly headingDeg: number[];
}

/**
 * Writes one point at byte `offset` of `view` (layout: TRACK_POINT_BYTES). `startMs` is the chunk's start. Time is rounded to
 * 0.1 s, position to 1e-7°, heading to 360/256°, speed to 1 km/h and cut at 255; an unknown (NaN) speed or heading is written as 0.
 * Throws a RangeError when the time is before the chunk's start or more than MAX_TRACK_SPAN_MS after it, or the position is not
 * on the globe.
 */
export function encodeTrackPoint(
  view: DataView,
  offset: number,
  startMs: number,
  timeMs: number,
  lat: number,
  lon: number,
  speedKmph: number,
  headingDeg: number,
): void {
  const sinceStartMs = timeMs - startMs;
  if (!(sinceStartMs >= 0 && sinceStartMs <= MAX_TRACK_SPAN_MS)) {
    throw new RangeError(`a track point ${sinceStartMs} ms after its chunk's start; 0…${MAX_TRACK_SPAN_MS} ms fit`);
  }
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) {
    throw new RangeError(`a track point at latitude ${lat}, longitude ${lon}: not on the globe`);
  }
  view.setUint16(offset, Math.round(sinceStartMs / 100), true);
  view.setUint8(offset + 2, Math.round((headingDeg * 256) / 360) & 255);
  view.setUint8(offset + 3, speedKmph > 0 ? Math.min(255, Math.round(speedKmph)) : 0);
  view.setInt32(offset + 4, Math.round(lat * 1e7), true);
  view.setInt32(offset + 8, Math.round(lon * 1e7), true);
}

/** Reads every point of a chunk that starts at `startMs`. Throws a RangeError when the bytes are not whole points. */
export function decodeTrack(data: Uint8Array, startMs: number): TrackPoints {
  if (data.byteLength % TRACK_POINT_BYTES !== 0) {
    throw new RangeError(
      `a track of ${data.byteLength} bytes is not a whole number of ${TRACK_POINT_BYTES}-byte points`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const points: TrackPoints = { timeMs: [], lat: [], lon: [], speedKmph: [], headingDeg: [] };
  for (let at = 0; at < data.byteLength; at += TRACK_POINT_BYTES) {
    points.timeMs.push(startMs + view.getUint16(at, true) * 100);
    points.headingDeg.push((view.getUint8(at + 2) * 360) / 256);
    points.speedKmph.push(view.getUint8(at + 3));
    points.lat.push(view.getInt32(at + 4, true) / 1e7);
    points.lon.push(view.getInt32(at + 8, true) / 1e7);
  }
  return points;
}
