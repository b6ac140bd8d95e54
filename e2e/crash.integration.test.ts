import { expect, test } from 'vitest';
import { compareHistories } from './crash/compare.ts';
import { type CrashPlan, cleanRun, crashedRun } from './crash/run-crash.ts';

// A room is killed at random moments in full flow, its broker is restarted and goes away for a while. Afterwards its history is, row for
// row, that of a room to which nothing happened. `npm run crash` does the same a hundred times.

const PLAN: CrashPlan = { kills: 10, messagesPerSecond: 2000, seconds: 30, seed: 'crash', outageMs: 4000 };

test('kills and a broker that goes away change no row', async () => {
  const startMs = Date.now();
  const crashed = await crashedRun(PLAN, startMs, () => {});
  const clean = await cleanRun(PLAN, startMs);
  try {
    const tables = compareHistories(crashed.history, clean.history);
    const filled = tables.filter(({ rows }) => rows > 0).map(({ table }) => table);
    expect(filled).toEqual(expect.arrayContaining(['alert', 'alert_transition', 'counter', 'vehicle']));
    const differing = tables.filter(({ onlyFirst, onlySecond }) => onlyFirst.length + onlySecond.length > 0);
    expect(differing).toEqual([]);
    const { messages } = crashed.health;
    expect(messages).toMatchObject({ received: messages.processed, journaled: messages.processed, dropped: 0 });
    expect(crashed.published).toBe(clean.published);
    expect(messages.processed).toBeGreaterThanOrEqual(crashed.published);
  } finally {
    await crashed.remove();
    await clean.remove();
  }
}, 240_000);
