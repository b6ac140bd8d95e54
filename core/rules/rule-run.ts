import type { Alert } from '../model/alerts.ts';
import type { ReadSection, Sections } from '../stream/arrays.ts';
import type { PatternMatch } from './patterns/match-outputs.ts';
import { PatternMatcher } from './patterns/pattern-matcher.ts';
import type { CompiledRule } from './rule-set.ts';
import { RuleState } from './rule-state.ts';

/** Messages of one time keep their order by so much of a millisecond: exact in a double for any date. */
const TICK_MS = 1 / 1024;

/** Bit of the condition that begins a sequence. */
const FIRST_STEP = 1;

/** A rule in force, and where it stands on every vehicle. */
export class RuleRun {
  readonly rule: CompiledRule;
  readonly state: RuleState;
  /** Open alerts by slot while the rule fires there. */
  readonly alerts: Map<number, Alert>;
  readonly sequence: SequenceRun | undefined;

  /** `before`: the same version of the rule, whose state goes on. */
  constructor(rule: CompiledRule, before?: RuleRun) {
    this.rule = rule;
    this.state = before?.state ?? new RuleState();
    this.alerts = before?.alerts ?? new Map();
    if (rule.sequence) this.sequence = before?.sequence?.goOnWith(rule) ?? new SequenceRun(rule);
  }

  arrays(count: number): Sections {
    const { version } = this.rule.spec;
    return [...this.state.arrays(version, count), ...(this.sequence?.arrays(count) ?? [])];
  }

  /** Answers false when nothing is stored of it. */
  restore(count: number, read: ReadSection): boolean {
    this.sequence?.restore(count, read);
    return this.state.restore(this.rule.spec.version, count, read);
  }
}

/** The steps of a sequence on every vehicle. */
export class SequenceRun {
  #rule: CompiledRule;
  readonly #matcher: PatternMatcher;
  readonly #name: string;
  /** By slot: time of the newest message given to the matcher, Unix ms. */
  #lastMs = new Float64Array(0);
  #matched: PatternMatch | undefined;

  constructor(rule: CompiledRule) {
    this.#rule = rule;
    this.#name = `rule.${rule.spec.version}.steps`;
    const outputs = {
      match: (match: PatternMatch): void => {
        this.#matched ??= match;
      },
    };
    this.#matcher = new PatternMatcher(rule.sequence!.pattern, outputs, { name: this.#name });
  }

  /** The same rule compiled anew reads other columns. */
  goOnWith(rule: CompiledRule): this {
    this.#rule = rule;
    return this;
  }

  /** A message of the vehicle; answers a sequence that it completes. */
  step(slot: number, atMs: number): PatternMatch | undefined {
    let mask = 0;
    for (const [bit, { isTrue }] of this.#rule.sequence!.conditions.entries()) if (isTrue(slot) === 1) mask |= 1 << bit;
    // What is not looked at must leave no trace: after a restart more vehicles are looked at than need be.
    if ((mask & FIRST_STEP) === 0 && this.isIdle(slot)) return undefined;
    if (slot >= this.#lastMs.length) this.#reserve(slot + 1);
    const timeMs = Math.max(atMs, this.#lastMs[slot] + TICK_MS);
    this.#lastMs[slot] = timeMs;
    this.#matcher.add(slot, timeMs, 0, mask);
    return this.#advance(slot, timeMs);
  }

  /** Nothing came of the vehicle up to `atMs`: a sequence may end with that. */
  wait(slot: number, atMs: number): PatternMatch | undefined {
    if (slot >= this.#lastMs.length || atMs <= this.#lastMs[slot]) return undefined;
    this.#lastMs[slot] = atMs;
    return this.#advance(slot, atMs);
  }

  /** True while no sequence has begun there. */
  isIdle(slot: number): boolean {
    return this.#matcher.isIdle(slot);
  }

  arrays(count: number): Sections {
    if (count > this.#lastMs.length) this.#reserve(count);
    return [[`${this.#name}.lastMs`, this.#lastMs.subarray(0, count)], ...this.#matcher.arrays(count)];
  }

  restore(count: number, read: ReadSection): void {
    this.#reserve(count);
    const lastMs = read(`${this.#name}.lastMs`);
    if (!lastMs) return;
    this.#lastMs.set(lastMs as Float64Array);
    this.#matcher.restore(count, read);
  }

  #advance(slot: number, atMs: number): PatternMatch | undefined {
    this.#matched = undefined;
    this.#matcher.advance(slot, atMs);
    return this.#matched;
  }

  #reserve(count: number): void {
    if (count <= this.#lastMs.length) return;
    const more = new Float64Array(Math.max(count, this.#lastMs.length * 2, 1024));
    more.set(this.#lastMs);
    this.#lastMs = more;
  }
}
