import { join } from 'node:path';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { RoomError } from '../../protocol/errors.ts';
import type { ToRoom, ToWindow } from '../../protocol/transport.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { portTransport } from '../port-transport.ts';
import { WindowHub } from '../window-hub.ts';
import { workerUrl } from '../worker-url.ts';
import { openBlobStore } from './blob-store.ts';
import { MomentStore } from './moment-store.ts';
import { openTarget, refusalOf } from './open-target.ts';
import { replayHandlers } from './replay-handlers.ts';
import type { FromIndexWorker, FromReplayWorker, IndexWorkerData, ReplayWorkerData } from './replay-messages.ts';
import { ReplaySession } from './replay-session.ts';
import { replaySummary } from './replay-summary.ts';

// A replay: one recording for one window, with an engine and a history of its own. Ends when its thread is ended.

const SLICE_MS = 15;
const FRAME_MS = 250;
const SECOND_MS = 1000;
const MOMENTS_IN_MEMORY_BYTES = 256 * 2 ** 20;
/** A history in memory cannot be larger than 1 GiB. */
const MAX_MESSAGES = 40_000_000;

const { target, dataDir, topicPrefix, spillDir, port } = workerData as ReplayWorkerData;
const tell = (message: FromReplayWorker): void => parentPort?.postMessage(message);
const problems: string[] = [];
let session: ReplaySession | undefined;

function open(): ReplaySource {
  const onNote = (sentence: string): void => {
    problems.push(sentence);
    session?.addProblem(sentence);
  };
  const source = openTarget({ dataDir, topicPrefix }, target, onNote);
  if (source.messages <= MAX_MESSAGES) return source;
  const millions = (messages: number): string => (messages / 1e6).toFixed(0);
  throw new RoomError(
    'too-long',
    `${source.name} has ${millions(source.messages)} million messages; a replay takes ${millions(MAX_MESSAGES)} million. Choose a shorter time.`,
  );
}

function startIndex(source: ReplaySource, session: ReplaySession, moments: MomentStore): void {
  const { startPosition, endPosition, messages, startState } = source;
  const index = new Worker(workerUrl('replay-index-worker'), {
    workerData: {
      ...{ dataDir, topicPrefix, target, startPosition, endPosition, messages, startState },
    } satisfies IndexWorkerData,
  });
  index.on('message', (message: FromIndexWorker) => {
    if (message.type === 'done') session.isIndexed = true;
    else moments.add(message.moment);
  });
  index.once('error', (error) => {
    session.addProblem(`The recording could not be looked through for fast seeking (${error}). Seeking takes longer.`);
  });
}

function run(source: ReplaySource): void {
  const moments = new MomentStore(openBlobStore(join(spillDir, 'moments'), MOMENTS_IN_MEMORY_BYTES));
  const now = (): number => performance.now();
  const replay = new ReplaySession({ source, moments, now, problems, onJump: () => hub.show(replay.engine) });
  session = replay;
  const arrivals: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;

  const turn = (): void => {
    const waitMs = replay.work(SLICE_MS);
    if (!replay.isMoving) for (const resolve of arrivals.splice(0)) resolve();
    if (waitMs === 0) wake();
    else if (Number.isFinite(waitMs)) timer = setTimeout(turn, Math.min(waitMs, SECOND_MS));
  };
  let isQueued = false;
  const wake = (): void => {
    clearTimeout(timer);
    if (isQueued) return;
    isQueued = true;
    setImmediate(() => {
      isQueued = false;
      turn();
    });
  };
  const arrived = (): Promise<void> => new Promise((resolve) => arrivals.push(resolve));
  const hub: WindowHub = new WindowHub(replay.engine, replayHandlers(replay, { wake, arrived }));

  let told = '';
  const show = (): void => {
    const state = replay.state;
    const text = JSON.stringify(state);
    if (text !== told) hub.sendReplay({ replay: state });
    told = text;
    if (replay.isMoving) return;
    const alerts = replay.takeAlerts();
    if (alerts.length > 0) hub.sendAlerts(alerts);
    hub.sendFrames();
  };
  let processedBefore = 0;
  setInterval(show, FRAME_MS);
  setInterval(() => {
    if (replay.isMoving) return;
    const { processed } = replay.state;
    hub.sendSummary(replaySummary(replay, Math.max(0, processed - processedBefore)));
    processedBefore = processed;
    hub.sendWatched();
  }, SECOND_MS);

  startIndex(source, replay, moments);
  tell({ type: 'opened', state: replay.state });
  hub.add(portTransport<ToWindow, ToRoom>(port));
}

try {
  run(open());
} catch (error) {
  tell({ type: 'refused', ...refusalOf(error) });
}
