import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Episodes, episodeNames } from './episodes.ts';
import { matchEpisodes } from './match-episodes.ts';

fc.configureGlobal({ seed: 20_260_301 });

interface Row {
  readonly rule: string;
  readonly vehicle: string;
  readonly onsetMs: number;
  readonly lengthMs: number;
}

/** Alerts of a rule on a vehicle do not overlap each other. */
const rows: fc.Arbitrary<Row[]> = fc
  .array(
    fc.record({
      rule: fc.constantFrom('a', 'b'),
      vehicle: fc.constantFrom('v', 'w'),
      gapMs: fc.integer({ min: 1, max: 6 }),
      lengthMs: fc.constantFrom(0, 1, 2, 5, 10),
    }),
    { maxLength: 25 },
  )
  .map((steps) => {
    const endMs = new Map<string, number>();
    return steps.map(({ rule, vehicle, gapMs, lengthMs }) => {
      const key = rule + vehicle;
      const onsetMs = (endMs.get(key) ?? 0) + gapMs;
      endMs.set(key, onsetMs + lengthMs);
      return { rule, vehicle, onsetMs, lengthMs };
    });
  });

function naive(before: readonly Row[], after: readonly Row[]): [number, number][] {
  const byOnset = (of: readonly Row[]) => [...of.keys()].sort((x, y) => of[x].onsetMs - of[y].onsetMs);
  const [a, b] = [byOnset(before), byOnset(after)];
  const pairs: [number, number][] = [];
  const pair = (isSame: (x: Row, y: Row) => boolean): void => {
    for (const i of a) {
      if (pairs.some(([p]) => p === i)) continue;
      const j = b.find((j) => {
        const [x, y] = [before[i], after[j]];
        return !pairs.some(([, p]) => p === j) && x.rule === y.rule && x.vehicle === y.vehicle && isSame(x, y);
      });
      if (j !== undefined) pairs.push([i, j]);
    }
  };
  pair((x, y) => x.onsetMs === y.onsetMs);
  pair((x, y) => x.onsetMs <= y.onsetMs + y.lengthMs && y.onsetMs <= x.onsetMs + x.lengthMs);
  return pairs;
}

test('pairs what began at once, then what overlaps, as a slow search does', () => {
  fc.assert(
    fc.property(rows, rows, (before, after) => {
      const names = episodeNames();
      const [b, a] = [before, after].map((side) => {
        const episodes = new Episodes(names);
        for (const { rule, vehicle, onsetMs, lengthMs } of side) {
          const row = episodes.add(rule, vehicle, onsetMs, onsetMs, true);
          episodes.clearedMs[row] = onsetMs + lengthMs;
        }
        return episodes;
      });
      const { pairs, onlyBefore, onlyAfter } = matchEpisodes(b, a);
      const sorted = (some: readonly (readonly [number, number])[]) => some.map(String).sort();
      expect(sorted(pairs)).toEqual(sorted(naive(before, after)));
      expect([...pairs.map(([x]) => x), ...onlyBefore].sort((x, y) => x - y)).toEqual([...before.keys()]);
      expect([...pairs.map(([, y]) => y), ...onlyAfter].sort((x, y) => x - y)).toEqual([...after.keys()]);
    }),
    { numRuns: 500 },
  );
});
