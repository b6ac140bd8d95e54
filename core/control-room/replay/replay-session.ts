import type { Engine } from '../../engine/engine.ts';
import type { HistoryQueries } from '../../history/queries.ts';
import type { Alert } from '../../model/alerts.ts';
import { RECORD_KIND } from '../../model/records.ts';
import type { ReplayPhase, ReplaySpeed, ReplayState, ReplayStep } from '../../protocol/replay.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import type { MomentStore } from './moment-store.ts';
import { countedGap, Pace } from './pace.ts';
import { Playhead } from './playhead.ts';
import { RecordReader } from './record-reader.ts';

/** Messages read on the way somewhere between two looks at the clock. */
const GLANCE_MESSAGES = 500;

export interface SessionOptions {
  readonly source: ReplaySource;
  readonly moments: MomentStore;
  /** A wall clock, ms; need not start anywhere. */
  readonly now: () => number;
  /** Called when what is shown has jumped: `engine` may be another one. */
  readonly onJump?: () => void;
  readonly problems?: readonly string[];
}

/**
 * One replay: a recording, where it stands in it, and whether it runs. Does nothing by itself: `work` is called again and
 * again by whoever owns the thread. Nothing leaves it but what it is asked for.
 */
export class ReplaySession {
  /** True when all of the recording has been looked through for moments. */
  isIndexed = false;
  readonly #source: ReplaySource;
  readonly #moments: MomentStore;
  readonly #now: () => number;
  readonly #onJump: () => void;
  readonly #problems: string[];
  readonly #reader: RecordReader;
  readonly #pace = new Pace();
  #head: Playhead;
  #isPlaying = false;
  /** A step or a seek under way. */
  #move: Generator<void, void, void> | undefined;
  /** Since it last arrived somewhere it may have been put elsewhere, also by a move that another one took the place of. */
  #hasJumped = false;
  /** Receipt of the newest record read, Unix ms. */
  #lastMs: number;

  constructor({ source, moments, now, onJump = () => {}, problems = [] }: SessionOptions) {
    this.#source = source;
    this.#moments = moments;
    this.#now = now;
    this.#onJump = onJump;
    this.#problems = [...problems];
    this.#head = new Playhead(source);
    this.#reader = new RecordReader(source, (sentence) => this.addProblem(sentence));
    this.#lastMs = source.startMs;
  }

  /** The engine as it is now; another one after a jump. */
  get engine(): Engine {
    return this.#head.engine;
  }

  get isMoving(): boolean {
    return this.#move !== undefined;
  }

  /** Questions to the history, which is brought up to here first. */
  get queries(): HistoryQueries {
    this.#head.commit();
    return this.#head.history.queries;
  }

  /** The time on the replay's clock, Unix ms. */
  get timeMs(): number {
    const { next } = this.#reader;
    return this.#lastMs + (next ? Math.min(this.#pace.creditMs, countedGap(next.receivedMs - this.#lastMs)) : 0);
  }

  get state(): ReplayState {
    const { name, startMs, endMs, messages } = this.#source;
    return {
      name,
      startMs,
      endMs,
      messages,
      phase: this.#phase,
      speed: this.#pace.speed,
      timeMs: this.timeMs,
      position: this.#head.position,
      processed: this.#head.messages,
      indexed: this.isIndexed || messages === 0 ? 1 : Math.min(1, this.#moments.messages / messages),
      problems: this.#problems,
    };
  }

  addProblem(sentence: string): void {
    if (!this.#problems.includes(sentence)) this.#problems.push(sentence);
  }

  /** Alerts that changed since the last call. */
  takeAlerts(): Alert[] {
    return this.#head.takeAlerts();
  }

  /** All of the history up to here, as the bytes of a database. */
  serializeHistory(): Uint8Array {
    this.#head.settle();
    return this.#head.history.serialize();
  }

  play(speed: ReplaySpeed): void {
    this.#pace.pass(this.#isPlaying ? this.#now() : undefined);
    this.#pace.speed = speed;
    this.#isPlaying = true;
  }

  pause(): void {
    if (this.#isPlaying) this.#pace.pass(this.#now());
    this.#isPlaying = false;
    this.#head.settle();
  }

  /** Goes a step on and is paused then. */
  step(step: ReplayStep): void {
    this.#isPlaying = false;
    this.#begin(this.#stepping(step));
  }

  /** Goes to the state before the first record received at or after `timeMs`, and plays on from there if it was playing. */
  seek(timeMs: number): void {
    this.#begin(this.#seeking(timeMs));
  }

  /** Does what is due, for about `budgetMs`. Answers the ms until more is due: 0 = at once, Infinity = when it is told to. */
  work(budgetMs: number): number {
    const until = this.#now() + budgetMs;
    if (this.#move) {
      this.#pace.pass(undefined);
      while (!this.#move.next().done) if (this.#now() >= until) return 0;
      this.#move = undefined;
      this.#arrive();
    }
    return this.#isPlaying ? this.#play(until) : Number.POSITIVE_INFINITY;
  }

  close(): void {
    this.#move?.return();
    this.#reader.close();
    this.#head.close();
    this.#moments.close();
  }

  get #phase(): ReplayPhase {
    if (this.#move) return 'moving';
    if (!this.#reader.next) return 'ended';
    return this.#isPlaying ? 'playing' : 'paused';
  }

  #play(until: number): number {
    this.#pace.pass(this.#now());
    for (let { next } = this.#reader; next; next = this.#reader.next) {
      const waitMs = this.#pace.take(next.receivedMs - this.#lastMs);
      if (waitMs > 0) return waitMs;
      this.#read();
      if (this.#now() < until) continue;
      this.#pace.fallBehind();
      return 0;
    }
    this.pause();
    return Number.POSITIVE_INFINITY;
  }

  /** Gives the next record to the engine. Answers its messages. */
  #read(): number {
    const record = this.#reader.next!;
    this.#head.process(record);
    this.#lastMs = record.receivedMs;
    this.#reader.advance();
    return Math.max(1, record.count);
  }

  #begin(move: Generator<void, void, void>): void {
    this.#move?.return();
    this.#move = move;
  }

  #arrive(): void {
    this.#head.settle();
    if (!this.#hasJumped) return;
    this.#hasJumped = false;
    this.#head.takeAlerts();
    this.#onJump();
  }

  *#stepping(step: ReplayStep): Generator<void, void, void> {
    if (step.by === 'seconds') yield* this.#stepSeconds(step.seconds);
    else {
      for (let { next } = this.#reader; next; next = this.#reader.next) {
        const isLast = step.by === 'record' || next.kind === RECORD_KIND.tick;
        this.#read();
        if (isLast) break;
        yield;
      }
      this.#pace.creditMs = 0;
    }
  }

  *#stepSeconds(seconds: number): Generator<void, void, void> {
    let leftMs = this.timeMs - this.#lastMs + seconds * 1000;
    for (let { next } = this.#reader; next; next = this.#reader.next) {
      const gapMs = countedGap(next.receivedMs - this.#lastMs);
      if (gapMs > leftMs) break;
      leftMs -= gapMs;
      this.#read();
      yield;
    }
    this.#pace.creditMs = leftMs;
  }

  *#seeking(timeMs: number): Generator<void, void, void> {
    this.#hasJumped = true;
    const moment = this.#moments.before(timeMs);
    // On from here is shorter than from the nearest moment, unless that lies between here and there.
    if (this.#head.latestMs >= timeMs || (moment ?? 0) > this.#head.position) yield* this.#jump(moment);
    let glance = GLANCE_MESSAGES;
    for (let { next } = this.#reader; next && next.receivedMs < timeMs; next = this.#reader.next) {
      glance -= this.#read();
      if (glance > 0) continue;
      glance = GLANCE_MESSAGES;
      yield;
    }
    this.#pace.creditMs = Math.max(0, timeMs - this.#lastMs);
    this.#pace.creditMs = this.timeMs - this.#lastMs;
  }

  /** Puts another engine and history in the place of these: those of a moment, or those of the start. */
  *#jump(position: number | undefined): Generator<void, void, void> {
    const moment = position === undefined ? undefined : yield* this.#moments.unpack(position);
    let head: Playhead | undefined = new Playhead(this.#source, moment);
    try {
      yield;
      this.#head.close();
      this.#head = head;
      head = undefined;
    } finally {
      head?.close();
    }
    this.#reader.moveTo(this.#head.position);
    this.#lastMs = moment ? this.#head.engine.engineMs : this.#source.startMs;
  }
}
