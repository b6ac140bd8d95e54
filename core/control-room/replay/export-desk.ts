import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { RoomError } from '../../protocol/errors.ts';
import type { ReplayExport, ReplayExportProgress, ReplayTarget } from '../../protocol/replay.ts';
import type { RequestArgs } from '../../protocol/requests.ts';
import { workerUrl } from '../worker-url.ts';
import type { ExportWorkerData, FromExportWorker, RecordingPlace } from './replay-messages.ts';

const MAX_EXPORTS = 2;
const SUFFIX = '.arrow.zst';
/** What a file is called while it is being written. */
const UNFINISHED = '.part';
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._()+-]{0,99}$/u;
const MAX_TEXT = 2000;

/** Writes recordings into a folder of the data directory, each in a worker of its own. */
export class ExportDesk {
  readonly #place: RecordingPlace;
  readonly #roomVersion: string;
  readonly #running = new Map<string, Worker>();

  constructor(place: RecordingPlace, roomVersion: string) {
    this.#place = place;
    this.#roomVersion = roomVersion;
    if (!existsSync(this.dir)) return;
    for (const name of readdirSync(this.dir)) {
      if (name.endsWith(UNFINISHED)) rmSync(join(this.dir, name), { force: true });
    }
  }

  get dir(): string {
    return join(this.#place.dataDir, 'recordings');
  }

  /** Writes the part of a target that was received from `fromMs` up to `toMs`. Rejects with a RoomError. */
  async write(
    target: ReplayTarget,
    args: RequestArgs<'replay.export'>,
    onProgress: (progress: ReplayExportProgress) => void,
  ): Promise<ReplayExport> {
    const { fromMs, toMs, name } = args;
    const file = this.#fileOf(name);
    if (!(Number.isFinite(fromMs) && fromMs < toMs)) {
      throw new RoomError('bad-arguments', 'Export from a time to a later one, in Unix ms.');
    }
    if (this.#running.has(file) || existsSync(file)) {
      throw new RoomError('exists', `There is a recording ${name} already. Choose another name.`);
    }
    if (this.#running.size >= MAX_EXPORTS) {
      throw new RoomError('busy', `${MAX_EXPORTS} recordings are being written already. Wait until one is done.`);
    }
    const [note, author] = [textOf(args.note), textOf(args.author)];
    mkdirSync(this.dir, { recursive: true });
    const workerData = { ...this.#place, target, fromMs, toMs, file, roomVersion: this.#roomVersion, note, author };
    const worker = new Worker(workerUrl('export-worker'), { workerData: workerData satisfies ExportWorkerData });
    this.#running.set(file, worker);
    try {
      const { messages, startMs, endMs } = await outcome(worker, (progress) => onProgress({ name, ...progress }));
      return { file, messages, startMs, endMs };
    } finally {
      this.#running.delete(file);
      await worker.terminate();
      rmSync(`${file}${UNFINISHED}`, { force: true });
    }
  }

  /** Gives up what is being written. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((worker) => worker.terminate()));
  }

  #fileOf(name: unknown): string {
    if (typeof name !== 'string' || !NAME.test(name)) {
      throw new RoomError('bad-arguments', 'A recording is named with letters, digits, spaces and . _ ( ) + - only.');
    }
    return join(this.dir, name.endsWith(SUFFIX) ? name : `${name}${SUFFIX}`);
  }
}

type Done = Extract<FromExportWorker, { type: 'done' }>;

function outcome(worker: Worker, onProgress: (progress: { messages: number; of: number }) => void): Promise<Done> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromExportWorker) => {
      if (message.type === 'progress') onProgress({ messages: message.messages, of: message.of });
      else if (message.type === 'done') resolve(message);
      else reject(new RoomError(message.kind, message.message));
    });
    worker.once('error', (error) => {
      reject(new RoomError('worker', `The export stopped: ${error instanceof Error ? error.message : error}.`));
    });
    worker.once('exit', () => reject(new RoomError('closed', 'The export was stopped.')));
  });
}

function textOf(text: unknown): string | undefined {
  return typeof text === 'string' && text !== '' ? text.slice(0, MAX_TEXT) : undefined;
}
