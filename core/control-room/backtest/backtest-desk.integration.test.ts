import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { BacktestDone, BacktestProgress, BacktestResult } from '../../protocol/backtest.ts';
import { openRecording } from '../../recording/open-recording.ts';
import { GOLDEN_FILE } from '../../recording/testing/golden.ts';
import { BacktestDesk } from './backtest-desk.ts';
import { goldenRoom } from './testing/golden-room.ts';
import { limitsPack } from './testing/limits-pack.ts';

const golden = openRecording(GOLDEN_FILE);
const inForce = limitsPack();
const whole = { type: 'journal', fromMs: golden.startMs, toMs: golden.endMs + 1 } as const;
let room: Awaited<ReturnType<typeof goldenRoom>>;

beforeAll(async () => {
  room = await goldenRoom(golden, inForce);
});
afterAll(() => {
  room.remove();
  golden.close();
});

function desk() {
  const progress: BacktestProgress[] = [];
  const done: BacktestDone[] = [];
  const desk = new BacktestDesk({
    dataDir: room.dataDir,
    topicPrefix: undefined,
    packsInForce: () => inForce,
    onProgress: (p) => progress.push(p),
    onDone: (d) => done.push(d),
  });
  return { ...desk.handlers, progress, done, desk };
}

async function resultOf({ done, ...handlers }: ReturnType<typeof desk>, id: string): Promise<BacktestResult> {
  await vi.waitFor(() => expect(done.map((d) => d.id)).toContain(id), 30_000);
  expect(done.find((d) => d.id === id)).toEqual({ id, state: 'done' });
  const { state, result } = await handlers['backtest.result']({ id });
  expect(state).toBe('done');
  return result as BacktestResult;
}

const differences = ({ gained, lost, moved }: BacktestResult) => [gained.total, lost.total, moved.total];

describe('back-tests of a room', () => {
  test.each(['history', 'rules'] as const)('of the rules in force find no difference to its %s', async (against) => {
    const asked = desk();
    const { id } = await asked['backtest.start']({ packs: inForce, source: whole, against });
    const result = await resultOf(asked, id);
    expect(differences(result)).toEqual([0, 0, 0]);
    expect(result.unchanged).toBeGreaterThan(20);
    expect(result.notes).toEqual([]);
  });

  test('of one changed file find the same difference to the history and to the rules of that time', async () => {
    const asked = desk();
    const ask = { name: 'a.yaml', text: limitsPack({ kmph: 70, sos: 'Help' })[0].text, source: whole } as const;
    const results: BacktestResult[] = [];
    for (const against of ['history', 'rules'] as const) {
      const { id } = await asked['backtest.start']({ ...ask, against });
      results.push(await resultOf(asked, id));
    }
    const [history, rules] = results;
    expect(history.lost.total).toBeGreaterThan(0);
    expect(differences(history)).toEqual(differences(rules));
    expect(history.lost.alerts).toEqual(rules.lost.alerts);
    expect(history.moved.alerts).toEqual(rules.moved.alerts);
    expect(history.rules.find((rule) => rule.ruleId === 'sos')).toMatchObject({
      change: 'changed',
      gained: 0,
      lost: 0,
    });
    expect(history.tuning.length).toBeGreaterThan(0);
  });

  test('run one at a time, can be cancelled at once, and go on with the next', async () => {
    const asked = desk();
    const start = () => asked['backtest.start']({ packs: inForce, source: whole, against: 'rules', tuning: 'all' });
    const { id } = await start();
    await expect(async () => start()).rejects.toMatchObject({ kind: 'busy' });
    expect(await asked['backtest.cancel']({ id })).toEqual({ cancelled: true });
    expect(asked.done).toEqual([{ id, state: 'cancelled' }]);
    expect(await asked['backtest.result']({ id })).toEqual({ state: 'cancelled', result: null });
    expect(await asked['backtest.cancel']({ id })).toEqual({ cancelled: false });
    await resultOf(asked, (await start()).id);
  });

  test('refuse what cannot be tried', async () => {
    const asked = desk();
    const start = asked['backtest.start'];
    const ask = { packs: inForce, source: whole, against: 'rules' } as const;
    const refused = async (more: object, message: RegExp): Promise<void> => {
      await expect(async () => start({ ...ask, ...more })).rejects.toMatchObject({ kind: 'bad-arguments', message });
    };
    const matching = (pattern: RegExp) => expect.stringMatching(pattern);
    await refused({ source: { type: 'journal', fromMs: 2, toMs: 1 } }, matching(/^Try rules on/));
    await refused({ against: 'nothing' }, matching(/^Compare with/));
    await refused({ packs: [{ name: '../a.yaml', text: '' }] }, matching(/^A rule pack is named/));
    await refused({ operators: 0 }, matching(/^Give 1 to/));
    await refused({ tuning: 7 }, matching(/^Tuning is/));
    const { id } = await start({ ...ask, source: { type: 'journal', fromMs: 1, toMs: 2 } });
    await vi.waitFor(() => expect(asked.done).toHaveLength(1), 10_000);
    expect(asked.done[0]).toMatchObject({ id, state: 'failed', message: matching(/has nothing of that time/) });
    const wrong = await start({ ...ask, packs: [{ name: 'a.yaml', text: 'rules:\n  - id: x\n' }] });
    await vi.waitFor(() => expect(asked.done).toHaveLength(2), 10_000);
    expect(asked.done[1]).toMatchObject({ id: wrong.id, state: 'failed', message: matching(/^a\.yaml:2:\d+: /) });
  });
});

describe('the command', () => {
  const run = promisify(execFile);
  const script = fileURLToPath(new URL('backtest-cli.ts', import.meta.url));
  const backtest = (...args: string[]) => run(process.execPath, [script, ...args]);

  test('prints the difference, of a recording or of a data directory, as text or as JSON', async () => {
    const rules = join(room.dataDir, 'tried');
    mkdirSync(rules);
    writeFileSync(join(rules, 'a.yaml'), limitsPack({ kmph: 70 })[0].text);
    const times = ['--from', String(whole.fromMs), '--to', String(whole.toMs)];
    const { stdout } = await backtest('--rules', rules, '--data', room.dataDir, ...times, '--json');
    const result = JSON.parse(stdout) as BacktestResult;
    expect(result.lost.total).toBeGreaterThan(0);
    const text = (await backtest('--rules', rules, GOLDEN_FILE, '--tune', 'none', '--operators', '2')).stdout;
    expect(text).toContain('fast (new): 0 → ');
    expect(text).toMatch(/gained \d+, lost \d+, moved \d+, unchanged \d+/);
    expect(text).toContain('for each of 2 operators');
  });

  test('ends with a sentence and exit code 1 for mistakes', async () => {
    const failing = async (args: string[], stderr: string): Promise<void> => {
      await expect(backtest(...args)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(stderr) });
    };
    await failing([GOLDEN_FILE], '--rules is missing.');
    await failing(['--rules', room.dataDir, '--data', room.dataDir], '--from is missing.');
    await failing(['--rules', room.dataDir, '--ruls'], 'Did you mean --rules?');
  });
});
