import { checkPattern, PatternError } from './check-pattern.ts';
import {
  type AbsenceStep,
  isTaking,
  type NotStep,
  type PatternSpec,
  type Quantifier,
  type TakingStep,
} from './pattern-spec.ts';

/** Which events a state lets pass while it waits. */
export const PASS = { none: 0, unlessTaken: 1, any: 2 } as const;

/** What a state waits for that is not an event. */
export const PENDING = { none: 0, within: 1, absence: 2 } as const;

/** Above this a pattern costs more memory and time to build than any rule is worth. */
const MAX_STATES = 10_000;

/**
 * What a partial match waits for: the next event of one step, or the end of an absence. After each event that is taken there is
 * one partial match for each thing that may come next, so that a state never has to choose.
 */
export interface NfaState {
  /** Index of the step it takes an event for. */
  readonly step: number;
  /** Bit of the condition; 0 = takes none. */
  readonly take: number;
  readonly iterative: boolean;
  /** Bit of the condition under which nothing is taken; 0 = none. */
  readonly until: number;
  /** `until` also ends the waiting. */
  readonly untilEnds: boolean;
  /** One of PASS. */
  readonly pass: number;
  /** Any of these bits ends the partial match. */
  readonly stop: number;
  /** The same, for the event right behind the last one taken. */
  readonly stopNext: number;
  /** One of PENDING. */
  readonly pending: number;
  /** What has been taken before this state is a match already. */
  readonly complete: boolean;
  /** With the event taken here there is a match. */
  accepts: boolean;
  /** States of the partial matches that go on from the event taken here. */
  successors: readonly number[];
}

export interface CompiledPattern {
  /** Names of the steps that take events, by index. */
  readonly names: readonly string[];
  readonly states: readonly NfaState[];
  /** States that can take the first event. */
  readonly starts: readonly number[];
  /** Bits of the conditions that can start a match. */
  readonly startMask: number;
  /** Bits of all conditions. */
  readonly mask: number;
  /** Events that satisfy no condition matter too, because they come between. */
  readonly strict: boolean;
  /** +∞ = no limit. */
  readonly withinMs: number;
  /** Absence before the first event: its bit (0 = none) and time. */
  readonly leadingMask: number;
  readonly leadingMs: number;
  /** Absence after the last event, ms; 0 = none, or until within is over. */
  readonly trailingMs: number;
  readonly skip: 'none' | 'toNext' | 'pastLast' | 'toFirst' | 'toLast';
  /** Index of the step that `toFirst` and `toLast` name. */
  readonly skipStep: number;
}

interface Step {
  readonly take: number;
  readonly pass: number;
  readonly innerPass: number;
  readonly iterative: boolean;
  readonly until: number;
  readonly optional: boolean;
  readonly min: number;
  readonly max: number;
  /** Bits of the negations that directly follow. */
  readonly notNext: number;
  readonly notFollowedBy: number;
}

const ONE: Quantifier = { min: 1, max: 1 };
const START = -1;

/** Checks a pattern and makes its automaton; throws a PatternError that says what to change. */
export function compilePattern(spec: PatternSpec): CompiledPattern {
  checkPattern(spec);
  const { steps, withinMs = Number.POSITIVE_INFINITY, afterMatch = { skip: 'none' } } = spec;
  const names = steps.filter(isTaking).map(({ name }) => name);
  const first = steps[0];
  const leading = first.contiguity === 'notFor' ? first : undefined;
  const last = steps[steps.length - 1];
  const pending = isTaking(last) ? PENDING.none : last.contiguity === 'notFor' ? PENDING.absence : PENDING.within;
  const compiler = new Compiler(stepsOf(spec), pending);
  const starts = compiler.compile();
  const { states } = compiler;
  return {
    names,
    states,
    starts,
    startMask: starts.reduce((mask, s) => mask | states[s].take, 0),
    mask: states.reduce((mask, s) => mask | s.take | s.until | s.stop | s.stopNext, leading ? bit(leading) : 0),
    strict: states.some((s, i) => s.stopNext !== 0 || (s.pass === PASS.none && !starts.includes(i))),
    withinMs,
    leadingMask: leading ? bit(leading) : 0,
    leadingMs: leading ? leading.forMs : 0,
    trailingMs: last.contiguity === 'notFor' ? last.forMs : 0,
    skip: afterMatch.skip,
    skipStep: 'step' in afterMatch ? names.indexOf(afterMatch.step) : -1,
  };
}

const bit = ({ condition }: TakingStep | NotStep | AbsenceStep): number => 1 << condition;

function stepsOf({ steps }: PatternSpec): Step[] {
  return steps.flatMap((step, i): Step[] => {
    if (!isTaking(step)) return [];
    const behind = steps.slice(i + 1);
    const end = behind.findIndex(isTaking);
    const nots = end === -1 ? behind : behind.slice(0, end);
    const maskOf = (next: boolean): number =>
      nots.filter((not) => (not.contiguity === 'notNext') === next).reduce((mask, not) => mask | bit(not), 0);
    const { min, max = Number.POSITIVE_INFINITY, inner = 'relaxed', until } = step.quantifier ?? ONE;
    const { contiguity = 'followedBy' } = step;
    return [
      {
        take: bit(step),
        pass: { next: PASS.none, followedBy: PASS.unlessTaken, followedByAny: PASS.any }[contiguity],
        innerPass: { consecutive: PASS.none, relaxed: PASS.unlessTaken, combinations: PASS.any }[inner],
        iterative: step.iterative ?? false,
        until: until === undefined ? 0 : 1 << until,
        optional: min === 0,
        min: Math.max(1, min),
        max,
        notNext: maskOf(true),
        notFollowedBy: maskOf(false),
      },
    ];
  });
}

class Compiler {
  readonly states: NfaState[] = [];
  readonly #steps: readonly Step[];
  readonly #pending: number;
  readonly #known = new Map<string, number>();
  /** States whose successors are still to be made, and how many events of their step are taken by then. */
  readonly #unlinked: { readonly state: NfaState; readonly count: number }[] = [];

  constructor(steps: readonly Step[], pending: number) {
    this.#steps = steps;
    this.#pending = pending;
  }

  /** Makes all states; answers those that can take the first event. */
  compile(): number[] {
    const starts = this.#forward(START);
    for (let next = this.#unlinked.pop(); next; next = this.#unlinked.pop()) this.#link(next.state, next.count);
    return starts;
  }

  /** States that wait for the steps that may come behind `origin`: up to the first one that is required. */
  #forward(origin: number): number[] {
    const required = this.#steps.findIndex((step, i) => i > origin && !step.optional);
    const end = required === -1 ? this.#steps.length : required + 1;
    return this.#steps.slice(origin + 1, end).map((_, i) => this.#state(origin, origin + 1 + i, 0));
  }

  /** The state in which `count` events of the step are taken and another is waited for; `origin` is the step of the last event. */
  #state(origin: number, target: number, count: number): number {
    const key = `${origin} ${target} ${count}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.states.length >= MAX_STATES)
      throw new PatternError(undefined, 'the pattern repeats too many steps too often: ask for fewer events');
    const id = this.states.length;
    this.#known.set(key, id);
    const state = this.#waiting(origin, target, count);
    this.states.push(state);
    if (state.take !== 0) this.#unlinked.push({ state, count: count + 1 });
    return id;
  }

  #waiting(origin: number, target: number, count: number): NfaState {
    const before = origin === START ? undefined : this.#steps[origin];
    const step = this.#steps.at(target) as Step | undefined;
    const looping = origin === target;
    const leavable = before !== undefined && (!looping || count >= before.min);
    return {
      step: target,
      take: step?.take ?? 0,
      iterative: step?.iterative ?? false,
      until: step?.until ?? 0,
      untilEnds: looping,
      pass: step === undefined ? PASS.any : looping ? step.innerPass : step.pass,
      stop: before?.notFollowedBy ?? 0,
      stopNext: leavable ? before.notNext : 0,
      pending: step === undefined ? this.#pending : PENDING.none,
      complete: leavable && step !== undefined && this.#endsAfter(origin),
      accepts: false,
      successors: [],
    };
  }

  /** What may come when `count` events of the step have been taken. */
  #link(state: NfaState, count: number): void {
    const { step } = state;
    const { min, max } = this.#steps[step];
    const successors: number[] = [];
    // Without upper bound all counts from the least one on are alike.
    if (count < max)
      successors.push(this.#state(step, step, max === Number.POSITIVE_INFINITY ? Math.min(count, min) : count));
    if (count >= min) {
      successors.push(...this.#forward(step));
      if (this.#endsAfter(step)) {
        if (this.#pending === PENDING.none) state.accepts = true;
        else successors.push(this.#state(step, this.#steps.length, 0));
      }
    }
    state.successors = successors;
  }

  #endsAfter(step: number): boolean {
    return this.#steps.every(({ optional }, i) => i <= step || optional);
  }
}
