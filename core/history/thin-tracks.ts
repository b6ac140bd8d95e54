import type Database from 'better-sqlite3';
import { headingGapDeg } from '../model/geometry.ts';
import { TRACK_POINT_BYTES } from '../model/outputs.ts';
import { decodeTrack, MAX_TRACK_SPAN_MS } from '../model/track-codec.ts';
import { BEFORE_DAYS, dayTables } from './day-tables.ts';

const DAY_MS = 86_400_000;
/** Of an old track one point a minute stays… */
const EVERY_MS = 60_000;
/** …and every point where the vehicle has turned by more than this since the last that stays, as when it was recorded. */
const TURN_DEG = 25;
const CHUNKS_PER_SLICE = 500;

interface Chunk {
  id: number;
  points: number;
  data: Uint8Array;
}

/** The points of a chunk that stay: its ends, one a minute, and turns. A chunk that was thinned before stays as it is. */
export function thinChunk(data: Uint8Array): Uint8Array {
  const { timeMs, headingDeg } = decodeTrack(data, 0);
  const last = timeMs.length - 1;
  const kept: number[] = [];
  for (let i = 0; i <= last; i++) {
    const before = kept.at(-1);
    const keep =
      before === undefined ||
      i === last ||
      timeMs[i] - timeMs[before] >= EVERY_MS ||
      headingGapDeg(headingDeg[i], headingDeg[before]) > TURN_DEG;
    if (keep) kept.push(i);
  }
  if (kept.length === timeMs.length) return data;
  const out = new Uint8Array(kept.length * TRACK_POINT_BYTES);
  kept.forEach((point, i) => {
    out.set(data.subarray(point * TRACK_POINT_BYTES, (point + 1) * TRACK_POINT_BYTES), i * TRACK_POINT_BYTES);
  });
  return out;
}

export const selectChunks = (table: string): string =>
  `SELECT id, points, data FROM ${table} WHERE id > ? ORDER BY id LIMIT ${CHUNKS_PER_SLICE}`;

/**
 * Thins the next slice of the oldest day before `cutMs` (Unix ms) that is not thinned; gives back how many chunks it looked at, 0 when
 * all is done. Goes through a day in the order of writing, so that each page is written once.
 */
export function trackThinner(db: Database.Database): (cutMs: number) => number {
  const progress = db
    .prepare<[string], number>("SELECT thinned_id FROM partition WHERE base = 'track' AND name = ?")
    .pluck();
  const mark = db.prepare<[number, string]>(`UPDATE partition SET thinned_id = ? WHERE base = 'track' AND name = ?`);
  const slice = db.transaction((name: string, after: number): number => {
    const chunks = db.prepare<[number], Chunk>(selectChunks(name)).all(after);
    const update = db.prepare<[number, Uint8Array, number]>(`UPDATE ${name} SET points = ?, data = ? WHERE id = ?`);
    for (const { id, points, data } of chunks) {
      const thin = thinChunk(data);
      const left = thin.byteLength / TRACK_POINT_BYTES;
      if (left < points) update.run(left, thin, id);
    }
    mark.run(chunks[chunks.length - 1].id, name);
    return chunks.length;
  });
  return (cutMs) => {
    for (const { dayMs, name } of dayTables(db, 'track')) {
      if (dayMs === BEFORE_DAYS || dayMs + DAY_MS + MAX_TRACK_SPAN_MS > cutMs) continue;
      const after = progress.get(name) ?? 0;
      const newest = db.prepare<[], number | null>(`SELECT max(id) FROM ${name}`).pluck().get() ?? 0;
      if (newest > after) return slice.immediate(name, after);
    }
    return 0;
  };
}
