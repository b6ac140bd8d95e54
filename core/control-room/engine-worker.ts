import { userInfo } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Engine } from '../engine/engine.ts';
import { openJournal } from '../journal/journal.ts';
import { Keyframes } from '../journal/keyframes.ts';
import { createLink, type Link } from '../protocol/client.ts';
import type { RequestHandlers } from '../protocol/requests.ts';
import type { ToRoom, ToWindow } from '../protocol/transport.ts';
import { BacktestDesk } from './backtest/backtest-desk.ts';
import { historyFileOf, journalDirOf, keyframesDirOf } from './data-folders.ts';
import { HealthMeter } from './health-meter.ts';
import { HistorySender } from './history-sender.ts';
import { LiveSession } from './live-session.ts';
import { NoticeDesk } from './notify/notice-desk.ts';
import { operatorHandlers } from './operator-handlers.ts';
import { OutputPump } from './output-pump.ts';
import { portTransport } from './port-transport.ts';
import { catchUp, restoreEngine } from './recover.ts';
import { RuleDesk } from './rules/rule-desk.ts';
import { RuleFolder } from './rules/rule-folder.ts';
import { ruleHandlers } from './rules/rule-handlers.ts';
import { ruleHistory } from './rules/rule-history.ts';
import { RulesThread } from './rules/rules-thread.ts';
import { vehicleDetail } from './vehicle-detail.ts';
import { pendingRules } from './vehicle-pending.ts';
import { withOpenTrack } from './vehicle-track.ts';
import { WindowHub } from './window-hub.ts';
import type { EngineWorkerData, FromEngineWorker, FromHistory, ToEngineWorker } from './worker-messages.ts';

// The engine worker: sources → journal → engine → history and windows.

const FRAME_MS = 250;
const SECOND_MS = 1000;
const DEFAULT_MAX_VEHICLES = 100_000;
/** The source is paused when history has had no room for this long, and goes on when it has. */
const PAUSE_AFTER_MS = 30_000;

const { options, historyPort, queryPort } = workerData as EngineWorkerData;
const tell = (message: FromEngineWorker): void => parentPort?.postMessage(message);
const startedMs = Date.now();
const notes: string[] = [];

function firstMessage(): Promise<Extract<FromHistory, { type: 'opened' }>> {
  return new Promise((resolve) => historyPort.once('message', resolve));
}

/** The history's checkpoints, then the keyframes behind which the history has everything; newest first, read when asked for. */
function* knownStates(
  { checkpoints, committedPosition }: Extract<FromHistory, { type: 'opened' }>,
  keyframes: Keyframes,
): Generator<{ readonly position: number; readonly state: Uint8Array }, void, void> {
  yield* checkpoints;
  for (let at = committedPosition; ; ) {
    const keyframe = keyframes.nearest(at);
    if (!keyframe) return;
    yield keyframe;
    at = keyframe.position - 1;
  }
}

async function main(): Promise<void> {
  const opened = await firstMessage();
  const engineOptions = {
    maxVehicles: options.maxVehicles ?? DEFAULT_MAX_VEHICLES,
    topicPrefix: options.broker.topicPrefix,
  };
  const note = (sentence: string): void => void notes.push(sentence);
  const keyframes = new Keyframes({ dir: keyframesDirOf(options.dataDir), onNote: note });
  const engine = restoreEngine(knownStates(opened, keyframes), engineOptions, note);
  const journal = openJournal({
    dir: journalDirOf(options.dataDir),
    durability: options.durability,
    maxBytes: options.journalMaxBytes,
    maxAgeMs: options.journalMaxAgeMs,
    atLeastPosition: Math.max(engine.position, opened.committedPosition),
  });
  // Those behind the journal's end belong to one that was here before.
  keyframes.prune(0, journal.position);
  const history = new HistorySender(historyPort, opened.committedPosition);
  const pump = new OutputPump(engine, history);
  let starting = true;
  const meter: HealthMeter = new HealthMeter({
    engine,
    journal,
    history,
    broker: () => live.broker,
    received: () => live.received,
    brokerDropped: () => live.brokerDropped,
    starting: () => starting,
    ruleErrors: () => [...engine.ruleErrors, ...rules.problems],
    settingsErrors: () => live.settingsErrors,
    referenceProblems: () => live.referenceProblems,
    noticeProblems: () => [
      ...live.planErrors.map((error) => `The plan of notices was refused: ${error}. The one before goes on.`),
      ...notices.problems,
    ],
    droppedRows: () => pump.droppedRows,
    notes: () => [...notes, ...rules.notes],
  });
  const live: LiveSession = new LiveSession(options, engine, journal, meter);
  const folder = new RuleFolder({ ...options, asked: options.rulesDirAsked === true });
  const rules: RuleDesk = new RuleDesk({
    engine,
    folder,
    thread: new RulesThread({ dataDir: options.dataDir, ...engineOptions }),
    enter: (change) => live.changeRules(change),
    journalPosition: () => journal.position,
  });
  const backtests = new BacktestDesk({
    dataDir: options.dataDir,
    topicPrefix: engineOptions.topicPrefix,
    packsInForce: () => engine.packs,
    onProgress: (progress) => hub.tell('backtest.progress', progress),
    onDone: (done) => hub.tell('backtest.done', done),
  });
  const notices: NoticeDesk = new NoticeDesk({
    dataDir: options.dataDir,
    historyFile: historyFileOf(options.dataDir),
    broker: options.broker,
    show: (notice) => hub.tell('notice', notice),
  });
  const asked = createLink(portTransport<ToRoom, ToWindow>(queryPort));
  const hub: WindowHub = new WindowHub(engine, {
    ...handlersOf(engine, live, meter, asked),
    ...ruleHandlers(engine, rules, folder, ruleHistory(asked)),
    ...backtests.handlers,
    ...notices.handlers,
  });
  let stop: () => Promise<void> = async () => {};

  parentPort?.on('message', (message: ToEngineWorker) => {
    if (message.type === 'window') hub.add(portTransport<ToWindow, ToRoom>(message.port));
    else void stop().then(() => tell({ type: 'stopped' }));
  });
  tell({ type: 'ready' });

  await catchUp(engine, journalDirOf(options.dataDir), note);
  await rules.start();
  starting = false;
  live.start();
  notices.start();
  tell({ type: 'settings', settings: engine.fleet.stream.settings });

  let noRoomSinceMs = 0;
  const show = (): void => {
    const nowMs = Date.now();
    const batch = pump.pump(nowMs);
    if (batch && batch.alerts.length > 0) {
      hub.sendAlerts(batch.alerts);
      meter.alertsRaised(batch.transitions.filter((t) => t.kind === 'raised').length, nowMs);
    }
    hub.sendFrames();
    journal.retainFrom = history.retainFrom;
    if (history.hasRoom || history.failure) {
      if (noRoomSinceMs !== 0 && nowMs - noRoomSinceMs > PAUSE_AFTER_MS) live.resume();
      noRoomSinceMs = 0;
    } else {
      if (noRoomSinceMs === 0) noRoomSinceMs = nowMs;
      else if (nowMs - noRoomSinceMs > PAUSE_AFTER_MS) live.pause();
    }
  };
  const frameTimer = setInterval(show, FRAME_MS);
  const secondTimer = setInterval(() => {
    hub.sendSummary(meter.summary(Date.now()));
    hub.sendWatched();
  }, SECOND_MS);

  stop = async () => {
    stop = async () => {};
    clearInterval(frameTimer);
    clearInterval(secondTimer);
    await Promise.all([rules.close(), backtests.close()]);
    await live.stop();
    pump.flush(Date.now());
    await history.settled();
    await notices.close();
    await history.close();
    await journal.close();
  };
}

function handlersOf(engine: Engine, live: LiveSession, meter: HealthMeter, history: Link): Partial<RequestHandlers> {
  return {
    'room.info': () => ({
      version: options.version,
      dataDir: options.dataDir,
      startedMs,
      demo: options.demo,
      broker: withoutPassword(options.broker.url),
      suggestedOperator: userInfo().username,
    }),
    'room.health': () => meter.health(Date.now()),
    'alerts.open': () => ({ alerts: engine.book.openAlerts().map((alert) => ({ ...alert })) }),
    ...operatorHandlers(engine, live),
    'vehicle.pending': ({ vehicleId }) => pendingRules(engine, vehicleId),
    'vehicle.get': ({ vehicleId }) => {
      const slot = engine.vehicles.find(vehicleId);
      return { vehicle: slot === undefined || slot >= engine.fleet.state.count ? null : vehicleDetail(engine, slot) };
    },
    'vehicle.track': async (args) => {
      return withOpenTrack(engine, args, await history.request('vehicle.track', args));
    },
  };
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.protocol}//${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}`;
  } catch {
    return 'an address that cannot be read';
  }
}

await main();
