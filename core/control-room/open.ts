import { mkdirSync } from 'node:fs';
import { MessageChannel, Worker } from 'node:worker_threads';
import { DataDirInUseError, type Lock, lockDataDir } from '../journal/lock-data-dir.ts';
import { createLink } from '../protocol/client.ts';
import { RoomError } from '../protocol/errors.ts';
import type { RoomTransport, ToRoom, ToWindow } from '../protocol/transport.ts';
import type { ControlRoom, OpenControlRoom } from './control-room.ts';
import { historyFileOf, journalDirOf, keyframesDirOf } from './data-folders.ts';
import type { RoomOptions } from './options.ts';
import { portTransport } from './port-transport.ts';
import { ReplayDesk } from './replay/replay-desk.ts';
import { WindowRouter } from './replay/window-router.ts';
import type {
  EngineWorkerData,
  FromEngineWorker,
  HistoryStart,
  HistoryWorkerData,
  QueryWorkerData,
  ToEngineWorker,
  ToQueryWorker,
} from './worker-messages.ts';
import { workerUrl } from './worker-url.ts';

/** Tracks, minutes and closed alerts are kept for this long. */
const HISTORY_MAX_AGE_MS = 90 * 86_400_000;

export const openControlRoom: OpenControlRoom = async (options) => {
  const lock = takeDataDir(options.dataDir);
  try {
    return await startWorkers(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
};

function takeDataDir(dataDir: string): Lock {
  try {
    mkdirSync(dataDir, { recursive: true });
    return lockDataDir(dataDir);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof DataDirInUseError) throw new RoomError('data-dir-in-use', message);
    throw new RoomError('data-dir', `The data directory ${dataDir} cannot be used: ${message}`);
  }
}

async function startWorkers(options: RoomOptions, lock: Lock): Promise<ControlRoom> {
  const file = historyFileOf(options.dataDir);
  const toHistory = new MessageChannel();
  const toQueries = new MessageChannel();
  const history = startHistory({
    file,
    port: toHistory.port2,
    maxAgeMs: HISTORY_MAX_AGE_MS,
    keyframesDir: keyframesDirOf(options.dataDir),
    journalDir: journalDirOf(options.dataDir),
  });
  const engine = new Worker(workerUrl('engine-worker'), {
    workerData: { options, historyPort: toHistory.port1, queryPort: toQueries.port1 } satisfies EngineWorkerData,
    transferList: [toHistory.port1, toQueries.port1],
  });
  const { failed, watch } = watchWorkers();
  watch('engine', engine);
  watch('history', history.worker);
  try {
    await Promise.race([history.opened, failed]);
    const ready = new Promise<void>((resolve) => {
      engine.on('message', (message: FromEngineWorker) => message.type === 'ready' && resolve());
    });
    const queries = new Worker(workerUrl('query-worker'), {
      workerData: { file, port: toQueries.port2 } satisfies QueryWorkerData,
      transferList: [toQueries.port2],
    });
    watch('query worker', queries);
    engine.on('message', (message: FromEngineWorker) => {
      if (message.type === 'settings') queries.postMessage(message satisfies ToQueryWorker);
    });
    await Promise.race([ready, failed]);
    const place = { dataDir: options.dataDir, topicPrefix: options.broker.topicPrefix };
    const replays = new ReplayDesk(place, options.version);
    return roomOver({ engine, history: history.worker, queries, replays }, failed, lock);
  } catch (error) {
    await Promise.all([engine.terminate(), history.worker.terminate()]);
    throw error;
  }
}

function startHistory(data: HistoryWorkerData): { worker: Worker; opened: Promise<void> } {
  const worker = new Worker(workerUrl('history-worker'), { workerData: data, transferList: [data.port] });
  const opened = new Promise<void>((resolve, reject) => {
    worker.once('message', (message: HistoryStart) => {
      if (message.type === 'opened') resolve();
      else reject(new RoomError('history', message.message));
    });
  });
  return { worker, opened };
}

/** A promise that rejects when one of the watched workers dies. */
function watchWorkers(): { readonly failed: Promise<never>; watch(name: string, worker: Worker): void } {
  let fail: (error: Error) => void;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  return {
    failed,
    watch(name, worker) {
      worker.once('error', (error) => {
        const why = error instanceof Error ? error.message : error;
        fail(new RoomError('worker', `The ${name} stopped: ${why}. Start the room again; nothing recorded is lost.`));
      });
    },
  };
}

interface Workers {
  readonly engine: Worker;
  readonly history: Worker;
  readonly queries: Worker;
  readonly replays: ReplayDesk;
}

function roomOver(workers: Workers, failed: Promise<never>, lock: Lock): ControlRoom {
  const windows = new Set<RoomTransport>();
  const enginePort = (): MessagePortLike => {
    const { port1, port2 } = new MessageChannel();
    workers.engine.postMessage({ type: 'window', port: port2 } satisfies ToEngineWorker, [port2]);
    return port1;
  };
  const own = createLink(portTransport<ToRoom, ToWindow>(enginePort()));
  let closing: Promise<void> | undefined;

  failed.catch((error: Error) => {
    for (const window of windows) window.close();
    own.close();
    onFailure?.(error);
  });
  let onFailure: ((error: Error) => void) | undefined;

  return {
    connect(transport) {
      const { port1, port2 } = new MessageChannel();
      workers.queries.postMessage({ type: 'window', port: port2 } satisfies ToQueryWorker, [port2]);
      windows.add(transport);
      const live = {
        engine: portTransport<ToRoom, ToWindow>(enginePort()),
        queries: portTransport<ToRoom, ToWindow>(port1),
      };
      new WindowRouter(transport, live, workers.replays, () => windows.delete(transport));
    },
    health: () => own.request('room.health', {}),
    onNotice: (listener) => void own.on('notice', listener),
    onFailure(listener) {
      onFailure = listener;
    },
    close() {
      closing ??= closeAll(workers, lock, windows);
      return closing;
    },
  };
}

type MessagePortLike = MessageChannel['port1'];

async function closeAll(workers: Workers, lock: Lock, windows: Set<RoomTransport>): Promise<void> {
  for (const window of windows) window.close();
  await workers.replays.close();
  const stopped = new Promise<void>((resolve) => {
    workers.engine.on('message', (message: FromEngineWorker) => message.type === 'stopped' && resolve());
    workers.engine.once('exit', () => resolve());
  });
  workers.engine.postMessage({ type: 'stop' } satisfies ToEngineWorker);
  await stopped;
  await Promise.all([workers.engine.terminate(), workers.history.terminate(), workers.queries.terminate()]);
  lock.release();
}
