import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { RoomError } from '../../protocol/errors.ts';
import type { ReplayState, ReplayTarget } from '../../protocol/replay.ts';
import type { ToRoom, ToWindow, WindowTransport } from '../../protocol/transport.ts';
import { portTransport } from '../port-transport.ts';
import { workerUrl } from '../worker-url.ts';
import { ExportDesk } from './export-desk.ts';
import type { FromReplayWorker, RecordingPlace, ReplayWorkerData } from './replay-messages.ts';

/** Each has an engine and a history of its own in memory, and a thread or two. */
const MAX_REPLAYS = 3;

/** A replay in its worker. */
export interface OpenReplay {
  readonly target: ReplayTarget;
  /** As it was opened. */
  readonly state: ReplayState;
  /** What a window would be connected to. */
  readonly transport: WindowTransport;
  /** Told once with a sentence when the worker has died. */
  onDeath(listener: (why: string) => void): void;
  close(): void;
}

/** Starts and ends the replays of a room. Main-thread object; all work is in workers. */
export class ReplayDesk {
  readonly exports: ExportDesk;
  readonly #place: RecordingPlace;
  readonly #dir: string;
  /** All that run, also those that are being ended. */
  readonly #workers = new Set<Worker>();
  readonly #open = new Set<Worker>();
  #count = 0;

  constructor(place: RecordingPlace, roomVersion: string) {
    this.#place = place;
    this.#dir = join(place.dataDir, 'replay');
    this.exports = new ExportDesk(place, roomVersion);
    // What a crash left: the room holds the data directory, so nobody else uses it.
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Rejects with a RoomError: what was asked for cannot be played, or there are too many. Aborting the signal gives it up. */
  async open(asked: unknown, signal: AbortSignal): Promise<OpenReplay> {
    const target = this.#checked(asked);
    if (this.#open.size >= MAX_REPLAYS) {
      throw new RoomError('too-many-replays', `${MAX_REPLAYS} replays are open already. Close one of them first.`);
    }
    const spillDir = join(this.#dir, String(++this.#count));
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(workerUrl('replay-worker'), {
      workerData: { ...this.#place, target, spillDir, port: port2 } satisfies ReplayWorkerData,
      transferList: [port2],
    });
    this.#workers.add(worker);
    this.#open.add(worker);
    const close = (): void => {
      this.#open.delete(worker);
      port1.close();
      void worker.terminate();
    };
    let death = 'The replay stopped. Open it again.';
    worker.once('error', (error) => {
      death = `The replay stopped: ${error instanceof Error ? error.message : error}. Open it again.`;
    });
    worker.once('exit', () => {
      this.#workers.delete(worker);
      this.#open.delete(worker);
      rmSync(spillDir, { recursive: true, force: true });
    });
    signal.addEventListener('abort', close, { once: true });
    try {
      const state = await opened(worker, () => (signal.aborted ? 'The replay was closed.' : death));
      const onDeath = (listener: (why: string) => void): void => void worker.once('exit', () => listener(death));
      return { target, state, transport: portTransport<ToRoom, ToWindow>(port1), onDeath, close };
    } catch (error) {
      close();
      throw error;
    } finally {
      signal.removeEventListener('abort', close);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.exports.close(), ...[...this.#workers].map((worker) => worker.terminate())]);
  }

  #checked(asked: unknown): ReplayTarget {
    const { file, fromMs, toMs } = (asked ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof file === 'string' && file !== '') return { file: resolve(this.exports.dir, file) };
    if (typeof fromMs === 'number' && typeof toMs === 'number' && fromMs < toMs) return { fromMs, toMs };
    throw new RoomError('bad-arguments', 'Give a recording file, or a time and a later one in Unix ms.');
  }
}

function opened(worker: Worker, why: () => string): Promise<ReplayState> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: FromReplayWorker) => {
      if (message.type === 'opened') resolve(message.state);
      else reject(new RoomError(message.kind, message.message));
    });
    worker.once('exit', () => reject(new RoomError('closed', why())));
  });
}
