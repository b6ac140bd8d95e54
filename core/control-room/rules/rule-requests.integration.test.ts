import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { freePort } from '../../../scripts/mosquitto.ts';
import type { BacktestDone } from '../../protocol/backtest.ts';
import { openTestRoom, temporaryDataDir, untilHealth, windowOn } from '../testing/room-bench.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const pack = (kmph: number): string => `rules:
  - id: fast
    name: Fast
    priority: medium
    when: speed_kmph > ${kmph}
    clear: speed_kmph < ${kmph - 10}
    for: 10s
    message: fast
`;

/** A room whose broker is away, with a folder of rules of its own. */
async function room() {
  const { dir, remove } = await temporaryDataDir();
  const rulesDir = mkdtempSync(join(tmpdir(), 'watchfloor-packs-'));
  writeFileSync(join(rulesDir, 'a.yaml'), pack(90));
  const url = `mqtt://127.0.0.1:${await freePort()}`;
  const opened = await openTestRoom(dir, url, { rulesDir, rulesDirAsked: true });
  cleanups.push(
    remove,
    () => rmSync(rulesDir, { recursive: true }),
    () => opened.close(),
  );
  await untilHealth(opened, (health) => health.status !== 'starting');
  return { room: opened, rulesDir, link: windowOn(opened) };
}

test('rules are listed, checked, saved, undone and removed by a window, and told of in health', async () => {
  const { room: opened, rulesDir, link } = await room();
  expect((await link.request('rules.list', {})).rules).toEqual([
    {
      ...{
        ruleId: 'fast',
        name: 'Fast',
        priority: 3,
        pack: 'a.yaml',
        line: 2,
        trigger: 'condition',
        state: 'in-force',
      },
      ...{
        when: 'speed_kmph > 90',
        clear: 'speed_kmph < 80',
        forMs: 10_000,
        keepMs: 0,
        cooldownMs: 0,
        suppressedBy: [],
      },
      ...{ firing: 0, pending: 0, raisedLastDay: 0 },
    },
  ]);
  const wrong = [{ name: 'a.yaml', text: pack(90).replace('speed_kmph', 'speed_mph') }];
  const check = await link.request('rules.check', { packs: wrong });
  expect(check).toMatchObject({ problems: [{ pack: 'a.yaml', line: 5, column: 11 }] });
  expect(check.compileMs).toBeGreaterThan(0);
  await expect(link.request('rules.save', { ...wrong[0], operator: 'Kim' })).rejects.toMatchObject({
    kind: 'rules-refused',
    message: expect.stringContaining('a.yaml:5:11: '),
  });
  await expect(link.request('rules.save', { name: '../x.yaml', text: '', operator: 'Kim' })).rejects.toMatchObject({
    kind: 'bad-arguments',
  });
  await expect(link.request('rules.save', { name: 'a.yaml', text: pack(80), operator: ' ' })).rejects.toMatchObject({
    message: 'Please give your name.',
  });

  const saved = await link.request('rules.save', {
    name: 'a.yaml',
    text: pack(80),
    operator: 'Kim',
    comment: 'slower',
  });
  expect(saved).toMatchObject({ rules: 1, changed: ['fast'] });
  expect((await link.request('rules.packs', {})).packs).toEqual([{ name: 'a.yaml', text: pack(80) }]);
  const changes = () => link.request('rules.history', { limit: 10 });
  await vi.waitFor(async () => expect((await changes()).changes).toHaveLength(2), 10_000);
  const [newest, first] = (await changes()).changes;
  expect(newest.position).toBe(saved.position);

  await link.request('rules.undo', { position: first.position, operator: 'Kim' });
  expect(await link.request('rules.packs', {})).toEqual({
    packs: [{ name: 'a.yaml', text: pack(90) }],
    folder: rulesDir,
    problems: [],
  });
  await expect(link.request('rules.undo', { position: 1, operator: 'Kim' })).rejects.toMatchObject({
    kind: 'bad-arguments',
  });
  await expect(link.request('rules.remove', { name: 'b.yaml', operator: 'Kim' })).rejects.toMatchObject({
    message: 'There is no rule pack b.yaml.',
  });
  await link.request('rules.remove', { name: 'a.yaml', operator: 'Kim' });
  expect((await link.request('rules.list', {})).rules).toEqual([]);

  writeFileSync(join(rulesDir, 'c.yaml'), 'rules:\n  - id: c\n');
  const { problems } = await untilHealth(opened, (health) => health.problems.some((p) => p.includes('c.yaml')));
  expect(problems).toContainEqual(expect.stringMatching(/^A rule pack was refused: c\.yaml:2:\d+: /));
  rmSync(join(rulesDir, 'c.yaml'));
  await untilHealth(opened, (health) => !health.problems.some((p) => p.includes('c.yaml')));
}, 60_000);

test('a back-test tells every window when it is done', async () => {
  const { room: opened, link } = await room();
  const other = windowOn(opened);
  const done: BacktestDone[] = [];
  for (const window of [link, other]) window.on('backtest.done', (end) => done.push(end));
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const source = { type: 'journal', fromMs: Date.now() - 60_000, toMs: Date.now() } as const;
  const { id } = await link.request('backtest.start', { name: 'a.yaml', text: pack(50), source, against: 'history' });
  await vi.waitFor(() => expect(done).toHaveLength(2), 20_000);
  expect(done).toEqual([
    { id, state: 'done' },
    { id, state: 'done' },
  ]);
  const { result } = await other.request('backtest.result', { id });
  expect(result).toMatchObject({ gained: { total: 0 }, rules: [{ ruleId: 'fast', change: 'changed' }] });
}, 60_000);
