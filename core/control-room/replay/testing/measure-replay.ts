// Measures a replay as a window has it: `node core/control-room/replay/testing/measure-replay.ts [MESSAGES] [VEHICLES]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseRulesRecord } from '../../../../bench/fleet/base-rules.ts';
import { fleetRecords } from '../../../../bench/fleet/record-fleet.ts';
import { openJournal } from '../../../journal/journal.ts';
import type { JournalRecord } from '../../../model/records.ts';
import { createLink, type Link } from '../../../protocol/client.ts';
import type { ReplayState } from '../../../protocol/replay.ts';
import { journalDirOf } from '../../data-folders.ts';
import { ReplayDesk } from '../replay-desk.ts';

const SEEKS = 20;
const messages = Number(process.argv[2] ?? 3_600_000);
const vehicles = Number(process.argv[3] ?? 1000);

const say = (what: string, text: string): void => void process.stdout.write(`${what.padEnd(34)} ${text}\n`);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const rate = (ms: number): string => `${Math.round((messages / ms) * 1000).toLocaleString('en')} messages/s`;

async function writeJournal(dataDir: string): Promise<void> {
  const journal = openJournal({ dir: journalDirOf(dataDir) });
  const put = ({ kind, flags, count, receivedMs, payload }: JournalRecord): void => {
    journal.append(kind, flags, count, receivedMs, payload);
  };
  put(baseRulesRecord());
  for (const record of fleetRecords(vehicles, messages)) put(record);
  await journal.settled();
  await journal.close();
}

async function until(link: Link, wanted: (state: ReplayState) => boolean): Promise<number> {
  const began = performance.now();
  for (;;) {
    const { replay } = await link.request('replay.state', {});
    if (replay && wanted(replay)) return performance.now() - began;
    if (replay && replay.problems.length > 0) throw new Error(replay.problems.join(' '));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Answer times while it plays as fast as it can, ms, sorted. */
async function playAtMax(link: Link): Promise<{ playMs: number; answersMs: number[] }> {
  const answersMs: number[] = [];
  await link.request('replay.seek', { timeMs: 0 });
  const began = performance.now();
  await link.request('replay.play', { speed: 'max' });
  for (;;) {
    const asked = performance.now();
    const { replay } = await link.request('replay.state', {});
    answersMs.push(performance.now() - asked);
    if (replay?.phase === 'ended') break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { playMs: performance.now() - began, answersMs: answersMs.sort((a, b) => a - b) };
}

async function seekAround(link: Link, { startMs, endMs }: ReplayState): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < SEEKS; i++) {
    // Multiples of the golden ratio lie evenly over the span in no order.
    const share = (i * 0.618_033_988_7 + 0.3) % 1;
    const began = performance.now();
    await link.request('replay.seek', { timeMs: startMs + share * (endMs - startMs) });
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

async function measure(dataDir: string): Promise<void> {
  await writeJournal(dataDir);
  const desk = new ReplayDesk({ dataDir, topicPrefix: undefined }, 'measure');
  let began = performance.now();
  const replay = await desk.open({ fromMs: 0, toMs: 9e15 }, new AbortController().signal);
  const link = createLink(replay.transport);
  let isDone = false;
  replay.onDeath((why) => {
    if (!isDone) throw new Error(why);
  });
  say('recording', `${replay.state.messages} messages, ${seconds(replay.state.endMs - replay.state.startMs)}`);
  say('open', seconds(performance.now() - began));
  began = performance.now();
  const indexMs = await until(link, (state) => state.indexed === 1);
  say('index', `${seconds(indexMs)}, ${rate(indexMs)}`);
  const seeks = await seekAround(link, replay.state);
  say(`seek, ${SEEKS} places`, `median ${seconds(seeks[SEEKS / 2])}, worst ${seconds(seeks[SEEKS - 1])}`);
  const { playMs, answersMs } = await playAtMax(link);
  say('play at max', `${seconds(playMs)}, ${rate(playMs)}`);
  const at = (share: number): string => `${answersMs[Math.floor((answersMs.length - 1) * share)].toFixed(0)} ms`;
  say('answers meanwhile', `median ${at(0.5)}, 95 % within ${at(0.95)}, worst ${at(1)}`);
  isDone = true;
  replay.close();
  await desk.close();
}

const dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-measure-'));
try {
  await measure(dataDir);
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
