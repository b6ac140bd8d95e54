import type { StateArray } from '../../stream/fleet-state.ts';
import { type CompiledPattern, type NfaState, PASS, PENDING } from './compile-pattern.ts';
import { EventLists } from './event-lists.ts';
import { HeldEvents } from './held-events.ts';
import type { EarlierEvents, PatternOutputs, StepTest } from './match-outputs.ts';
import { restoreMatcher, storeMatcher } from './matcher-checkpoint.ts';
import { PartialMatches } from './partial-matches.ts';
import { grown, NONE } from './record-pool.ts';
import { WaitingMatches } from './waiting-matches.ts';

export const DEFAULT_MAX_PARTIAL_MATCHES = 256;
export const DEFAULT_MAX_EVENTS = 1024;

export interface MatcherOptions {
  /** Prefix of the sections in a checkpoint: the same for the same pattern only, so put the version of its rule into it. */
  readonly name: string;
  /** Of one key; beyond it the oldest is dropped and counted. */
  readonly maxPartialMatches?: number;
  /**
   * Of one key, waiting for the watermark or in partial matches; beyond it the oldest partial match is dropped and counted. Where
   * that does not help, the oldest event that waits is taken as if the watermark had passed it.
   */
  readonly maxEvents?: number;
  /** Needed when a step is iterative. */
  readonly test?: StepTest;
}

/**
 * Finds the matches of one pattern in the events of many keys (small whole numbers, such as slots). Events of a key wait until its
 * watermark has passed them and are then looked at in order of event time, those of equal times in order of arrival. What comes
 * out depends on the events and watermarks only, not on how often `advance` is called in between.
 */
export class PatternMatcher {
  readonly #pattern: CompiledPattern;
  readonly #outputs: PatternOutputs;
  readonly #options: MatcherOptions;
  readonly #maxPartialMatches: number;
  readonly #maxEvents: number;
  readonly #lists = new EventLists();
  readonly #held = new HeldEvents();
  readonly #partials = new PartialMatches();
  readonly #waiting = new WaitingMatches();
  #capacity = 0;
  #watermarkMs = new Float64Array(0);
  /** Events looked at so far. */
  #seq = new Float64Array(0);
  /** No deadline of the key is before this. */
  #dueMs = new Float64Array(0);
  /** Since when the leading absence has lasted; +∞ = the key is unknown. */
  #quietMs = new Float64Array(0);
  /** Events in lists. */
  #listed = new Int32Array(0);
  /** Lists that became a match, or timed out, at the moment being looked at. */
  readonly #done: number[] = [];
  readonly #timedOut: number[] = [];
  #testList = NONE;
  readonly #earlier: EarlierEvents = {
    of: (step) => this.#lists.eventsOfStep(this.#testList, this.#pattern.names.indexOf(step)),
  };
  readonly #inOrder = (a: number, b: number): number => this.#lists.compare(a, b);
  #dropped = 0;
  #late = 0;

  constructor(pattern: CompiledPattern, outputs: PatternOutputs, options: MatcherOptions) {
    if (!options.test && pattern.states.some(({ iterative }) => iterative))
      throw new Error('iterative steps need a test');
    this.#pattern = pattern;
    this.#outputs = outputs;
    this.#options = options;
    this.#maxPartialMatches = options.maxPartialMatches ?? DEFAULT_MAX_PARTIAL_MATCHES;
    this.#maxEvents = options.maxEvents ?? DEFAULT_MAX_EVENTS;
  }

  /** Partial matches given up because of the limits. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Events refused because the watermark of their key had passed them. */
  get late(): number {
    return this.#late;
  }

  get bytes(): number {
    const perKey = this.#watermarkMs.byteLength * 4 + this.#listed.byteLength;
    return perKey + this.#lists.bytes + this.#held.bytes + this.#partials.bytes + this.#waiting.bytes;
  }

  /**
   * An event at `timeMs` (Unix ms). `event` is any number by which the caller knows it; `mask` has the bits of the conditions that
   * hold for it. Answers false when it comes behind the watermark.
   */
  add(key: number, timeMs: number, event: number, mask: number): boolean {
    if (key >= this.#capacity) this.#reserve(key + 1);
    if (timeMs <= this.#watermarkMs[key]) {
      this.#late++;
      return false;
    }
    const pattern = this.#pattern;
    if (timeMs < this.#quietMs[key]) this.#quietMs[key] = timeMs;
    if ((mask & pattern.mask) === 0 && !pattern.strict) return true;
    this.#held.insert(key, timeMs, event, mask);
    if (this.#events(key) > this.#maxEvents) this.#limit(key);
    while (this.#events(key) > this.#maxEvents) this.advance(key, this.#held.headMs(key));
    return true;
  }

  /** No more events at or before `watermarkMs` will come for the key. A watermark never goes back. */
  advance(key: number, watermarkMs: number): void {
    if (key >= this.#capacity) this.#reserve(key + 1);
    if (watermarkMs <= this.#watermarkMs[key]) return;
    this.#watermarkMs[key] = watermarkMs;
    while (this.#held.headMs(key) <= watermarkMs) this.#next(key);
    if (this.#dueMs[key] <= watermarkMs) this.#expire(key, watermarkMs);
  }

  /** All that a restart needs, as typed arrays; `count` = keys in use. The same state always gives the same arrays. */
  arrays(count: number): [name: string, array: StateArray][] {
    this.#reserve(count);
    const { name } = this.#options;
    return storeMatcher(
      name,
      count,
      this.#stores(),
      [this.#watermarkMs, this.#seq, this.#quietMs],
      [this.#dropped, this.#late],
    );
  }

  /** Call on a new matcher of the same pattern, with the `count` of `arrays`. */
  restore(count: number, read: (name: string) => StateArray | undefined): void {
    this.#reserve(count);
    const { name } = this.#options;
    const counters = restoreMatcher(
      name,
      count,
      this.#stores(),
      [this.#watermarkMs, this.#seq, this.#quietMs],
      this.#listed,
      read,
    );
    if (!counters) return;
    [this.#dropped, this.#late] = counters;
    this.#dueMs.fill(Number.NEGATIVE_INFINITY, 0, count);
  }

  #stores() {
    return { lists: this.#lists, held: this.#held, partials: this.#partials, waiting: this.#waiting };
  }

  #events(key: number): number {
    return this.#held.count(key) + this.#listed[key];
  }

  /** Looks at the first event that waits. */
  #next(key: number): void {
    this.#held.shift(key);
    const { timeMs, event, mask } = this.#held.entry;
    if (this.#dueMs[key] <= timeMs) this.#expire(key, timeMs);
    const seq = ++this.#seq[key];
    const { startMask, leadingMask, leadingMs } = this.#pattern;
    if ((mask & leadingMask) !== 0) this.#quietMs[key] = timeMs;
    if (this.#partials.count(key) > 0) this.#extend(key, seq, timeMs, event, mask);
    if ((mask & startMask) !== 0 && (leadingMask === 0 || timeMs - this.#quietMs[key] >= leadingMs))
      this.#start(key, seq, timeMs, event, mask);
    this.#settle(key, timeMs);
  }

  #extend(key: number, seq: number, timeMs: number, event: number, mask: number): void {
    const partials = this.#partials;
    let before = NONE;
    let at = partials.head(key);
    while (at !== NONE) {
      const next = partials.next(at);
      const state = this.#pattern.states[partials.state(at)];
      const list = partials.list(at);
      const adjacent = state.stopNext !== 0 && this.#lists.seq(list) === seq - 1;
      const stopped = (mask & (adjacent ? state.stop | state.stopNext : state.stop)) !== 0;
      const holds = !stopped && this.#holds(state, list, event, mask);
      const until = (mask & state.until) !== 0;
      if (holds && !until) {
        const startMs = partials.startMs(at);
        before = this.#take(key, before, state, list, startMs, partials.startSeq(at), seq, timeMs, event);
      }
      const ended = stopped || (until && state.untilEnds);
      if (!ended && (state.pass === PASS.any || (state.pass === PASS.unlessTaken && !holds))) before = at;
      else this.#release(key, partials.remove(key, before));
      at = next;
    }
  }

  #start(key: number, seq: number, timeMs: number, event: number, mask: number): void {
    for (const start of this.#pattern.starts) {
      const state = this.#pattern.states[start];
      if ((mask & state.until) !== 0 || !this.#holds(state, NONE, event, mask)) continue;
      this.#take(key, this.#partials.tail(key), state, NONE, timeMs, seq, seq, timeMs, event);
    }
  }

  #holds(state: NfaState, list: number, event: number, mask: number): boolean {
    if ((mask & state.take) === 0) return false;
    if (!state.iterative) return true;
    this.#testList = list;
    return this.#options.test!(this.#pattern.names[state.step], event, this.#earlier);
  }

  /** Takes an event: what goes on from there is put behind `before`; answers the last of it. */
  #take(
    key: number,
    before: number,
    state: NfaState,
    prev: number,
    startMs: number,
    startSeq: number,
    seq: number,
    timeMs: number,
    event: number,
  ): number {
    const list = this.#lists.push(prev, state.step, seq, timeMs, event);
    this.#listed[key]++;
    let last = before;
    for (const successor of state.successors) {
      this.#lists.retain(list);
      last = this.#partials.insert(key, last, successor, list, startMs, startSeq);
      this.#dueMs[key] = Math.min(this.#dueMs[key], this.#deadlineMs(last));
    }
    if (state.accepts) {
      this.#lists.retain(list);
      this.#done.push(list);
    }
    return last;
  }

  /** When the partial match times out, or its absence has lasted. */
  #deadlineMs(at: number): number {
    const { states, withinMs, trailingMs } = this.#pattern;
    const partials = this.#partials;
    const endMs = partials.startMs(at) + withinMs;
    if (states[partials.state(at)].pending !== PENDING.absence) return endMs;
    return Math.min(endMs, this.#lists.timeMs(partials.list(at)) + trailingMs);
  }

  #expire(key: number, nowMs: number): void {
    const partials = this.#partials;
    for (;;) {
      let dueMs = Number.POSITIVE_INFINITY;
      for (let at = partials.head(key); at !== NONE; at = partials.next(at))
        dueMs = Math.min(dueMs, this.#deadlineMs(at));
      this.#dueMs[key] = dueMs;
      if (dueMs > nowMs || dueMs === Number.POSITIVE_INFINITY) return;
      this.#expireAt(key, dueMs);
      this.#settle(key, dueMs);
    }
  }

  #expireAt(key: number, dueMs: number): void {
    const partials = this.#partials;
    const { states, trailingMs } = this.#pattern;
    let before = NONE;
    for (let at = partials.head(key); at !== NONE; ) {
      const next = partials.next(at);
      if (this.#deadlineMs(at) > dueMs) before = at;
      else {
        const { pending, complete } = states[partials.state(at)];
        const list = partials.remove(key, before);
        const lasted = pending === PENDING.within || this.#lists.timeMs(list) + trailingMs <= dueMs;
        if (pending !== PENDING.none && lasted) this.#done.push(list);
        else if (!complete && this.#lists.tellOnce(list)) this.#timedOut.push(list);
        else this.#release(key, list);
      }
      at = next;
    }
  }

  /** Gives out what became of the moment just looked at, and keeps the limits. */
  #settle(key: number, endMs: number): void {
    if (this.#timedOut.length > 0) this.#giveTimeouts(key, endMs);
    if (this.#done.length > 0) this.#giveMatches(key, endMs);
    if (this.#pattern.skip !== 'none') this.#skip(key);
    if (this.#overLimit(key)) this.#limit(key);
  }

  #giveTimeouts(key: number, endMs: number): void {
    const lists = this.#timedOut;
    if (lists.length > 1) lists.sort(this.#inOrder);
    for (const list of lists) {
      this.#outputs.timeout?.(this.#match(key, list, endMs));
      this.#release(key, list);
    }
    lists.length = 0;
  }

  #giveMatches(key: number, endMs: number): void {
    const lists = this.#done;
    if (lists.length > 1) lists.sort(this.#inOrder);
    for (const list of lists) {
      if (this.#pattern.skip === 'none') this.#give(key, list, endMs);
      else this.#waiting.insert(key, list, this.#lists.first(list).seq, endMs);
    }
    lists.length = 0;
  }

  #give(key: number, list: number, endMs: number): void {
    this.#outputs.match(this.#match(key, list, endMs));
    this.#release(key, list);
  }

  #match(key: number, list: number, endMs: number) {
    const steps = this.#lists.byStep(list, this.#pattern.names);
    return { key, steps, startMs: this.#lists.first(list).timeMs, endMs };
  }

  /** Gives out matches that no older partial match can take away any more; each takes away others. */
  #skip(key: number): void {
    const partials = this.#partials;
    for (;;) {
      const startSeq = this.#waiting.headSeq(key);
      const oldest = partials.head(key);
      if (startSeq === Number.POSITIVE_INFINITY || (oldest !== NONE && partials.startSeq(oldest) < startSeq)) return;
      const endMs = this.#waiting.headMs(key);
      const list = this.#waiting.shift(key);
      const below = this.#skipBelow(list, startSeq);
      this.#give(key, list, endMs);
      while (partials.count(key) > 0 && partials.startSeq(partials.head(key)) < below)
        this.#release(key, partials.remove(key, NONE));
      while (this.#waiting.headSeq(key) < below) this.#release(key, this.#waiting.shift(key));
    }
  }

  /** What begins with an event before this one is taken away by the match. */
  #skipBelow(list: number, startSeq: number): number {
    const { skip, skipStep } = this.#pattern;
    if (skip === 'toNext') return startSeq + 1;
    if (skip === 'pastLast') return this.#lists.seq(list) + 1;
    return this.#lists.seqOfStep(list, skipStep, skip === 'toFirst' ? 'first' : 'last');
  }

  #limit(key: number): void {
    const partials = this.#partials;
    while (partials.count(key) > 0 && this.#overLimit(key)) {
      this.#release(key, partials.remove(key, NONE));
      this.#dropped++;
      if (this.#pattern.skip !== 'none') this.#skip(key);
    }
  }

  #overLimit(key: number): boolean {
    return this.#partials.count(key) > this.#maxPartialMatches || this.#events(key) > this.#maxEvents;
  }

  #release(key: number, list: number): void {
    this.#listed[key] -= this.#lists.release(list);
  }

  #reserve(count: number): void {
    if (count <= this.#capacity) return;
    const capacity = Math.max(1024, count, this.#capacity * 2);
    this.#watermarkMs = grown(this.#watermarkMs, capacity, Number.NEGATIVE_INFINITY);
    this.#seq = grown(this.#seq, capacity, 0);
    this.#dueMs = grown(this.#dueMs, capacity, Number.POSITIVE_INFINITY);
    this.#quietMs = grown(this.#quietMs, capacity, Number.POSITIVE_INFINITY);
    this.#listed = grown(this.#listed, capacity, 0);
    this.#held.reserve(capacity);
    this.#partials.reserve(capacity);
    this.#waiting.reserve(capacity);
    this.#capacity = capacity;
  }
}
