import type Database from 'better-sqlite3';
import { decodeTrack, MAX_TRACK_SPAN_MS, type TrackPoints } from '../model/track-codec.ts';
import { nameOf, timeSpan } from './arguments.ts';
import { perTable } from './day-reader.ts';
import { dayTablesIn } from './day-tables.ts';
import { FIND_VEHICLE, type SpanArguments } from './query-minutes.ts';

/** Longer tracks are thinned evenly so that no answer has more points. */
export const MAX_TRACK_POINTS = 20_000;

// A chunk that reaches into the span began at most MAX_TRACK_SPAN_MS before it.
export const selectTrack = (table: string): string => `
  SELECT start_ms, points, data FROM ${table}
  WHERE vehicle = :vehicle AND start_ms BETWEEN :fromMs - ${MAX_TRACK_SPAN_MS} AND :toMs AND end_ms >= :fromMs
  ORDER BY start_ms`;

interface ChunkSpan {
  vehicle: number;
  fromMs: number;
  toMs: number;
}

interface Chunk {
  start_ms: number;
  points: number;
  data: Uint8Array;
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
  const tablesIn = dayTablesIn(db);
  const select = perTable<[ChunkSpan], Chunk>(db, selectTrack);
  const read = db.transaction((span: ChunkSpan): Chunk[] =>
    tablesIn('track', span.fromMs - MAX_TRACK_SPAN_MS, span.toMs)
      .flatMap(({ name }) => select(name).all(span))
      .sort((a, b) => a.start_ms - b.start_ms),
  );

  return (args) => {
    const { fromMs, toMs } = timeSpan(args);
    const vehicle = find.get(nameOf('vehicleId', args.vehicleId));
    const out: TrackPoints = { timeMs: [], lat: [], lon: [], speedKmph: [], headingDeg: [] };
    if (vehicle === undefined) return out;
    const span = { vehicle, fromMs, toMs };
    const chunks = read(span);
    const points = chunks.reduce((sum, chunk) => sum + chunk.points, 0);
    const step = Math.max(1, Math.ceil(points / MAX_TRACK_POINTS));
    let seen = 0;
    for (const { start_ms, data } of chunks) seen = addChunk(out, decodeTrack(data, start_ms), span, step, seen);
    return out;
  };
}
