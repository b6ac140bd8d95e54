import type { Engine, EngineOptions } from '../../engine/engine.ts';
import { Keyframes } from '../../journal/keyframes.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { listSegments } from '../../journal/segment-files.ts';
import type { RulePackSource } from '../../model/records.ts';
import { journalDirOf, keyframesDirOf } from '../data-folders.ts';
import { placeAt } from '../recording/journal-times.ts';
import { trialEngine, tryRecord } from './trial-engine.ts';

/** A state larger than this is not journaled: the rules begin anew. */
const MAX_STATE_BYTES = 48 * 2 ** 20;
/** Outputs nobody wants are thrown away after this many messages. */
const DROP_EVERY_MESSAGES = 20_000;

export interface RebuildOptions {
  readonly dataDir: string;
  readonly engine: EngineOptions;
  readonly packs: readonly RulePackSource[];
  readonly lookBackMs: number;
  /** Now, Unix ms. */
  readonly atMs: number;
  /** At most so much of the journal is read, bytes. */
  readonly maxBytes: number;
}

/** Rules that are not in force yet, run over what the journal holds of the time before. */
export class Rebuild {
  /** Sentences about what could not be had. */
  readonly notes: string[] = [];
  readonly #journalDir: string;
  readonly #engine: Engine;

  /** Throws an Error with a sentence when the journal does not reach back, or not with a state that can be used. */
  constructor(options: RebuildOptions) {
    this.#journalDir = journalDirOf(options.dataDir);
    this.#engine = this.#begin(options);
  }

  get position(): number {
    return this.#engine.position;
  }

  /** Reads on to the journal's end, or to `position`. Yields every 20,000 messages. */
  *run(position = Number.POSITIVE_INFINITY): Generator<void, void, void> {
    const engine = this.#engine;
    let messages = 0;
    for (const record of readJournal(this.#journalDir, { from: engine.position, to: position })) {
      tryRecord(engine, record);
      messages += Math.max(1, record.count);
      if (messages < DROP_EVERY_MESSAGES) continue;
      messages = 0;
      engine.takeOutputs({ vehicles: false, checkpoint: false });
      yield;
    }
    engine.takeOutputs({ vehicles: false, checkpoint: false });
  }

  /** State of rules as of where it stands, as base64. Throws an Error with a sentence when it is too large. */
  state(versions: ReadonlySet<string>): string {
    const bytes = this.#engine.ruleState(versions);
    if (bytes.length > MAX_STATE_BYTES) {
      const [has, limit] = [bytes.length, MAX_STATE_BYTES].map((n) => Math.ceil(n / 2 ** 20));
      throw new Error(`what they would have to know takes ${has} MiB, the limit is ${limit} MiB`);
    }
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  }

  /** The newest state behind which there is as much journal as is wanted, and not more than may be read. */
  #begin({ dataDir, engine, packs, lookBackMs, atMs, maxBytes }: RebuildOptions): Engine {
    const segments = listSegments(this.#journalDir);
    const end = placeAt(this.#journalDir, Number.POSITIVE_INFINITY)?.position ?? 0;
    const wanted = placeAt(this.#journalDir, atMs - lookBackMs)?.position ?? end;
    const oldest = Math.max(segments[0]?.base ?? 0, end - maxBytes);
    const keyframes = new Keyframes({ dir: keyframesDirOf(dataDir), onNote: (note) => this.notes.push(note) });
    const positions = keyframes.list().map((file) => file.position);
    const before = positions.filter((p) => p <= wanted && p >= oldest).reverse();
    const after = positions.filter((p) => p > wanted && p >= oldest && p < end);
    const begins = segments[0]?.base === 0 && oldest === 0 ? [0] : [];
    const beginMs = placeAt(this.#journalDir, Number.NEGATIVE_INFINITY)?.nextMs ?? atMs;
    for (const position of [...before, ...begins, ...after]) {
      const keyframe = position === 0 ? undefined : keyframes.load(position);
      if (position > 0 && !keyframe) continue;
      try {
        const trial = trialEngine(keyframe?.state, packs, beginMs, engine);
        if (position > wanted) {
          const hadMin = Math.round((atMs - (keyframe?.engineMs ?? atMs)) / 60_000);
          const wantedMin = Math.round(lookBackMs / 60_000);
          this.notes.push(`They look back ${wantedMin} min and begin with what ${hadMin} min of the journal tell.`);
        }
        return trial;
      } catch (error) {
        this.notes.push(`The state at ${position} was not used: ${error instanceof Error ? error.message : error}.`);
      }
    }
    throw new Error('the journal does not reach back far enough, or has no state to begin with');
  }
}
