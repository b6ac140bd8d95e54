import type { Episodes } from './episodes.ts';

/** Rows of two sides that are the same episode, and those that have no partner. */
export interface Matched {
  readonly pairs: readonly (readonly [before: number, after: number])[];
  readonly onlyBefore: readonly number[];
  readonly onlyAfter: readonly number[];
}

/**
 * Finds the same episodes on both sides: alerts of one rule on one vehicle with the same onset, and of the others those whose times
 * overlap, the earliest first, each with one partner at most.
 */
export function matchEpisodes(before: Episodes, after: Episodes): Matched {
  const pairs: [number, number][] = [];
  const onlyBefore: number[] = [];
  const onlyAfter: number[] = [];
  const [a, b] = [ordered(before), ordered(after)];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const first = j >= b.length || (i < a.length && sourceOrder(before, a[i], after, b[j]) <= 0);
    const [episodes, row] = first ? [before, a[i]] : [after, b[j]];
    const isSame = (other: Episodes, at: number): boolean =>
      other.rule[at] === episodes.rule[row] && other.vehicle[at] === episodes.vehicle[row];
    const [fromI, fromJ] = [i, j];
    while (i < a.length && isSame(before, a[i])) i++;
    while (j < b.length && isSame(after, b[j])) j++;
    matchSource(before, a.slice(fromI, i), after, b.slice(fromJ, j), { pairs, onlyBefore, onlyAfter });
  }
  return { pairs, onlyBefore, onlyAfter };
}

/** Rows by rule, vehicle and onset. */
function ordered(episodes: Episodes): Uint32Array {
  const rows = Uint32Array.from({ length: episodes.length }, (_, row) => row);
  return rows.sort((x, y) => sourceOrder(episodes, x, episodes, y) || episodes.onsetMs[x] - episodes.onsetMs[y]);
}

function sourceOrder(a: Episodes, x: number, b: Episodes, y: number): number {
  return a.rule[x] - b.rule[y] || a.vehicle[x] - b.vehicle[y];
}

interface Found {
  readonly pairs: [number, number][];
  readonly onlyBefore: number[];
  readonly onlyAfter: number[];
}

/** The same within one rule on one vehicle; rows by onset. */
function matchSource(before: Episodes, a: Uint32Array, after: Episodes, b: Uint32Array, found: Found): void {
  const byOnset = new Map(Array.from(b, (row) => [after.onsetMs[row], row]));
  const restA: number[] = [];
  for (const row of a) {
    const same = byOnset.get(before.onsetMs[row]);
    if (same === undefined) restA.push(row);
    else {
      found.pairs.push([row, same]);
      byOnset.delete(before.onsetMs[row]);
    }
  }
  const rest = new Set(byOnset.values());
  const restB = Array.from(b).filter((row) => rest.has(row));
  let j = 0;
  for (const row of restA) {
    while (j < restB.length && after.clearedMs[restB[j]] < before.onsetMs[row]) found.onlyAfter.push(restB[j++]);
    if (j < restB.length && after.onsetMs[restB[j]] <= before.clearedMs[row]) found.pairs.push([row, restB[j++]]);
    else found.onlyBefore.push(row);
  }
  found.onlyAfter.push(...restB.slice(j));
}
