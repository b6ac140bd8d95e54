import type Database from 'better-sqlite3';
import { decodeTrack, MAX_TRACK_SPAN_MS, type TrackPoints } from '../model/track-codec.ts';
import { nameOf, timeSpan } from './arguments.ts';
import { FIND_VEHICLE, type SpanArguments } from './query-minutes.ts';

/** Longer tracks are thinned evenly so that no answer has more points. */
export const MAX_TRACK_POINTS = 20_000;

// A chunk that reaches into the span began at most MAX_TRACK_SPAN_MS before it.
const CHUNKS = `
  FROM track WHERE vehicle = :vehicle AND start_ms BETWEEN :fromMs - ${MAX_TRACK_SPAN_MS} AND :toMs AND end_ms >= :fromMs`;
export const COUNT_TRACK_POINTS = `SELECT coalesce(sum(points), 0) ${CHUNKS}`;
export const SELECT_TRACK = `SELECT start_ms, data ${CHUNKS} ORDER BY start_ms`;

interface ChunkSpan {
  vehicle: number;
  fromMs: number;
  toMs: number;
}

/** Adds the points inside the span, of all seen so far every `step`-th; gives back how many were seen. */
function addChunk(out: TrackPoints, chunk: TrackPoints, span: ChunkSpan, step: number, seenBefore: number): number {
  let seen = seenBefore;
  for (let i = 0; i < chunk.timeMs.length; i++) {
    if (chunk.timeMs[i] < span.fromMs || chunk.timeMs[i] >= span.toMs) continue;
    if (seen++ % step > 0) continue;
    out.timeMs.push(chunk.timeMs[i]);
    out.lat.push(chunk.lat[i]);
    out.lon.push(chunk.lon[i]);
    out.speedKmph.push(chunk.speedKmph[i]);
    out.headingDeg.push(chunk.headingDeg[i]);
  }
  return seen;
}

/** Answers `vehicle.track`: at most 20,000 points, oldest first; a vehicle nobody has heard of has none. */
export function trackQuery(db: Database.Database): (args: SpanArguments) => TrackPoints {
  const find = db.prepare<[string], number>(FIND_VEHICLE).pluck();
  const count = db.prepare<ChunkSpan, number>(COUNT_TRACK_POINTS).pluck();
  const select = db.prepare<ChunkSpan, { start_ms: number; data: Uint8Array }>(SELECT_TRACK);
  const read = db.transaction((span: ChunkSpan): TrackPoints => {
    const out: TrackPoints = { timeMs: [], lat: [], lon: [], speedKmph: [], headingDeg: [] };
    const step = Math.max(1, Math.ceil((count.get(span) ?? 0) / MAX_TRACK_POINTS));
    let seen = 0;
    for (const { start_ms, data } of select.iterate(span)) {
      seen = addChunk(out, decodeTrack(data, start_ms), span, step, seen);
    }
    return out;
  });

  return (args) => {
    const { fromMs, toMs } = timeSpan(args);
    const vehicle = find.get(nameOf('vehicleId', args.vehicleId));
    if (vehicle === undefined) return { timeMs: [], lat: [], lon: [], speedKmph: [], headingDeg: [] };
    return read({ vehicle, fromMs, toMs });
  };
}
