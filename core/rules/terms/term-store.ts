import type { ReadSection, Sections } from '../../stream/arrays.ts';
import { COLUMNS } from '../../stream/columns.ts';
import type { FleetState } from '../../stream/fleet-state.ts';
import { MAX_TERMS, SOURCE, SOURCE_END, type Term } from './term.ts';

const WORD_BITS = 32;

/** A term that has its place. */
export interface PlacedTerm {
  readonly term: Term;
  /** Column of its values in the fleet's state. */
  readonly column: number;
}

/**
 * The terms of the rules in force, each with a column behind those of the fleet. After a message only the terms are brought up to
 * date of which a source changed; a term that reads another comes after it.
 */
export class TermStore {
  readonly #state: FleetState;
  /** By index; the column is COLUMNS.length + index. A place that was given back is undefined. */
  #terms: (Term | undefined)[] = [];
  readonly #byKey = new Map<string, number>();
  #words = 0;
  /** By column or source: the terms that depend on it, as bits. */
  #masks: (Int32Array | undefined)[] = [];
  #dirty = new Int32Array(0);
  #ticking: number[] = [];
  #raisable: number[] = [];
  #listeners: number[] = [];

  constructor(state: FleetState) {
    this.#state = state;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get bytes(): number {
    let sum = 0;
    for (const term of this.#terms) if (term) sum += (term.bytes?.() ?? 0) + this.#state.capacity * 8;
    return sum;
  }

  /** True when some term changes every second. */
  get ticks(): boolean {
    return this.#ticking.length > 0;
  }

  /** True when none of the terms of these keys needs more than a slow tick. */
  areSlow(keys: ReadonlySet<string>): boolean {
    for (const key of keys) {
      const { tick, slow } = this.#terms[this.#byKey.get(key)!]!;
      if (tick && !slow) return false;
    }
    return true;
  }

  find(key: string): PlacedTerm | undefined {
    const index = this.#byKey.get(key);
    return index === undefined ? undefined : { term: this.#terms[index]!, column: COLUMNS.length + index };
  }

  at(column: number): Term | undefined {
    return this.#terms[column - COLUMNS.length];
  }

  /** How far back it looks, and what it reads before that, ms. */
  lookBackMs(term: Term): number {
    const before = term.sources.map((source) => {
      const of = this.at(source);
      return of ? this.lookBackMs(of) : 0;
    });
    return term.lookBackMs + Math.max(0, ...before);
  }

  /** The term of that key, made if there is none. Throws a RangeError when there are too many. */
  place(key: string, make: () => Term): PlacedTerm {
    const known = this.find(key);
    if (known) return known;
    const term = make();
    // Behind all it depends on: then one pass in order brings everything up to date.
    const after = Math.max(-1, ...term.sources.map((s) => (s < COLUMNS.length + MAX_TERMS ? s - COLUMNS.length : -1)));
    let index = this.#terms.findIndex((t, i) => t === undefined && i > after);
    if (index < 0) index = this.#terms.length;
    if (index >= MAX_TERMS)
      throw new RangeError(`more than ${MAX_TERMS} different windows, places and facts in all rules`);
    this.#terms[index] = term;
    this.#byKey.set(key, index);
    const column = COLUMNS.length + index;
    const values = new Float64Array(this.#state.capacity).fill(Number.NaN);
    this.#state.values[column] = values;
    term.reserve?.(this.#state.capacity);
    this.#index();
    if (term.fromNow) this.#fill(term, values);
    return { term, column };
  }

  /** Gives up all terms but those of these keys, and what only they need. */
  keepOnly(keys: ReadonlySet<string>): void {
    const needed = new Set<number>();
    const need = (index: number): void => {
      if (needed.has(index)) return;
      needed.add(index);
      for (const source of this.#terms[index]!.sources) {
        const of = source - COLUMNS.length;
        if (of >= 0 && of < MAX_TERMS) need(of);
      }
    };
    for (const key of keys) need(this.#byKey.get(key)!);
    for (const [key, index] of [...this.#byKey]) {
      if (needed.has(index)) continue;
      this.#byKey.delete(key);
      this.#terms[index] = undefined;
      this.#state.values[COLUMNS.length + index] = new Float64Array(this.#state.capacity).fill(Number.NaN);
    }
    while (this.#terms.length > 0 && this.#terms.at(-1) === undefined) {
      this.#terms.pop();
      this.#state.values.length = COLUMNS.length + this.#terms.length;
    }
    this.#index();
  }

  /**
   * Brings the vehicle's terms up to date after a message: `changed` lists in its first `count` places the columns and sources that
   * changed, and gets the columns of the terms that did. Answers how many it lists then.
   */
  update(slot: number, atMs: number, changed: Uint16Array, count: number): number {
    if (this.#words === 0) return count;
    const dirty = this.#dirty;
    dirty.fill(0);
    for (let i = 0; i < count; i++) this.#mark(this.#masks[changed[i]]);
    this.#mark(this.#masks[SOURCE.clock]);
    return this.#run(slot, atMs, changed, count);
  }

  /** The same when anything may have changed. */
  updateAll(slot: number, atMs: number): void {
    for (const [i, term] of this.#terms.entries()) if (term) this.#dirty[i >> 5] |= 1 << (i & 31);
    this.#run(slot, atMs, new Uint16Array(MAX_TERMS), 0);
  }

  /** Terms without a memory, for all vehicles: business data has changed. */
  refill(): void {
    for (const [i, term] of this.#terms.entries()) {
      if (term?.fromNow) this.#fill(term, this.#state.values[COLUMNS.length + i]);
    }
  }

  /** Every second, before rules that change every second are looked at. */
  tick(slot: number, atMs: number, nowS: number, isSlowTurn: boolean): void {
    for (const index of this.#ticking) {
      const term = this.#terms[index]!;
      if (term.slow && !isSlowTurn) continue;
      const value = term.tick!(slot, atMs, nowS);
      this.#state.values[COLUMNS.length + index][slot] = value;
    }
  }

  /** Answers true when a term counts it. */
  raised(ruleId: string, slot: number, atMs: number): boolean {
    for (const index of this.#raisable) {
      this.#terms[index]!.raised!(ruleId, slot, atMs);
      this.#set(index, slot, atMs);
    }
    return this.#raisable.length > 0;
  }

  /** Answers true when a term counts it. */
  happened(event: string, slot: number, atMs: number): boolean {
    for (const index of this.#listeners) {
      this.#terms[index]!.happened!(event, slot, atMs);
      this.#set(index, slot, atMs);
    }
    return this.#listeners.length > 0;
  }

  arrays(count: number, only?: ReadonlySet<string>): Sections {
    const sections: Sections = [];
    for (const [i, term] of this.#terms.entries()) {
      if (!term || (only && !only.has(term.key))) continue;
      if (term.fromNow) continue;
      sections.push([`term.${term.key}.value`, this.#state.values[COLUMNS.length + i].subarray(0, count)]);
      if (term.arrays) sections.push(...term.arrays(`term.${term.key}`, count));
    }
    return sections;
  }

  /** Takes over what is stored of the terms there are (`only` of those keys); others begin anew. */
  restore(count: number, read: ReadSection, only?: ReadonlySet<string>): void {
    for (const [i, term] of this.#terms.entries()) {
      if (!term || (only && !only.has(term.key))) continue;
      if (term.fromNow) this.#fill(term, this.#state.values[COLUMNS.length + i]);
      const stored = read(`term.${term.key}.value`);
      if (!stored) continue;
      this.#state.values[COLUMNS.length + i].set(stored as Float64Array);
      term.restore?.(`term.${term.key}`, count, read);
    }
  }

  #mark(mask: Int32Array | undefined): void {
    if (mask === undefined) return;
    const dirty = this.#dirty;
    for (let w = 0; w < mask.length; w++) dirty[w] |= mask[w];
  }

  #run(slot: number, atMs: number, changed: Uint16Array, from: number): number {
    const dirty = this.#dirty;
    const terms = this.#terms;
    const { values } = this.#state;
    let count = from;
    for (let w = 0; w < dirty.length; w++) {
      while (dirty[w] !== 0) {
        const bit = dirty[w] & -dirty[w];
        dirty[w] &= ~bit;
        const index = w * WORD_BITS + 31 - Math.clz32(bit);
        const column = COLUMNS.length + index;
        const term = terms[index]!;
        const value = term.update(slot, atMs);
        const old = values[column][slot];
        const isSame = value === old || (Number.isNaN(value) && Number.isNaN(old));
        // A window counts a reading although it says the same as the one before.
        const mask = this.#masks[column];
        if (mask !== undefined && !(isSame && term.sampled)) this.#mark(mask);
        if (isSame) continue;
        values[column][slot] = value;
        changed[count++] = column;
      }
    }
    return count;
  }

  #set(index: number, slot: number, atMs: number): void {
    this.#state.values[COLUMNS.length + index][slot] = this.#terms[index]!.update(slot, atMs);
  }

  #fill(term: Term, values: Float64Array): void {
    const { count, clockMs } = this.#state;
    for (let slot = 0; slot < count; slot++) values[slot] = term.update(slot, clockMs[slot]);
  }

  #index(): void {
    this.#words = Math.ceil(this.#terms.length / WORD_BITS);
    this.#dirty = new Int32Array(this.#words);
    this.#masks = new Array<Int32Array | undefined>(SOURCE_END).fill(undefined);
    this.#ticking = [];
    this.#raisable = [];
    this.#listeners = [];
    for (const [index, term] of this.#terms.entries()) {
      if (!term) continue;
      for (const source of term.sources) {
        this.#masks[source] ??= new Int32Array(this.#words);
        this.#masks[source]![index >> 5] |= 1 << (index & 31);
      }
      if (term.tick) this.#ticking.push(index);
      if (term.raised) this.#raisable.push(index);
      if (term.happened) this.#listeners.push(index);
    }
  }
}
