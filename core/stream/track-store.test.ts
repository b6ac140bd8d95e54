import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { haversineM } from '../model/geometry.ts';
import { TRACK_POINT_BYTES, type TrackChunk } from '../model/outputs.ts';
import { decodeTrack } from '../model/track-codec.ts';
import type { StateArray } from './fleet-state.ts';
import { CHUNK_POINTS, TrackStore } from './track-store.ts';

fc.configureGlobal({ seed: 20_260_301 });

const T0 = Date.UTC(2026, 2, 1, 10);
const S = 1000;
const LAT = 52.5;
const LON = 13.4;
/** Degrees of latitude in a metre. */
const METRE = 1 / 111_194.9;

type Chunk = Omit<TrackChunk, 'vehicleId'> & { slot: number };

function setup(): { store: TrackStore; closed: Chunk[]; times: (slot?: number) => number[] } {
  const closed: Chunk[] = [];
  const store = new TrackStore((slot, chunk) => closed.push({ slot, ...chunk }));
  const times = (slot = 0): number[] => {
    const open = store.open(slot);
    const chunks = [...closed.filter((c) => c.slot === slot), ...(open ? [open] : [])];
    return chunks.flatMap((c) => decodeTrack(c.data, c.startMs).timeMs).map((ms) => (ms - T0) / S);
  };
  return { store, closed, times };
}

describe('thinning', () => {
  test('one point in 10 s while it moves', () => {
    const { store, times } = setup();
    for (let s = 0; s <= 45; s++) store.add(0, T0 + s * S, LAT + s * 10 * METRE, LON, 36, 0);
    expect(times()).toEqual([0, 10, 20, 30, 40]);
  });

  test('one at turns over 25°, at most every 2 s', () => {
    const { store, times } = setup();
    const headings = [350, 350, 14, 15, 16, 16, 60, 60, 359, 359];
    for (const [s, heading] of headings.entries()) store.add(0, T0 + s * S, LAT + s * 10 * METRE, LON, 36, heading);
    expect(times()).toEqual([0, 4, 6, 8]);
  });

  test('one in five minutes while it stands, turning on the spot or not', () => {
    const { store, times } = setup();
    for (let s = 0; s <= 900; s++) store.add(0, T0 + s * S, LAT + (s % 4) * METRE, LON, 0, s % 360);
    expect(times()).toEqual([0, 300, 600, 900]);
  });

  test('an unknown heading is no turn, an unknown speed is written as 0', () => {
    const { store, times } = setup();
    for (let s = 0; s <= 12; s++) store.add(0, T0 + s * S, LAT + s * 10 * METRE, LON, Number.NaN, Number.NaN);
    expect(times()).toEqual([0, 10]);
    const open = store.open(0)!;
    expect(decodeTrack(open.data, open.startMs).speedKmph).toEqual([0, 0]);
  });

  test('a fix of the same time or an earlier one is not kept', () => {
    const { store, times } = setup();
    for (const s of [20, 20, 10, 0, 29]) store.add(0, T0 + s * S, LAT + s * METRE * 50, LON, 50, s * 9);
    expect(times()).toEqual([20, 29]);
  });
});

describe('chunks', () => {
  test('are closed when a point comes after the last that fits', () => {
    const { store, closed } = setup();
    for (let i = 0; i < CHUNK_POINTS; i++) store.add(3, T0 + i * 10 * S, LAT + i * 100 * METRE, LON, 36, 0);
    expect(closed).toEqual([]);
    expect(store.open(3)).toMatchObject({ points: CHUNK_POINTS, startMs: T0, endMs: T0 + (CHUNK_POINTS - 1) * 10 * S });
    store.add(3, T0 + CHUNK_POINTS * 10 * S, LAT + 1, LON, 36, 0);
    expect(closed).toMatchObject([{ slot: 3, points: CHUNK_POINTS, startMs: T0 }]);
    expect(closed[0].data.length).toBe(CHUNK_POINTS * TRACK_POINT_BYTES);
    expect(store.open(3)).toMatchObject({ points: 1, startMs: T0 + CHUNK_POINTS * 10 * S });
  });

  test('are closed when a point comes more than an hour after their first', () => {
    const { store, closed } = setup();
    store.add(0, T0, LAT, LON, 0, 0);
    store.add(0, T0 + 3600 * S, LAT, LON, 0, 0);
    expect(closed).toEqual([]);
    store.add(0, T0 + 3900 * S, LAT, LON, 0, 0);
    expect(closed).toMatchObject([{ points: 2, startMs: T0, endMs: T0 + 3600 * S }]);
    store.add(0, T0 + 90 * 86_400 * S, LAT, LON, 0, 0);
    expect(closed[1]).toMatchObject({ points: 1, startMs: T0 + 3900 * S });
  });

  test('are copies: later points do not change one that was given out', () => {
    const { store } = setup();
    store.add(0, T0, LAT, LON, 10, 0);
    const before = store.open(0)!;
    const bytes = before.data.slice();
    for (let i = 1; i < 100; i++) store.add(0, T0 + i * 10 * S, LAT + i * 100 * METRE, LON, 99, 0);
    expect(before.data).toEqual(bytes);
  });

  test('a vehicle without fixes has none', () => {
    const { store } = setup();
    store.add(5, T0, LAT, LON, 10, 0);
    expect([store.open(4), store.open(6), store.open(100_000)]).toEqual([undefined, undefined, undefined]);
  });
});

const fix = fc.record({
  slot: fc.nat(3),
  gap: fc.constantFrom(0, 1, 1, 1, 2, 5, 9, 60, 400, 4000),
  metres: fc.constantFrom(0, 0, 2, 10, 25),
  heading: fc.constantFrom(0, 10, 90, 180, 359),
});

interface Fix {
  slot: number;
  timeMs: number;
  lat: number;
  heading: number;
}

function drive(steps: readonly { slot: number; gap: number; metres: number; heading: number }[]): Fix[] {
  const at = [0, 1, 2, 3].map(() => ({ timeMs: T0, lat: LAT }));
  return steps.map(({ slot, gap, metres, heading }) => {
    at[slot].timeMs += gap * S;
    at[slot].lat += metres * METRE;
    return { slot, heading, ...at[slot] };
  });
}

const give = (store: TrackStore, f: Fix): void => store.add(f.slot, f.timeMs, f.lat, LON, 30, f.heading);

test('kept points are fixes in order; what is left out is near a kept one in time or place', () => {
  fc.assert(
    fc.property(fc.array(fix, { maxLength: 300 }), (steps) => {
      const fixes = drive(steps);
      const { store, times } = setup();
      for (const f of fixes) give(store, f);
      for (const slot of [0, 1, 2, 3]) {
        const own = fixes.filter((f) => f.slot === slot);
        const kept = times(slot);
        const offered = new Set(own.map((f) => (f.timeMs - T0) / S));
        for (const [i, t] of kept.entries()) {
          expect(offered.has(t)).toBe(true);
          if (i > 0) expect(t - kept[i - 1]).toBeGreaterThanOrEqual(2);
        }
        for (const f of own) {
          const s = (f.timeMs - T0) / S;
          const before = kept.findLast((t) => t <= s);
          expect(before).toBeDefined();
          const there = own.find((o) => (o.timeMs - T0) / S === before)!;
          const near = s - before! < 10 || haversineM(there.lat, LON, f.lat, LON) < 5.01;
          expect([s, before, near && s - before! < 300]).toEqual([s, before, true]);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('stored and restored after any fix, the rest gives the same chunks', () => {
  fc.assert(
    fc.property(fc.array(fix, { minLength: 1, maxLength: 300 }), fc.nat(), (steps, n) => {
      const fixes = drive(steps);
      const cut = n % fixes.length;
      const whole = setup();
      const first = setup();
      for (const f of fixes) give(whole.store, f);
      for (const f of fixes.slice(0, cut)) give(first.store, f);
      const stored = new Map<string, StateArray>(first.store.arrays(4).map(([name, array]) => [name, array.slice()]));
      const second = setup();
      second.store.restore(4, (name) => stored.get(name));
      for (const f of fixes.slice(cut)) give(second.store, f);
      expect([...first.closed, ...second.closed]).toEqual(whole.closed);
      expect(second.store.arrays(4)).toEqual(whole.store.arrays(4));
    }),
    { numRuns: 200 },
  );
});

test('a stored chunk longer than chunks are now is closed, a shorter one goes on', () => {
  const { store, closed } = setup();
  const stored = new Map<string, StateArray>(
    setup()
      .store.arrays(2)
      .map(([name, array]) => [name, array.slice()]),
  );
  const longer = CHUNK_POINTS + 8;
  const data = new Uint8Array(2 * longer * TRACK_POINT_BYTES).map((_, i) => i);
  stored.set('track.data', data);
  stored.set('track.points', Uint8Array.of(longer, 3));
  stored.set('track.start', Float64Array.of(T0, T0));
  stored.set('track.last', Float64Array.of(T0 + 400 * S, T0 + 30 * S));
  store.restore(2, (name) => stored.get(name));
  const [first, second] = [data.slice(0, data.length / 2), data.slice(data.length / 2)];
  expect(closed).toEqual([{ slot: 0, startMs: T0, endMs: T0 + 400 * S, points: longer, data: first }]);
  expect(store.open(0)).toBeUndefined();
  expect(store.open(1)).toMatchObject({ points: 3, data: second.slice(0, 3 * TRACK_POINT_BYTES) });
});

test('growing keeps what is there', () => {
  const { store } = setup();
  for (let slot = 0; slot < 5000; slot += 37) store.add(slot, T0 + slot, LAT + slot / 1e4, LON, 30, 0);
  for (let slot = 0; slot < 5000; slot += 37) expect(store.open(slot)).toMatchObject({ points: 1, startMs: T0 + slot });
});
