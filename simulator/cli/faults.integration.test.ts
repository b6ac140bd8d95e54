import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../core/history/migrate.ts';
import type { TruthLine } from '../faults/truth.ts';
import { collect } from '../testing/collect.ts';
import { start } from '../testing/processes.ts';

let dir: string;
let truth: TruthLine[];
const truthFile = () => join(dir, 'truth.jsonl');

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'faults-'));
  const story = collect({ vehicles: 60, seconds: 600, faults: ['sos', 'speeding', 'late', 'tyre_leak'] });
  truth = story.truth;
  writeFileSync(truthFile(), truth.map((line) => `${JSON.stringify(line)}\n`).join(''));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A room's history with an alert for each of these. */
function history(alerts: { rule: string; vehicle: string; onsetMs: number }[]): void {
  rmSync(join(dir, 'history.db'), { force: true });
  const db = new Database(join(dir, 'history.db'));
  migrate(db, join(dir, 'history.db'));
  const insert = db.prepare(
    `INSERT INTO alert (id, rule_id, rule_name, vehicle_id, priority, onset_ms, raised_ms, condition, latched, acknowledged,
      unit, message) VALUES (?, ?, '', ?, 1, ?, ?, 'active', 0, 0, '', '')`,
  );
  for (const [i, { rule, vehicle, onsetMs }] of alerts.entries()) insert.run(`${i}`, rule, vehicle, onsetMs, onsetMs);
  db.prepare(
    `INSERT INTO vehicle (vehicle_id, first_seen_ms, last_event_ms, last_received_ms, movement)
      VALUES ('A', 0, ?, 0, 'moving')`,
  ).run(Math.max(...truth.map((line) => line.due_ms)) + 1000);
  db.close();
}

const run = (...args: string[]) => start('faults', args).finished;
const expected = () =>
  truth.flatMap((line) =>
    line.expected_rule ? [{ rule: line.expected_rule, vehicle: line.vehicle_id, onsetMs: line.start_ms + 500 }] : [],
  );

test('all alerted: a table, full marks and exit code 0', async () => {
  history(expected());
  const { code, stdout } = await run('--truth', truthFile(), '--data', dir);
  expect(stdout).toMatch(/^fault +injected +alerted +missed +not due +no rule +messages +median delay\n/);
  expect(stdout).toMatch(/\nspeeding +1 +1 +0\.5 s\n/);
  expect(stdout).toMatch(/\nlate +2 +2 +16 *\n/);
  expect(stdout).toMatch(/\nprecision 1\.000 recall 1\.000 false alerts 0\n$/);
  expect(code).toBe(0);
});

test('a missed fault and a false alert are named, and the exit code says so', async () => {
  const [, ...rest] = expected();
  history([...rest, { rule: 'idling', vehicle: 'NBO-00001', onsetMs: truth[0].start_ms }]);
  const { code, stdout } = await run('--truth', truthFile(), '--data', dir);
  expect(stdout).toMatch(/missed: (speeding|sos|tyre_leak) of /);
  expect(stdout).toContain('false alerts of idling: 1 (NBO-00001');
  expect(stdout).toMatch(/\nprecision 0\.667 recall 0\.667 false alerts 1\n$/);
  expect(code).toBe(1);
});

test('bad input is a sentence', async () => {
  expect((await run()).stderr).toBe('faults: --truth FILE and --data DIR are needed.\n');
  const nowhere = await run('--truth', truthFile(), '--data', join(dir, 'nowhere'));
  expect(nowhere).toMatchObject({
    code: 2,
    stderr: `faults: --data: there is no history.db in ${join(dir, 'nowhere')}.\n`,
  });
  history([]);
  const bad = join(dir, 'bad.jsonl');
  writeFileSync(bad, '{"fault":"sos"}\n');
  expect((await run('--truth', bad, '--data', dir)).stderr).toContain(`${bad}, line 1: not a line of a truth file`);
});
