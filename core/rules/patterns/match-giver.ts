import type { CompiledPattern } from './compile-pattern.ts';
import type { EventLists } from './event-lists.ts';
import type { PatternMatch, PatternOutputs } from './match-outputs.ts';
import type { PartialMatches } from './partial-matches.ts';
import { NONE } from './record-pool.ts';
import { WaitingMatches } from './waiting-matches.ts';

/** Gives out what a moment brought, in an order that depends on the events alone, and lets matches take others away. */
export class MatchGiver {
  /** Matches that an older partial match may still take away. */
  readonly waiting = new WaitingMatches();
  readonly #pattern: CompiledPattern;
  readonly #outputs: PatternOutputs;
  readonly #lists: EventLists;
  readonly #partials: PartialMatches;
  /** Lists that became a match, or timed out, at this moment; each still hangs on its list once. */
  readonly #done: number[] = [];
  readonly #timedOut: number[] = [];
  readonly #inOrder = (a: number, b: number): number => this.#lists.compare(a, b);

  constructor(pattern: CompiledPattern, outputs: PatternOutputs, lists: EventLists, partials: PartialMatches) {
    this.#pattern = pattern;
    this.#outputs = outputs;
    this.#lists = lists;
    this.#partials = partials;
  }

  complete(list: number): void {
    this.#done.push(list);
  }

  timeOut(list: number): void {
    this.#timedOut.push(list);
  }

  /** Gives out what became of the moment `endMs`. */
  settle(key: number, endMs: number): void {
    if (this.#timedOut.length > 0) this.#giveTimeouts(key, endMs);
    if (this.#done.length > 0) this.#giveMatches(key, endMs);
    if (this.#pattern.skip !== 'none') this.skip(key);
  }

  /** Gives out matches that no older partial match can take away any more; each takes away others. */
  skip(key: number): void {
    const partials = this.#partials;
    for (;;) {
      const startSeq = this.waiting.headSeq(key);
      const oldest = partials.head(key);
      if (startSeq === Number.POSITIVE_INFINITY || (oldest !== NONE && partials.startSeq(oldest) < startSeq)) return;
      const endMs = this.waiting.headMs(key);
      const list = this.waiting.shift(key);
      const below = this.#skipBelow(list, startSeq);
      this.#give(key, list, endMs);
      while (partials.count(key) > 0 && partials.startSeq(partials.head(key)) < below)
        this.#lists.release(key, partials.remove(key, NONE));
      while (this.waiting.headSeq(key) < below) this.#lists.release(key, this.waiting.shift(key));
    }
  }

  /** What begins with an event before this one is taken away by the match. */
  #skipBelow(list: number, startSeq: number): number {
    const { skip, skipStep } = this.#pattern;
    if (skip === 'toNext') return startSeq + 1;
    if (skip === 'pastLast') return this.#lists.seq(list) + 1;
    return this.#lists.seqOfStep(list, skipStep, skip === 'toFirst' ? 'first' : 'last');
  }

  #giveTimeouts(key: number, endMs: number): void {
    const lists = this.#timedOut;
    if (lists.length > 1) lists.sort(this.#inOrder);
    for (const list of lists) {
      this.#outputs.timeout?.(this.#match(key, list, endMs));
      this.#lists.release(key, list);
    }
    lists.length = 0;
  }

  #giveMatches(key: number, endMs: number): void {
    const lists = this.#done;
    if (lists.length > 1) lists.sort(this.#inOrder);
    for (const list of lists) {
      if (this.#pattern.skip === 'none') this.#give(key, list, endMs);
      else this.waiting.insert(key, list, this.#lists.first(list).seq, endMs);
    }
    lists.length = 0;
  }

  #give(key: number, list: number, endMs: number): void {
    this.#outputs.match(this.#match(key, list, endMs));
    this.#lists.release(key, list);
  }

  #match(key: number, list: number, endMs: number): PatternMatch {
    const steps = this.#lists.byStep(list, this.#pattern.names);
    return { key, steps, startMs: this.#lists.first(list).timeMs, endMs };
  }
}
