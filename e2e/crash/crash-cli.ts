import { parseArgs } from 'node:util';
import { compareHistories } from './compare.ts';
import { type CrashPlan, cleanRun, crashedRun } from './run-crash.ts';

const HELP = `Usage: npm run crash -- [--kills 100] [--rate 5000] [--outage 30] [--seed crash]
Kills a room again and again while a fleet sends to it through mosquitto, restarts the broker, takes it away for --outage seconds,
and compares the history with that of a room which got the same messages in peace. Ends with exit code 1 when a row differs.`;

/** A kill, a new start and some life in between: seconds. */
const SECONDS_PER_KILL = 2.2;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    rate: { type: 'string', default: '5000' },
    outage: { type: 'string', default: '30' },
    seed: { type: 'string', default: 'crash' },
    help: { type: 'boolean', default: false },
  },
});

function planOf(): CrashPlan {
  const number = (name: 'kills' | 'rate' | 'outage', low: number, high: number): number => {
    const value = Number(values[name]);
    if (!(value >= low && value <= high)) throw new Error(`--${name} must be from ${low} to ${high}`);
    return value;
  };
  const kills = number('kills', 1, 10_000);
  const outageS = number('outage', 0, 3600);
  return {
    kills,
    messagesPerSecond: number('rate', 1, 50_000),
    seconds: Math.ceil(kills * SECONDS_PER_KILL + outageS),
    seed: values.seed,
    outageMs: outageS * 1000,
  };
}

async function main(): Promise<void> {
  const plan = planOf();
  const startMs = Date.now();
  const say = (line: string): void =>
    console.log(`${((Date.now() - startMs) / 1000).toFixed(0).padStart(4)} s  ${line}`);
  const crashed = await crashedRun(plan, startMs, say);
  const { messages } = crashed.health;
  say(`${crashed.published} messages published, ${messages.processed} processed, ${messages.duplicates} duplicates`);
  const clean = await cleanRun(plan, startMs);
  say(`clean run: ${clean.published} published, ${clean.health.messages.processed} processed`);
  let differing = 0;
  for (const { table, rows, onlyFirst, onlySecond } of compareHistories(crashed.history, clean.history)) {
    const same = onlyFirst.length === 0 && onlySecond.length === 0;
    if (!same) differing++;
    console.log(`${table.padEnd(28)} ${String(rows).padStart(8)} rows  ${same ? 'equal' : 'DIFFERENT'}`);
    for (const row of onlyFirst) console.log(`  only after the crashes: ${row}`);
    for (const row of onlySecond) console.log(`  only in the clean run:  ${row}`);
  }
  await crashed.remove();
  await clean.remove();
  console.log(`${plan.kills} kills: ${differing === 0 ? 'every row is equal' : `${differing} tables differ`}`);
  process.exitCode = differing === 0 ? 0 : 1;
}

if (values.help) console.log(HELP);
else await main();
