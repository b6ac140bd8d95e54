import type { StepTest } from '../match-outputs.ts';
import { isTaking, type PatternSpec, type PatternStep, type TakingStep } from '../pattern-spec.ts';

export interface SlowEvent {
  readonly timeMs: number;
  readonly event: number;
  readonly mask: number;
}

/** Events taken so far: index of the step (among those that take), index of the event in time order. */
type Run = readonly { readonly step: number; readonly at: number }[];

/** `match a=0,2 b=3 1..5`: events by step, start and end. */
export type Line = string;

/**
 * What a pattern means, said the slow way: tries every choice of events for the steps and keeps those in which all that lies
 * between two of them is allowed, then tells moment by moment which ones are given out. For comparing with the matcher.
 */
export function slowPattern(
  spec: PatternSpec,
  arrived: readonly SlowEvent[],
  watermarkMs: number,
  test: StepTest,
): Line[] {
  return new SlowPattern(spec, arrived, test).lines(watermarkMs);
}

class SlowPattern {
  readonly #spec: PatternSpec;
  readonly #steps: readonly TakingStep[];
  readonly #events: readonly SlowEvent[];
  readonly #test: StepTest;
  readonly #runs: Run[] = [];

  constructor(spec: PatternSpec, arrived: readonly SlowEvent[], test: StepTest) {
    this.#spec = spec;
    this.#test = test;
    this.#steps = spec.steps.filter(isTaking);
    this.#events = arrived.toSorted((a, b) => a.timeMs - b.timeMs);
    this.#grow([]);
  }

  lines(watermarkMs: number): Line[] {
    const lines: Line[] = [];
    /** Matches that wait for older runs to end, and the first event that a run may still begin with. */
    let waiting: { run: Run; endMs: number }[] = [];
    let from = 0;
    const give = (kind: string, run: Run, endMs: number): void => {
      lines.push(`${kind} ${this.#text(run)} ${this.#timeMs(run[0].at)}..${endMs}`);
    };
    const settle = (matches: readonly Run[], seen: number, nowMs: number): void => {
      const fresh = matches.filter((run) => run[0].at >= from).toSorted(compareRuns);
      if ((this.#spec.afterMatch?.skip ?? 'none') === 'none') {
        for (const run of fresh) give('match', run, nowMs);
        return;
      }
      waiting = [...waiting, ...fresh.map((run) => ({ run, endMs: nowMs }))].sort((a, b) => a.run[0].at - b.run[0].at);
      const older = (start: number): boolean =>
        this.#runs.some((run) => run[0].at >= from && run[0].at < start && this.#alive(run, seen, nowMs));
      while (waiting.length > 0 && !older(waiting[0].run[0].at)) {
        const { run, endMs } = waiting.shift()!;
        give('match', run, endMs);
        from = Math.max(from, this.#skipTo(run));
        waiting = waiting.filter((other) => other.run[0].at >= from);
      }
    };
    const expire = (afterMs: number, untilMs: number, seen: number): void => {
      for (const dueMs of this.#deadlines().filter((ms) => ms > afterMs && ms <= untilMs)) {
        const timedOut = this.#runs.filter((run) => run[0].at >= from && this.#timesOut(run, dueMs));
        for (const run of timedOut.toSorted(compareRuns)) give('timeout', run, dueMs);
        settle(
          this.#runs.filter((run) => this.#absentAt(run) === dueMs),
          seen,
          dueMs,
        );
      }
    };
    this.#events.forEach(({ timeMs }, i) => {
      expire(i === 0 ? Number.NEGATIVE_INFINITY : this.#timeMs(i - 1), timeMs, i);
      const matches = this.#runs.filter((run) => run.at(-1)!.at === i && this.#whole(run) && !this.#trailing());
      settle(matches, i + 1, timeMs);
    });
    const { length } = this.#events;
    if (length > 0) expire(this.#timeMs(length - 1), watermarkMs, length);
    return lines;
  }

  #grow(run: Run): void {
    for (let at = (run.at(-1)?.at ?? -1) + 1; at < this.#events.length; at++) {
      for (const step of this.#targets(run)) {
        if (!this.#mayTake(run, step, at)) continue;
        const longer = [...run, { step, at }];
        this.#runs.push(longer);
        this.#grow(longer);
      }
    }
  }

  /** Steps that may take the next event. */
  #targets(run: Run): number[] {
    const last = run.at(-1)?.step ?? -1;
    const targets: number[] = [];
    if (last >= 0 && this.#count(run) < (this.#quantifier(last).max ?? Number.POSITIVE_INFINITY)) targets.push(last);
    if (last >= 0 && !this.#enough(run)) return targets;
    for (let step = last + 1; step < this.#steps.length; step++) {
      targets.push(step);
      if (this.#quantifier(step).min > 0) break;
    }
    return targets;
  }

  #mayTake(run: Run, step: number, at: number): boolean {
    const { until } = this.#quantifier(step);
    if (!this.#holds(run, step, at) || (until !== undefined && this.#has(at, until))) return false;
    if (run.length === 0) return this.#quietBefore(at);
    if (this.#timeMs(at) - this.#timeMs(run[0].at) >= (this.#spec.withinMs ?? Number.POSITIVE_INFINITY)) return false;
    return this.#mayPass(run, step, run.at(-1)!.at + 1, at) && !this.#stopped(run, at + 1);
  }

  /** Events from..end−1 may lie between the run and the next event of `step`. */
  #mayPass(run: Run, step: number, from: number, end: number): boolean {
    const last = run.at(-1)!.step;
    const { inner = 'relaxed', until } = this.#quantifier(step);
    const { contiguity = 'followedBy' } = this.#steps[step];
    const how = last === step ? inner : contiguity;
    for (let at = from; at < end; at++) {
      if (how === 'next' || how === 'consecutive') return false;
      if ((how === 'followedBy' || how === 'relaxed') && this.#holds(run, step, at)) return false;
      if (last === step && until !== undefined && this.#has(at, until)) return false;
    }
    return true;
  }

  /** A negation behind the step of the last event forbids one of the events behind the run and before `end`. */
  #stopped(run: Run, end: number): boolean {
    const last = run.at(-1)!;
    return this.#negations(last.step).some((negation) => {
      for (let at = last.at + 1; at < end; at++) {
        if (negation.contiguity === 'notNext' && (at > last.at + 1 || !this.#enough(run))) continue;
        if (this.#has(at, negation.condition)) return true;
      }
      return false;
    });
  }

  #quietBefore(at: number): boolean {
    const [first] = this.#spec.steps;
    if (first.contiguity !== 'notFor') return true;
    const fromMs = this.#timeMs(at) - first.forMs;
    if (this.#timeMs(0) > fromMs) return false;
    return !this.#events.some(({ timeMs }, i) => i <= at && timeMs > fromMs && this.#has(i, first.condition));
  }

  /** After the first `seen` events, at `nowMs`, the run may still become another one or a match. */
  #alive(run: Run, seen: number, nowMs: number): boolean {
    const last = run.at(-1)!;
    if (last.at >= seen || this.#endMs(run) <= nowMs || this.#stopped(run, seen)) return false;
    if (this.#targets(run).some((step) => this.#mayPass(run, step, last.at + 1, seen))) return true;
    return this.#trailing() !== undefined && this.#whole(run) && this.#absenceMs(run) > nowMs;
  }

  #timesOut(run: Run, dueMs: number): boolean {
    if (this.#endMs(run) !== dueMs) return false;
    if (this.#whole(run) && (!this.#trailing() || this.#absenceMs(run) <= dueMs)) return false;
    const seen = this.#events.filter(({ timeMs }) => timeMs < dueMs).length;
    return this.#alive(run, seen, dueMs - 0.5);
  }

  /** When the absence behind the run has lasted; undefined when it does not. */
  #absentAt(run: Run): number | undefined {
    if (!this.#trailing() || !this.#whole(run)) return undefined;
    const dueMs = this.#absenceMs(run);
    const seen = this.#events.filter(({ timeMs }) => timeMs < dueMs).length;
    return dueMs <= this.#endMs(run) && !this.#stopped(run, seen) ? dueMs : undefined;
  }

  #absenceMs(run: Run): number {
    const trailing = this.#trailing();
    return trailing?.contiguity === 'notFor' ? this.#timeMs(run.at(-1)!.at) + trailing.forMs : this.#endMs(run);
  }

  #endMs(run: Run): number {
    return this.#timeMs(run[0].at) + (this.#spec.withinMs ?? Number.POSITIVE_INFINITY);
  }

  #deadlines(): number[] {
    const all = this.#runs.flatMap((run) => [this.#endMs(run), this.#absenceMs(run)]);
    return [...new Set(all)].sort((a, b) => a - b);
  }

  /** Index of the first event that a run may begin with after the match. */
  #skipTo(run: Run): number {
    const { afterMatch } = this.#spec;
    if (afterMatch?.skip === 'toNext') return run[0].at + 1;
    if (afterMatch?.skip === 'pastLast') return run.at(-1)!.at + 1;
    if (!afterMatch || !('step' in afterMatch)) return 0;
    const ofStep = run.filter(({ step }) => this.#steps[step].name === afterMatch.step);
    return (afterMatch.skip === 'toFirst' ? ofStep.at(0) : ofStep.at(-1))?.at ?? 0;
  }

  #whole(run: Run): boolean {
    return this.#enough(run) && this.#steps.every((_, i) => i <= run.at(-1)!.step || this.#quantifier(i).min === 0);
  }

  #enough(run: Run): boolean {
    return this.#count(run) >= this.#quantifier(run.at(-1)!.step).min;
  }

  #count(run: Run): number {
    return run.filter(({ step }) => step === run.at(-1)!.step).length;
  }

  #quantifier(step: number) {
    return this.#steps[step].quantifier ?? { min: 1, max: 1 };
  }

  /** Negations between a step and the next that takes events. */
  #negations(step: number): PatternStep[] {
    const behind = this.#spec.steps.slice(this.#spec.steps.indexOf(this.#steps[step]) + 1);
    const end = behind.findIndex(isTaking);
    return end === -1 ? behind : behind.slice(0, end);
  }

  #trailing(): PatternStep | undefined {
    const last = this.#spec.steps.at(-1)!;
    return isTaking(last) ? undefined : last;
  }

  #holds(run: Run, step: number, at: number): boolean {
    const { name, condition, iterative } = this.#steps[step];
    if (!this.#has(at, condition) || !iterative) return this.#has(at, condition);
    const of = (wanted: string): number[] =>
      run.filter((pick) => this.#steps[pick.step].name === wanted).map((pick) => this.#events[pick.at].event);
    return this.#test(name, this.#events[at].event, { of });
  }

  #has(at: number, condition: number): boolean {
    return (this.#events[at].mask & (1 << condition)) !== 0;
  }

  #timeMs(at: number): number {
    return this.#events[at].timeMs;
  }

  #text(run: Run): string {
    const parts = this.#steps.map(({ name }, step) => {
      const taken = run.filter((pick) => pick.step === step).map(({ at }) => this.#events[at].event);
      return taken.length === 0 ? '' : `${name}=${taken.join(',')}`;
    });
    return parts.filter((part) => part !== '').join(' ');
  }
}

/** The order in which simultaneous matches are given out. */
function compareRuns(a: Run, b: Run): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i].at !== b[i].at) return a[i].at - b[i].at;
  if (a.length !== b.length) return b.length - a.length;
  const differs = a.findIndex(({ step }, i) => step !== b[i].step);
  return differs === -1 ? 0 : a[differs].step - b[differs].step;
}
