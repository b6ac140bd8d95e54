import type { AggregateSpec, WindowSpec } from '../window-spec.ts';
import { aggregate, type ReferenceEvent, type ReferenceSpan } from './reference-aggregates.ts';

export interface ReferenceResult {
  readonly startMs: number;
  readonly endMs: number;
  readonly revision: number;
  readonly values: readonly number[];
  readonly replaces: readonly number[];
}

interface ReferenceOptions {
  readonly window: WindowSpec;
  readonly latenessMs: number;
  readonly aggregates: readonly AggregateSpec[];
}

/** Windows of one key, slow and obvious: keeps every accepted event and works out every window from all of them. */
export interface ReferenceWindows {
  readonly results: ReferenceResult[];
  /** Times of late events. */
  readonly late: number[];
  add(timeMs: number, inputs: readonly number[]): void;
  addSpan(fromMs: number, toMs: number, inputs: readonly number[]): void;
  advance(watermarkMs: number): void;
}

export function referenceWindows(options: ReferenceOptions): ReferenceWindows {
  const { window } = options;
  return window.type === 'session'
    ? new ReferenceSessions(options, window.gapMs)
    : new ReferenceSlices(
        options,
        window.sizeMs,
        window.type === 'hopping' ? window.slideMs : window.sizeMs,
        window.offsetMs ?? 0,
      );
}

class ReferenceSlices implements ReferenceWindows {
  readonly results: ReferenceResult[] = [];
  readonly late: number[] = [];
  readonly #options: ReferenceOptions;
  readonly #sizeMs: number;
  readonly #slideMs: number;
  readonly #offsetMs: number;
  readonly #events: ReferenceEvent[] = [];
  readonly #spans: ReferenceSpan[] = [];
  /** Start → firings. */
  readonly #fired = new Map<number, number>();
  #watermarkMs = Number.NEGATIVE_INFINITY;

  constructor(options: ReferenceOptions, sizeMs: number, slideMs: number, offsetMs: number) {
    this.#options = options;
    this.#sizeMs = sizeMs;
    this.#slideMs = slideMs;
    this.#offsetMs = offsetMs;
  }

  add(timeMs: number, inputs: readonly number[]): void {
    const starts = this.#startsOver(timeMs, timeMs + 1);
    if (starts.length === 0) return;
    if (!starts.some((start) => this.#isKept(start))) {
      this.late.push(timeMs);
      return;
    }
    this.#events.push({ timeMs, inputs });
    for (const start of starts) if (this.#isKept(start) && this.#isDue(start)) this.#fire(start);
  }

  addSpan(fromMs: number, toMs: number, inputs: readonly number[]): void {
    let isLate = false;
    for (let ms = fromMs; ms < toMs; ms++) {
      const starts = this.#startsOver(ms, ms + 1);
      if (starts.some((start) => this.#isKept(start))) this.#spans.push({ fromMs: ms, toMs: ms + 1, inputs });
      else if (starts.length > 0) isLate = true;
    }
    if (isLate) this.late.push(fromMs);
    for (const start of this.#startsOver(fromMs, toMs))
      if (this.#isKept(start) && this.#isDue(start)) this.#fire(start);
  }

  advance(watermarkMs: number): void {
    if (watermarkMs <= this.#watermarkMs) return;
    const beforeMs = this.#watermarkMs;
    this.#watermarkMs = watermarkMs;
    const starts = new Set<number>();
    for (const { timeMs } of this.#events) for (const start of this.#startsOver(timeMs, timeMs + 1)) starts.add(start);
    for (const { fromMs, toMs } of this.#spans) for (const start of this.#startsOver(fromMs, toMs)) starts.add(start);
    for (const start of [...starts].sort((a, b) => a - b))
      if (this.#isDue(start) && start + this.#sizeMs - 1 > beforeMs) this.#fire(start);
  }

  /** Starts of the windows that have an instant in [fromMs, toMs). */
  #startsOver(fromMs: number, toMs: number): number[] {
    const starts: number[] = [];
    let start = this.#offsetMs;
    while (start + this.#sizeMs > fromMs) start -= this.#slideMs;
    for (; start < toMs; start += this.#slideMs) if (start + this.#sizeMs > fromMs) starts.push(start);
    return starts;
  }

  #isDue(start: number): boolean {
    return start + this.#sizeMs - 1 <= this.#watermarkMs;
  }

  #isKept(start: number): boolean {
    return start + this.#sizeMs - 1 + this.#options.latenessMs > this.#watermarkMs;
  }

  #fire(startMs: number): void {
    const endMs = startMs + this.#sizeMs;
    const events = this.#events.filter((e) => e.timeMs >= startMs && e.timeMs < endMs);
    const spans = this.#spans.filter((s) => s.fromMs >= startMs && s.toMs <= endMs);
    const revision = this.#fired.get(startMs) ?? 0;
    this.#fired.set(startMs, revision + 1);
    const values = this.#options.aggregates.map((spec) => aggregate(spec, events, spans));
    this.results.push({ startMs, endMs, revision, values, replaces: [] });
  }
}

interface Session {
  startMs: number;
  endMs: number;
  events: ReferenceEvent[];
  spans: ReferenceSpan[];
  /** Starts under which results were given that are not void yet. */
  given: number[];
  firings: number;
  fired: boolean;
}

class ReferenceSessions implements ReferenceWindows {
  readonly results: ReferenceResult[] = [];
  readonly late: number[] = [];
  readonly #options: ReferenceOptions;
  readonly #gapMs: number;
  #sessions: Session[] = [];
  #order = 0;
  readonly #orders = new Map<ReferenceEvent, number>();
  #watermarkMs = Number.NEGATIVE_INFINITY;

  constructor(options: ReferenceOptions, gapMs: number) {
    this.#options = options;
    this.#gapMs = gapMs;
  }

  add(timeMs: number, inputs: readonly number[]): void {
    const event = { timeMs, inputs };
    this.#orders.set(event, this.#order++);
    this.#merge(timeMs, timeMs + this.#gapMs, [event], []);
  }

  addSpan(fromMs: number, toMs: number, inputs: readonly number[]): void {
    this.#merge(fromMs, toMs + this.#gapMs, [], [{ fromMs, toMs, inputs }]);
  }

  advance(watermarkMs: number): void {
    if (watermarkMs <= this.#watermarkMs) return;
    this.#watermarkMs = watermarkMs;
    for (const session of this.#sessions.toSorted((a, b) => a.endMs - b.endMs))
      if (!session.fired && session.endMs - 1 <= watermarkMs) this.#fire(session);
    this.#sessions = this.#sessions.filter((s) => s.endMs - 1 + this.#options.latenessMs > watermarkMs);
  }

  #merge(startMs: number, endMs: number, events: ReferenceEvent[], spans: ReferenceSpan[]): void {
    const touched = this.#sessions.filter((s) => s.startMs <= endMs && s.endMs >= startMs);
    const session: Session = {
      startMs: Math.min(startMs, ...touched.map((s) => s.startMs)),
      endMs: Math.max(endMs, ...touched.map((s) => s.endMs)),
      events: [...touched.flatMap((s) => s.events), ...events],
      spans: [...touched.flatMap((s) => s.spans), ...spans],
      given: touched.flatMap((s) => s.given),
      firings: Math.max(0, ...touched.map((s) => s.firings)),
      fired: false,
    };
    if (session.endMs - 1 + this.#options.latenessMs <= this.#watermarkMs) {
      this.late.push(startMs);
      return;
    }
    this.#sessions = [...this.#sessions.filter((s) => !touched.includes(s)), session];
    if (session.endMs - 1 <= this.#watermarkMs) this.#fire(session);
  }

  #fire(session: Session): void {
    const { startMs, endMs, spans } = session;
    const events = session.events.toSorted((a, b) => this.#orders.get(a)! - this.#orders.get(b)!);
    const values = this.#options.aggregates.map((spec) => aggregate(spec, events, spans));
    const replaces = session.given.filter((start) => start !== startMs).sort((a, b) => a - b);
    this.results.push({ startMs, endMs, revision: session.firings, values, replaces });
    session.given = [startMs];
    session.firings++;
    session.fired = true;
  }
}
