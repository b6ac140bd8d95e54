import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compare, type RaisedAlert } from '../../simulator/faults/compare.ts';
import { VEHICLE_FAULTS } from '../../simulator/faults/kinds.ts';
import type { TruthLine } from '../../simulator/faults/truth.ts';
import { passed, report, ruleRows } from './verify-report.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'verify-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function verify(...args: string[]) {
  const cli = join(import.meta.dirname, 'verify-faults-cli.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
}

const SMALL = ['--vehicles', '150', '--minutes', '25', '--seed', 'small'];

test('faults that are alerted in time, and nothing else', () => {
  const json = join(dir, 'report.json');
  const faults = 'sos,crash,coolant_leak,tyre_leak,harsh_cornering,no_seatbelt,late';
  const { status, lines } = verify(...SMALL, '--faults', faults, '--json', json);
  expect(lines.at(-1)).toBe('precision 1.000 recall 1.000 false alerts 0');
  expect(lines.some((line) => /^coolant-leak +1 +1 +0 +0 +\d+\.\d s/.test(line))).toBe(true);
  expect(status).toBe(0);
  const { run, rules, messages } = JSON.parse(readFileSync(json, 'utf8'));
  expect(run).toMatchObject({ vehicles: 150, minutes: 25, seed: 'small', rate: 1 });
  expect(rules.map((row: { ruleId: string }) => row.ruleId)).toEqual([
    'coolant-leak',
    'crash',
    'harsh-cornering',
    'seatbelt',
    'sos',
    'tyre-leak',
  ]);
  expect(messages).toBeGreaterThan(200_000);
});

test('the rules that come with the room find every kind of fault, and nothing else', () => {
  const { status, lines } = verify('--vehicles', '400', '--minutes', '45', '--seed', '11');
  const rows = lines.filter((line) => / +1 +1 +0 +0 +\d/.test(line));
  expect(lines.filter((line) => /^(missed|false|no suitable)/.test(line))).toEqual([]);
  expect(rows).toHaveLength(VEHICLE_FAULTS.length);
  expect(lines.at(-1)).toBe('precision 1.000 recall 1.000 false alerts 0');
  expect(status).toBe(0);
});

test('a healthy fleet is all right when nothing is raised', () => {
  const { status, lines } = verify(...SMALL, '--faults', 'none');
  expect(lines.at(-1)).toBe('precision 1.000 recall 1.000 false alerts 0');
  expect(status).toBe(0);
});

test('rules that miss a fault, and that cry wolf, make it end with 1 and are told', () => {
  const pack = 'rules:\n  - { id: moves, name: Moves, priority: low, when: speed_kmph > 70, message: "It moves" }\n';
  writeFileSync(join(dir, 'wolf.yaml'), pack);
  const { status, lines } = verify('--vehicles', '60', '--minutes', '8', '--faults', 'sos', '--rules', dir);
  expect(lines.at(-1)).toMatch(/^precision 0\.000 recall 0\.000 false alerts [1-9]\d*$/);
  expect(lines.some((line) => /^missed: sos on [A-Z]{3}-\d{5} by /.test(line))).toBe(true);
  expect(lines.some((line) => /^false: moves on [A-Z]{3}-\d{5} from /.test(line))).toBe(true);
  expect(status).toBe(1);
});

test('what cannot be done is a sentence, and ends with 2', () => {
  writeFileSync(join(dir, 'wolf.yaml'), 'rules:\n  - { id: moves, name: Moves, priority: low, when: speed }\n');
  const bad = verify('--rules', dir, '--minutes', '1', '--vehicles', '1');
  expect(bad).toMatchObject({ status: 2, stderr: expect.stringContaining('wolf.yaml:2:') });
  expect(verify('--faults', 'x')).toMatchObject({ status: 2, stderr: expect.stringContaining('no fault is called') });
});

describe('the table', () => {
  const fault = (vehicle_id: string, due_ms: number): TruthLine => ({
    fault: 'speeding',
    vehicle_id,
    start_ms: 100_000,
    end_ms: 400_000,
    expected_rule: 'overspeed',
    due_ms,
    also: [],
    detail: 'x',
  });
  const alert = (vehicleId: string, raisedMs: number): RaisedAlert => ({
    ruleId: 'overspeed',
    vehicleId,
    onsetMs: 105_000,
    raisedMs,
  });
  const truth = ['A', 'B', 'C'].map((id) => fault(id, 170_000));
  const alerts = [alert('A', 165_000), alert('B', 175_000), alert('C', 175_001), alert('D', 165_000)];
  const comparison = compare(truth, alerts, 1_000_000, 5_000);

  test('counts delays after the start and the due time, misses what came later than 5 s, and names what is false', () => {
    expect(ruleRows(comparison)).toEqual([
      {
        ruleId: 'overspeed',
        injected: 3,
        alerted: 2,
        missed: 1,
        falseAlerts: 1,
        afterStart: { p50S: 65, p95S: 75, maxS: 75 },
        afterDue: { p50S: -5, p95S: 5, maxS: 5 },
      },
    ]);
    expect(passed(comparison)).toBe(false);
  });

  test('ends with precision, recall and false alerts', () => {
    const text = report({ comparison, leftOut: ['crash'], messages: 1000, seconds: 2 });
    expect(text).toContain('missed: overspeed on C by 1970-01-01T00:02:50.000Z for speeding (x)\n');
    expect(text).toContain('false: overspeed on D from 1970-01-01T00:01:45.000Z, raised 1970-01-01T00:02:45.000Z\n');
    expect(text).toContain('no suitable vehicle for: crash\n1000 messages in 2.0 s, 500/s\n');
    expect(text.endsWith('precision 0.667 recall 0.667 false alerts 1\n')).toBe(true);
  });
});
