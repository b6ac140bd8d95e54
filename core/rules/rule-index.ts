import type { Outcome } from './start-guard.ts';

/** Up to this many edges are walked one by one, more are halved. */
const WALK = 8;

/** The edges that the rules' ranges have in one column, and which rules a value between two of them can start. */
interface ColumnIndex {
  readonly edges: Float64Array;
  /** `words` words for each range between edges, the first below the first edge; then those for NaN. */
  readonly bits: Int32Array;
}

/**
 * Tells which of many rules a message can start, at a cost that depends on the columns it changed and hardly on the number of
 * rules. Rules are bits of 32-bit words, rule 0 the lowest bit of the first.
 */
export class RuleIndex {
  /** Words a set of rules has. */
  readonly words: number;
  /** The rules found by `find` or `findAll`. */
  readonly found: Int32Array;
  readonly #all: Int32Array;
  readonly #columns: readonly (ColumnIndex | undefined)[];
  /** Per column the range [lo, hi) that was met last and starts no rule: most values stay in it. */
  readonly #quiet: Float64Array;

  /** By rule: where its needs start; the last entry is where all of them end. */
  readonly #needsFrom: Int32Array;
  /** One after the other: a column and the range [lo, hi) that its value must lie in. */
  readonly #needs: Float64Array;

  /** For each rule, what starts it. */
  constructor(rules: readonly Outcome[]) {
    this.words = Math.max(1, Math.ceil(rules.length / 32));
    this.found = new Int32Array(this.words);
    this.#all = Int32Array.from({ length: this.words }, (_, w) =>
      rules.length >= w * 32 + 32 ? -1 : (1 << (rules.length & 31)) - 1,
    );
    const end = Math.max(0, ...rules.flatMap(({ starts }) => [...starts.keys()])) + 1;
    this.#columns = Array.from({ length: end }, (_, column) => indexColumn(column, rules, this.words));
    this.#quiet = Float64Array.from({ length: end * 2 }, (_, i) => (this.#columns[i >> 1] ? Number.NaN : infinite(i)));
    const needs = rules.map(needsOf);
    this.#needs = Float64Array.from(needs.flat());
    this.#needsFrom = Int32Array.from({ length: rules.length + 1 }, (_, rule) => needs.slice(0, rule).flat().length);
  }

  findAll(): void {
    this.found.set(this.#all);
  }

  /** Finds the rules that can start at `slot` now that `count` of its columns, listed in `changed`, have changed. */
  find(values: readonly Float64Array[], slot: number, changed: Uint16Array, count: number): void {
    const quiet = this.#quiet;
    for (let w = 0; w < this.words; w++) this.found[w] = 0;
    for (let i = 0; i < count; i++) {
      const column = changed[i];
      if (column * 2 >= quiet.length) continue;
      const value = values[column][slot];
      if (value >= quiet[column * 2] && value < quiet[column * 2 + 1]) continue;
      this.#add(column, value);
    }
  }

  /**
   * False when a column has a value at `slot` with which the rule's condition cannot be true. What ruled it out last is looked at
   * first the next time.
   */
  mayHold(rule: number, values: readonly Float64Array[], slot: number): boolean {
    const needs = this.#needs;
    const from = this.#needsFrom[rule];
    for (let at = from, end = this.#needsFrom[rule + 1]; at < end; at += 3) {
      const value = values[needs[at]][slot];
      if (value >= needs[at + 1] && value < needs[at + 2]) continue;
      if (at > from) swap(needs, from, at);
      return false;
    }
    return true;
  }

  #add(column: number, value: number): void {
    const index = this.#columns[column];
    if (index === undefined) return;
    const { edges, bits } = index;
    const { words, found } = this;
    const range = Number.isNaN(value) ? edges.length + 1 : rangeOf(edges, value);
    let any = 0;
    for (let w = 0; w < words; w++) {
      const word = bits[range * words + w];
      found[w] |= word;
      any |= word;
    }
    if (any !== 0 || range > edges.length) return;
    this.#quiet[column * 2] = range === 0 ? Number.NEGATIVE_INFINITY : edges[range - 1];
    this.#quiet[column * 2 + 1] = range === edges.length ? Number.POSITIVE_INFINITY : edges[range];
  }
}

/** The ends of the range of all numbers: the lower for an even place, the upper for an odd one. */
function infinite(place: number): number {
  return place % 2 === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The needs of a rule that are one range each. */
function needsOf({ needs }: Outcome): number[] {
  return [...needs].flatMap(([column, values]) =>
    values !== 'any' && values.length === 1 ? [column, ...values[0]] : [],
  );
}

function swap(triples: Float64Array, a: number, b: number): void {
  for (let i = 0; i < 3; i++) {
    const kept = triples[a + i];
    triples[a + i] = triples[b + i];
    triples[b + i] = kept;
  }
}

/** How many edges are at or below the value. */
function rangeOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (high - low > WALK) {
    const middle = (low + high) >> 1;
    if (value >= edges[middle]) low = middle + 1;
    else high = middle;
  }
  while (low < high && value >= edges[low]) low++;
  return low;
}

function indexColumn(column: number, rules: readonly Outcome[], words: number): ColumnIndex | undefined {
  const ofRule = rules.map(({ starts }) => starts.get(column));
  if (ofRule.every((values) => values === undefined)) return undefined;
  const ends = ofRule.flatMap((values) => (Array.isArray(values) ? values.flat() : [])) as number[];
  const edges = Float64Array.from(new Set(ends.filter((edge) => Number.isFinite(edge)))).sort();
  const bits = new Int32Array((edges.length + 2) * words);
  for (const [rule, values] of ofRule.entries()) {
    for (let range = 0; range < edges.length + 2; range++) {
      const from = range === 0 ? Number.NEGATIVE_INFINITY : edges[range - 1];
      const isIn = values === 'any' || (range <= edges.length && values?.some(([lo, hi]) => lo <= from && from < hi));
      if (isIn) bits[range * words + (rule >> 5)] |= 1 << (rule & 31);
    }
  }
  return { edges, bits };
}
