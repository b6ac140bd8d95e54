import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headingGapDeg } from '../model/geometry.ts';
import { TRACK_POINT_BYTES, type TrackChunk } from '../model/outputs.ts';
import { decodeTrack, encodeTrackPoint } from '../model/track-codec.ts';
import { openQueries } from './queries.ts';
import { batch, T0_MS, temporaryFile } from './testing/batches.ts';
import { dump, ofDays } from './testing/dump.ts';
import { thinChunk } from './thin-tracks.ts';
import { openHistory } from './writer.ts';

const DAY_MS = 86_400_000;

interface Point {
  readonly afterMs: number;
  readonly headingDeg: number;
}

function chunk(points: readonly Point[], startMs = T0_MS): TrackChunk {
  const data = new Uint8Array(points.length * TRACK_POINT_BYTES);
  const view = new DataView(data.buffer);
  let atMs = startMs;
  points.forEach(({ afterMs, headingDeg }, i) => {
    if (i > 0) atMs += afterMs;
    encodeTrackPoint(view, i * TRACK_POINT_BYTES, startMs, atMs, 50 + i / 1000, 10, 40, headingDeg);
  });
  return { vehicleId: 'V-1', startMs, endMs: atMs, points: points.length, data };
}

const pointsOf = (data: Uint8Array) => {
  const { timeMs, headingDeg, lat } = decodeTrack(data, T0_MS);
  return timeMs.map((ms, i) => ({ timeMs: ms, headingDeg: headingDeg[i], lat: lat[i] }));
};

const track = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 1, max: 800 }).map((tenths) => tenths * 100),
    headingDeg: fc.oneof(
      fc.constant(90),
      fc.integer({ min: 0, max: 255 }).map((part) => (part * 360) / 256),
    ),
  }),
  { minLength: 1, maxLength: 64 },
);

describe('a thinned chunk', () => {
  it('has its ends, every turn, and else one point a minute', () => {
    fc.assert(
      fc.property(track, (points) => {
        const before = pointsOf(chunk(points).data);
        const after = pointsOf(thinChunk(chunk(points).data));
        expect(after[0]).toEqual(before[0]);
        expect(after.at(-1)).toEqual(before.at(-1));
        // A slow, obvious second opinion: each point against the last that stayed.
        let last = before[0];
        const kept = before.filter((point, i) => {
          const turned = headingGapDeg(point.headingDeg, last.headingDeg) > 25;
          const stays = i === 0 || i === before.length - 1 || turned || point.timeMs - last.timeMs >= 60_000;
          if (stays) last = point;
          return stays;
        });
        expect(after).toEqual(kept);
      }),
    );
  });

  it('stays as it is when it is thinned again', () => {
    fc.assert(
      fc.property(track, (points) => {
        const once = thinChunk(chunk(points).data);
        expect(thinChunk(once)).toEqual(once);
      }),
    );
  });
});

describe('tracks in a history', () => {
  const straight = Array.from({ length: 32 }, () => ({ afterMs: 10_000, headingDeg: 45 }));

  it('are thinned when they are a week old, in slices, each chunk once', () => {
    const file = temporaryFile();
    const writer = openHistory({ file });
    const chunks = Array.from({ length: 1200 }, (_, i) => chunk(straight, T0_MS + i * 320_000));
    writer.commit(batch(0, 10, { tracks: chunks }));
    const args = { olderThanMs: 90 * DAY_MS, budgetMs: 0 };
    expect(writer.prune({ ...args, nowMs: T0_MS + 6 * DAY_MS })).toMatchObject({ thinned: 0, more: false });
    const nowMs = T0_MS + 30 * DAY_MS;
    expect(writer.prune({ ...args, nowMs })).toMatchObject({ thinned: expect.any(Number), more: true });
    const half = ofDays(dump(file), 'track').filter(({ points }) => Number(points) < 32).length;
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(1200);
    for (let more = true; more; ) ({ more } = writer.prune({ ...args, nowMs }));
    const rows = ofDays(dump(file), 'track');
    expect(rows).toHaveLength(1200);
    expect(new Set(rows.map(({ points }) => points))).toEqual(new Set([7]));
    // 31 steps of 10 s: the start, one point a minute, the end.
    const queries = openQueries({ file });
    const found = queries.vehicleTrack({ vehicleId: 'V-1', fromMs: T0_MS, toMs: T0_MS + 320_000 });
    expect(found.timeMs.map((ms) => (ms - T0_MS) / 1000)).toEqual([0, 60, 120, 180, 240, 300, 310]);
    queries.close();
    expect(writer.prune({ ...args, nowMs }).thinned).toBe(0);

    writer.commit(batch(10, 20, { tracks: [chunk(straight, T0_MS - 7_000_000)] }));
    expect(writer.prune({ ...args, nowMs, budgetMs: 50 })).toMatchObject({ thinned: 1, more: false });
    writer.close();
  });
});
