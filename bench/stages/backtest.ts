import { join } from 'node:path';
import { type BacktestOptions, runBacktest } from '../../core/control-room/backtest/backtest-run.ts';
import { openHistoryAlerts } from '../../core/control-room/backtest/history-alerts.ts';
import { openSource } from '../../core/control-room/recording/open-source.ts';
import { readRulePacks } from '../../core/control-room/rule-files.ts';
import { openHistory } from '../../core/history/writer.ts';
import { openJournal } from '../../core/journal/journal.ts';
import type { RulePackSource } from '../../core/model/records.ts';
import { fleetRecords } from '../fleet/record-fleet.ts';
import { RULES_DIR, rulesRecord } from '../fleet/rule-sets.ts';
import { median } from '../measurement.ts';
import { type Bench, perSecond, repeat } from '../stage.ts';

const VEHICLES = 1000;
/** A day of a fleet of 1,000 vehicles at one message a second. */
const DAY_MESSAGES = VEHICLES * 86_400;

/** A rule that is new: with it come its tuning answers. */
const CHANGED: RulePackSource = {
  name: 'changed.yaml',
  text: `rules:
  - id: changed-speed
    name: A little fast
    priority: low
    when: speed_kmph > 85
    clear: speed_kmph < 80
    for: 30s
    message: "{speed_kmph} km/h"
`,
};

/** Rules tried on what a fleet of 1,000 vehicles sent. */
export async function backtestStage(bench: Bench): Promise<void> {
  const messages = await writeRoom(bench.dir, bench.quick ? 200_000 : 2_000_000);
  const inForce = readRulePacks(RULES_DIR);
  const history = openHistoryAlerts(bench.dir);
  bench.defer(() => history.close());
  const measure = (what: string, note: string, more: Pick<BacktestOptions, 'packs' | 'against' | 'tuning'>): void => {
    const runs = repeat(bench, () => rate(bench.dir, messages, { ...more, inForce }));
    const minutes = DAY_MESSAGES / median(runs) / 60;
    const day = `a day of 86.4 M messages takes ${minutes.toFixed(1)} min`;
    bench.report({ what, unit: 'messages/s', runs, note: `${note}; ${day}` });
  };
  measure('against the history', 'the shipped rules', { packs: inForce, against: { history }, tuning: 'none' });
  measure('against the rules of the time', 'the shipped rules, run twice', {
    ...{ packs: inForce, against: 'rules', tuning: 'none' },
  });
  measure('with tuning', 'one rule more and 8 variants of it', {
    ...{ packs: [...inForce, CHANGED], against: { history }, tuning: 'changed' },
  });
}

/** A journal of the fleet under the shipped rules, and a history without an alert. Answers the messages. */
async function writeRoom(dir: string, wanted: number): Promise<number> {
  const journal = openJournal({ dir: join(dir, 'journal') });
  const append = ({ kind, flags, count, receivedMs, payload }: ReturnType<typeof rulesRecord>): void => {
    journal.append(kind, flags, count, receivedMs, payload);
  };
  append(rulesRecord());
  for (const record of fleetRecords(VEHICLES, wanted)) append(record);
  await journal.close();
  openHistory({ file: join(dir, 'history.db') }).close();
  return journal.messages;
}

function rate(
  dir: string,
  messages: number,
  more: Pick<BacktestOptions, 'packs' | 'against' | 'tuning' | 'inForce'>,
): number {
  const source = openSource(dir);
  const startedMs = performance.now();
  const run = runBacktest({ source, fromMs: source.startMs, toMs: source.endMs + 1, operators: 1, ...more });
  let step = run.next();
  while (!step.done) step = run.next();
  if (step.value.messages !== messages) throw new Error(`of ${messages} messages ${step.value.messages} were tried`);
  return perSecond(messages, performance.now() - startedMs);
}
