import type { StateArray } from '../../stream/fleet-state.ts';
import { type CompiledPattern, type NfaState, PASS, PENDING } from './compile-pattern.ts';
import { EventLists } from './event-lists.ts';
import { HeldEvents } from './held-events.ts';
import { MatchGiver } from './match-giver.ts';
import type { EarlierEvents, PatternOutputs } from './match-outputs.ts';
import { restoreMatcher, storeMatcher } from './matcher-checkpoint.ts';
import { DEFAULT_MAX_EVENTS, DEFAULT_MAX_PARTIAL_MATCHES, type MatcherOptions } from './matcher-options.ts';
import { PartialMatches } from './partial-matches.ts';
import { grown, NONE } from './record-pool.ts';

/**
 * Finds the matches of one pattern in the events of many keys (small whole numbers, such as slots). Events of a key wait until its
 * watermark has passed them and are then looked at in order of event time, those of equal times in order of arrival. What comes
 * out depends on the events and watermarks only, not on how often `advance` is called in between (as long as no limit is reached).
 */
export class PatternMatcher {
  readonly #pattern: CompiledPattern;
  readonly #options: MatcherOptions;
  readonly #maxPartialMatches: number;
  readonly #maxEvents: number;
  readonly #lists = new EventLists();
  readonly #held = new HeldEvents();
  readonly #partials = new PartialMatches();
  readonly #giver: MatchGiver;
  #capacity = 0;
  #watermarkMs = new Float64Array(0);
  /** Events looked at so far. */
  #seq = new Float64Array(0);
  /** No deadline of the key is before this. */
  #dueMs = new Float64Array(0);
  /** Since when the leading absence has lasted; +∞ = the key is unknown. */
  #quietMs = new Float64Array(0);
  #testList = NONE;
  readonly #earlier: EarlierEvents = {
    of: (step) => this.#lists.eventsOfStep(this.#testList, this.#pattern.names.indexOf(step)),
  };
  #dropped = 0;
  #late = 0;

  constructor(pattern: CompiledPattern, outputs: PatternOutputs, options: MatcherOptions) {
    if (!options.test && pattern.states.some(({ iterative }) => iterative))
      throw new Error('iterative steps need a test');
    this.#pattern = pattern;
    this.#options = options;
    this.#giver = new MatchGiver(pattern, outputs, this.#lists, this.#partials);
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
    const stores = this.#lists.bytes + this.#held.bytes + this.#partials.bytes + this.#giver.waiting.bytes;
    return stores + this.#watermarkMs.byteLength * 4;
  }

  /** True when nothing is under way for the key: only an event that can be the first one matters to it. */
  isIdle(key: number): boolean {
    return key >= this.#capacity || (this.#partials.count(key) === 0 && this.#held.count(key) === 0);
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
    if (this.#held.count(key) > this.#maxEvents) this.advance(key, this.#held.headMs(key));
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
    const counters = restoreMatcher(name, count, this.#stores(), [this.#watermarkMs, this.#seq, this.#quietMs], read);
    if (!counters) return;
    [this.#dropped, this.#late] = counters;
    this.#dueMs.fill(Number.NEGATIVE_INFINITY, 0, count);
  }

  #stores() {
    return { lists: this.#lists, held: this.#held, partials: this.#partials, waiting: this.#giver.waiting };
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
      else this.#lists.release(key, partials.remove(key, before));
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
    const list = this.#lists.push(key, prev, state.step, seq, timeMs, event);
    let last = before;
    for (const successor of state.successors) {
      this.#lists.retain(list);
      last = this.#partials.insert(key, last, successor, list, startMs, startSeq);
      this.#dueMs[key] = Math.min(this.#dueMs[key], this.#deadlineMs(last));
    }
    if (state.accepts) {
      this.#lists.retain(list);
      this.#giver.complete(list);
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
        // An absence that did not fit into within is cut short; one that only within ends has no time of its own.
        if (pending !== PENDING.none && this.#lists.timeMs(list) + trailingMs <= dueMs) this.#giver.complete(list);
        else if (!complete && this.#lists.tellOnce(list)) this.#giver.timeOut(list);
        else this.#lists.release(key, list);
      }
      at = next;
    }
  }

  #settle(key: number, endMs: number): void {
    this.#giver.settle(key, endMs);
    if (this.#overLimit(key)) this.#limit(key);
  }

  #limit(key: number): void {
    const partials = this.#partials;
    while (partials.count(key) > 0 && this.#overLimit(key)) {
      this.#lists.release(key, partials.remove(key, NONE));
      this.#dropped++;
      this.#giver.skip(key);
    }
  }

  #overLimit(key: number): boolean {
    return this.#partials.count(key) > this.#maxPartialMatches || this.#lists.count(key) > this.#maxEvents;
  }

  #reserve(count: number): void {
    if (count <= this.#capacity) return;
    const capacity = Math.max(1024, count, this.#capacity * 2);
    this.#watermarkMs = grown(this.#watermarkMs, capacity, Number.NEGATIVE_INFINITY);
    this.#seq = grown(this.#seq, capacity, 0);
    this.#dueMs = grown(this.#dueMs, capacity, Number.POSITIVE_INFINITY);
    this.#quietMs = grown(this.#quietMs, capacity, Number.POSITIVE_INFINITY);
    this.#lists.reserve(capacity);
    this.#held.reserve(capacity);
    this.#partials.reserve(capacity);
    this.#giver.waiting.reserve(capacity);
    this.#capacity = capacity;
  }
}
