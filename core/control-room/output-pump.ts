import type { Engine } from '../engine/engine.ts';
import type { OutputBatch } from '../model/outputs.ts';
import type { HistorySender } from './history-sender.ts';

const COMMIT_EVERY_MS = 1000;
const VEHICLES_EVERY_MS = 10_000;
const CHECKPOINT_EVERY_MS = 30_000;
/** A checkpoint comes earlier when this much was journaled since the last: it bounds the time a restart takes. */
const CHECKPOINT_EVERY_BYTES = 256 * 2 ** 20;
/** While the history cannot be written, rows beyond this are given up (the journal still has what they came from). */
const MAX_PENDING_ROWS = 200_000;

/** Takes the engine's outputs when they are due and sends them to history. */
export class OutputPump {
  /** Track chunks, minutes, windows and trips given up because the history could not be written. */
  droppedRows = 0;
  readonly #engine: Engine;
  readonly #history: HistorySender;
  #lastCommitMs = 0;
  #lastVehiclesMs = 0;
  #lastCheckpointMs = 0;
  #lastCheckpointPosition: number;

  constructor(engine: Engine, history: HistorySender) {
    this.#engine = engine;
    this.#history = history;
    this.#lastCheckpointPosition = engine.position;
  }

  /** Call a few times a second. Answers the batch that was sent, for whoever shows it on screen. */
  pump(nowMs: number): OutputBatch | undefined {
    if (!this.#history.hasRoom) {
      if (this.#engine.fleet.pendingRows > MAX_PENDING_ROWS && this.#history.failure) this.#giveUp();
      return undefined;
    }
    if (nowMs - this.#lastCommitMs < COMMIT_EVERY_MS && !this.#engine.book.hasChanges) return undefined;
    const grown = this.#engine.position - this.#lastCheckpointPosition > CHECKPOINT_EVERY_BYTES;
    const checkpoint = grown || nowMs - this.#lastCheckpointMs >= CHECKPOINT_EVERY_MS;
    return this.#send(nowMs, checkpoint, checkpoint || nowMs - this.#lastVehiclesMs >= VEHICLES_EVERY_MS);
  }

  /** Sends everything there is, with a checkpoint. */
  flush(nowMs: number): OutputBatch {
    return this.#send(nowMs, true, true);
  }

  #send(nowMs: number, checkpoint: boolean, vehicles: boolean): OutputBatch {
    const batch = this.#engine.takeOutputs({ vehicles, checkpoint });
    this.#lastCommitMs = nowMs;
    if (vehicles) this.#lastVehiclesMs = nowMs;
    if (checkpoint) {
      this.#lastCheckpointMs = nowMs;
      this.#lastCheckpointPosition = batch.toPosition;
    }
    this.#history.send(batch);
    return batch;
  }

  /** Alerts and what operators did are kept whatever happens: they are few. */
  #giveUp(): void {
    this.droppedRows += this.#engine.fleet.dropRows();
  }
}
