import { Engine } from '../../engine/engine.ts';
import { type MemoryHistory, openMemoryHistory } from '../../history/memory.ts';
import type { Alert } from '../../model/alerts.ts';
import type { JournalRecord } from '../../model/records.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { engineAtStart, engineOptionsOf } from '../recording/run-forward.ts';

/** Outputs are committed after this many messages at the latest. */
const COMMIT_EVERY_MESSAGES = 20_000;

/** A moment of a replay: the engine, the history up to it, and how far it is. */
export interface Moment {
  /** Position of the next record. */
  readonly position: number;
  /** Latest receipt of the records before it, Unix ms. */
  readonly latestMs: number;
  /** Messages since the start of the recording. */
  readonly messages: number;
  /** A checkpoint of the engine. */
  readonly state: Uint8Array;
  /** What `serialize` of the history gave. */
  readonly image: Uint8Array;
}

/** An engine that reads a recording, with a history of its own in memory. */
export class Playhead {
  readonly engine: Engine;
  readonly history: MemoryHistory;
  /** Where the next record is: nothing from here on has been read. */
  position: number;
  /** Latest receipt of the records read, Unix ms; -Infinity before the first. */
  latestMs: number;
  /** Messages since the start of the recording. */
  messages: number;
  #uncommitted = 0;
  #changedAlerts = new Map<string, Alert>();

  /** At the beginning of the source, or at a moment of it. */
  constructor(source: ReplaySource, moment?: Moment) {
    this.engine = moment ? Engine.restore(moment.state, engineOptionsOf(source)) : engineAtStart(source);
    this.history = openMemoryHistory(moment?.image, { settings: () => this.engine.fleet.stream.settings });
    this.position = moment?.position ?? source.startPosition;
    this.latestMs = moment?.latestMs ?? Number.NEGATIVE_INFINITY;
    this.messages = moment?.messages ?? 0;
  }

  process(record: JournalRecord): void {
    this.engine.process(record);
    this.engine.fleet.lagSampleCount = 0;
    this.position = record.nextPosition;
    this.latestMs = Math.max(this.latestMs, record.receivedMs);
    this.messages += record.count;
    this.#uncommitted += Math.max(1, record.count);
    if (this.#uncommitted >= COMMIT_EVERY_MESSAGES) this.commit();
  }

  /** Brings the history up to here, but for the rows of the vehicles themselves. */
  commit(): void {
    if (this.#uncommitted > 0) this.#commit(false);
  }

  /** Brings all of the history up to here. */
  settle(): void {
    this.#commit(true);
  }

  /** This moment; a copy. */
  moment(): Moment {
    this.settle();
    const { position, latestMs, messages, engine, history } = this;
    return { position, latestMs, messages, state: engine.checkpoint(), image: history.serialize() };
  }

  /** Alerts that changed since the last call, as they are now. */
  takeAlerts(): Alert[] {
    this.commit();
    const alerts = [...this.#changedAlerts.values()];
    this.#changedAlerts.clear();
    return alerts;
  }

  close(): void {
    this.history.close();
  }

  #commit(vehicles: boolean): void {
    const batch = this.engine.takeOutputs({ vehicles, checkpoint: false });
    this.#uncommitted = 0;
    this.history.writer.commit(batch);
    for (const alert of batch.alerts) this.#changedAlerts.set(alert.id, { ...alert });
  }
}
