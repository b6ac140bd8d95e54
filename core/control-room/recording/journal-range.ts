import { Engine } from '../../engine/engine.ts';
import { type JournalDamage, readJournal } from '../../journal/read-journal.ts';
import { listSegments } from '../../journal/segment-files.ts';
import type { JournalRecord } from '../../model/records.ts';
import { RecordingError } from '../../recording/errors.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { type JournalPlace, placeAt } from './journal-times.ts';
import { engineOptionsOf, runForward, type StateBefore } from './run-forward.ts';

export interface JournalRangeOptions {
  readonly journalDir: string;
  /** Unix ms of the first record wanted; default the journal's beginning. */
  readonly fromMs?: number;
  /** Unix ms before which the last record wanted came; default the journal's end as it is now. */
  readonly toMs?: number;
  readonly topicPrefix?: string;
  /** Without it the state at the start is worked out from the journal's beginning. */
  readonly stateBefore?: StateBefore;
  /** Sentences about bytes that cannot be read; reading goes on behind them, as it does after a restart. */
  readonly onNote?: (sentence: string) => void;
}

/** A stretch of a journal, of one that is being written too. */
export interface JournalRange extends ReplaySource {
  /** Works out `startState` without blocking for long. Throws the signal's reason when it is aborted. */
  prepare(signal?: AbortSignal): Promise<void>;
}

/** Opens a stretch of a journal. Throws a RecordingError when no record lies in it. */
export function openJournalRange(options: JournalRangeOptions): JournalRange {
  const { journalDir, fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = options;
  const onDamage = ({ file, position, detail }: JournalDamage): void =>
    options.onNote?.(`The journal is damaged at ${position} in ${file}: ${detail}. Reading went on behind it.`);
  const start = placeAt(journalDir, fromMs, onDamage);
  const end = start && placeAt(journalDir, toMs);
  if (start?.nextMs === undefined || end?.lastMs === undefined || end.position <= start.position) {
    throw new RecordingError('empty', 'The journal has nothing of that time. Choose another one.');
  }
  return new Range(options, { ...start, nextMs: start.nextMs }, { ...end, lastMs: end.lastMs }, onDamage);
}

class Range implements JournalRange {
  readonly name: string;
  readonly startPosition: number;
  readonly endPosition: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly messages: number;
  readonly topicPrefix: string | undefined;
  readonly #options: JournalRangeOptions;
  readonly #onDamage: (damage: JournalDamage) => void;
  #state: { readonly bytes: Uint8Array | undefined } | undefined;

  constructor(
    options: JournalRangeOptions,
    start: JournalPlace & { readonly nextMs: number },
    end: JournalPlace & { readonly lastMs: number },
    onDamage: (damage: JournalDamage) => void,
  ) {
    this.name = `journal from ${isoTime(start.nextMs)} to ${isoTime(end.lastMs)}`;
    this.startPosition = start.position;
    this.endPosition = end.position;
    this.startMs = start.nextMs;
    this.endMs = end.lastMs;
    this.messages = end.messagesBefore - start.messagesBefore;
    this.topicPrefix = options.topicPrefix;
    this.#options = options;
    this.#onDamage = onDamage;
  }

  get startState(): Uint8Array | undefined {
    for (const _ of this.#workOutState());
    return this.#state?.bytes;
  }

  async prepare(signal?: AbortSignal): Promise<void> {
    for (const _ of this.#workOutState()) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
  }

  records(position: number): Iterable<JournalRecord> {
    return readJournal(this.#options.journalDir, {
      from: Math.max(position, this.startPosition),
      to: this.endPosition,
      onDamage: this.#onDamage,
    });
  }

  positionAt(ms: number): number {
    const position = placeAt(this.#options.journalDir, ms)?.position ?? this.endPosition;
    return Math.min(this.endPosition, Math.max(this.startPosition, position));
  }

  close(): void {}

  *#workOutState(): Generator<void, void, void> {
    if (this.#state) return;
    const { journalDir: dir, onNote } = this.#options;
    const engine = this.#nearestEngine();
    const [oldest] = listSegments(dir);
    if (oldest && engine.position < oldest.base) {
      onNote?.(
        `What the journal held before position ${oldest.base} is deleted: what was known then, the rules too, is missing here.`,
      );
    }
    const records = readJournal(dir, { from: engine.position, to: this.startPosition, onDamage: this.#onDamage });
    yield* runForward(engine, records, this.startPosition);
    this.#state = { bytes: engine.position > 0 ? engine.checkpoint() : undefined };
  }

  /** An engine as of the nearest state that this program can use, or a new one. */
  #nearestEngine(): Engine {
    const options = engineOptionsOf(this);
    const nearest = this.#options.stateBefore?.(this.startPosition);
    if (!nearest) return new Engine(options);
    try {
      return Engine.restore(nearest.state, options);
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      this.#options.onNote?.(`The state at ${nearest.position} was not used: ${why}.`);
      return new Engine(options);
    }
  }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
