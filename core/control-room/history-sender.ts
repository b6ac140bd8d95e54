import type { MessagePort } from 'node:worker_threads';
import type { OutputBatch } from '../model/outputs.ts';
import type { FromHistory, ToHistory } from './worker-messages.ts';

/** Batches that may wait for the history worker; beyond it the engine's outputs gather into a larger batch. */
const MAX_WAITING = 3;

/** The engine's side of the history worker: what is committed, what waits, and whether it can write. */
export class HistorySender {
  committedPosition: number;
  /** Position of the older of the two checkpoints that history keeps: the journal must reach back to it. */
  retainFrom = 0;
  /** A sentence while the history refuses to be written. */
  failure: string | undefined;
  readonly #port: MessagePort;
  #checkpointPosition = 0;
  #waiting: { readonly position: number; readonly checkpoint: boolean }[] = [];
  #idle: (() => void)[] = [];
  #closed: (() => void) | undefined;

  constructor(port: MessagePort, committedPosition: number) {
    this.#port = port;
    this.committedPosition = committedPosition;
    port.on('message', (message: FromHistory) => this.#receive(message));
  }

  get hasRoom(): boolean {
    return this.#waiting.length < MAX_WAITING;
  }

  send(batch: OutputBatch): void {
    this.#waiting.push({ position: batch.toPosition, checkpoint: batch.checkpoint !== undefined });
    const transfer = batch.checkpoint ? [batch.checkpoint.buffer as ArrayBuffer] : [];
    this.#port.postMessage({ type: 'commit', batch } satisfies ToHistory, transfer);
  }

  /** Resolves when all that was sent is committed, or at once while the history cannot be written. */
  settled(): Promise<void> {
    if (this.#waiting.length === 0 || this.failure) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Has the history closed; resolves when it is. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closed = resolve;
      this.#port.postMessage({ type: 'close' } satisfies ToHistory);
    });
  }

  #receive(message: FromHistory): void {
    switch (message.type) {
      case 'committed': {
        const done = this.#waiting.shift();
        this.committedPosition = message.position;
        if (done?.checkpoint) {
          this.retainFrom = this.#checkpointPosition;
          this.#checkpointPosition = done.position;
        }
        this.failure = undefined;
        break;
      }
      case 'failing':
        this.failure = message.message;
        break;
      case 'closed':
        this.#closed?.();
        break;
      case 'opened':
        break;
    }
    if (this.#waiting.length === 0 || this.failure) {
      for (const resolve of this.#idle.splice(0)) resolve();
    }
  }
}
