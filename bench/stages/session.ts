import { journalDirOf } from '../../core/control-room/data-folders.ts';
import { ReplayDesk } from '../../core/control-room/replay/replay-desk.ts';
import { openJournal } from '../../core/journal/journal.ts';
import type { JournalRecord } from '../../core/model/records.ts';
import { createLink, type Link } from '../../core/protocol/client.ts';
import type { ReplayState } from '../../core/protocol/replay.ts';
import { fleetRecords } from '../fleet/record-fleet.ts';
import { rulesRecord } from '../fleet/rule-sets.ts';
import { type Bench, people } from '../stage.ts';

const VEHICLES = 1000;
/** An hour of a fix a second and a status every ten. */
const HOUR_MESSAGES = VEHICLES * 3600 * 1.1;
const SEEKS = 20;

/** A replay as a window has it, through the worker threads: opened over a journal, indexed, sought in, played as fast as it can. */
export async function sessionStage(bench: Bench): Promise<void> {
  const messages = bench.quick ? HOUR_MESSAGES / 12 : HOUR_MESSAGES;
  await writeJournal(bench.dir, messages);
  const desk = new ReplayDesk({ dataDir: bench.dir, topicPrefix: undefined }, 'bench');
  bench.defer(() => desk.close());
  const openedAt = performance.now();
  const replay = await desk.open({ fromMs: 0, toMs: 9e15 }, new AbortController().signal);
  bench.defer(() => replay.close());
  const link = createLink(replay.transport);
  const what = `${people(VEHICLES)} vehicles, ${Math.round((replay.state.endMs - replay.state.startMs) / 60_000)} min`;
  bench.report({ what: `${what}, open`, unit: 'ms', runs: [performance.now() - openedAt] });
  bench.report({ what: `${what}, index`, unit: 'ms', runs: [await indexed(link)] });
  bench.report({
    what: `${what}, seek`,
    unit: 'ms',
    runs: await seekAround(link, replay.state),
    target: { atMost: 1000 },
    note: `${SEEKS} places; the longest is in ±`,
  });
  const playMs = await playAtMax(link);
  bench.report({
    what: `${what}, played as fast as it can`,
    unit: 'ms',
    runs: [playMs],
    target: { atMost: bench.quick ? 500 : 6000 },
    note: `${people(Math.round((messages / playMs) * 1000))} messages/s, history included`,
  });
}

async function writeJournal(dataDir: string, messages: number): Promise<void> {
  const journal = openJournal({ dir: journalDirOf(dataDir) });
  const put = ({ kind, flags, count, receivedMs, payload }: JournalRecord): void => {
    journal.append(kind, flags, count, receivedMs, payload);
  };
  put(rulesRecord());
  for (const record of fleetRecords(VEHICLES, messages)) put(record);
  await journal.settled();
  await journal.close();
}

/** Ms until the whole stretch can be sought in. */
async function indexed(link: Link): Promise<number> {
  return until(link, (state) => state.indexed === 1);
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
  return times;
}

async function playAtMax(link: Link): Promise<number> {
  await link.request('replay.seek', { timeMs: 0 });
  const began = performance.now();
  await link.request('replay.play', { speed: 'max' });
  await until(link, (state) => state.phase === 'ended');
  return performance.now() - began;
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
