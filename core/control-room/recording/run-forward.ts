import { Engine, type EngineOptions } from '../../engine/engine.ts';
import type { JournalRecord } from '../../model/records.ts';
import { RecordingError } from '../../recording/errors.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';

/** Outputs nobody wants are thrown away after this many messages. */
const DROP_EVERY_MESSAGES = 20_000;
/** As many as a live room takes by default. */
const MAX_VEHICLES = 100_000;

/** The engine's state before the record at `position`. */
export interface EngineState {
  readonly position: number;
  readonly state: Uint8Array;
}

/** The nearest known state at or before a position: a checkpoint or a keyframe. */
export type StateBefore = (position: number) => EngineState | undefined;

/** The options a live room gives its engine, for a stretch recorded there. */
export function engineOptionsOf(source: Pick<ReplaySource, 'topicPrefix'>): EngineOptions {
  return { maxVehicles: MAX_VEHICLES, topicPrefix: source.topicPrefix };
}

/** Applies the records before `position` and drops what comes out. Yields now and then, for whoever must not block. */
export function* runForward(
  engine: Engine,
  records: Iterable<JournalRecord>,
  position: number,
): Generator<void, void, void> {
  let messages = 0;
  for (const record of records) {
    if (record.position >= position) break;
    engine.process(record);
    engine.fleet.lagSampleCount = 0;
    messages += Math.max(1, record.count);
    if (messages < DROP_EVERY_MESSAGES) continue;
    messages = 0;
    drop(engine);
    yield;
  }
  drop(engine);
}

/** The engine at the beginning of a source. Throws a RecordingError when this program cannot use the state there. */
export function engineAtStart(source: ReplaySource): Engine {
  const state = source.startState;
  const options = engineOptionsOf(source);
  if (!state) return new Engine(options);
  try {
    return Engine.restore(state, options);
  } catch (error) {
    throw new RecordingError(
      'newer',
      `The state at the start of ${source.name} was written by another version of Watchfloor (${error instanceof Error ? error.message : error}). Replay it with that version.`,
      error,
    );
  }
}

function drop(engine: Engine): void {
  engine.takeOutputs({ vehicles: false, checkpoint: false });
}
