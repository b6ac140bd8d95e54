import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PRIORITY_NAMES } from '../model/alerts.ts';
import { SIGNALS } from '../model/signals.ts';
import { COLUMNS } from '../stream/columns.ts';
import { FleetState } from '../stream/fleet-state.ts';
import { MAX_WAITING_ALERTS } from './alert-book.ts';
import { compileExpression, MAX_EXPRESSION_CHARS } from './expression.ts';
import { DRIVER_EVENTS, MAX_PACK_CHARS, MAX_PACK_ERRORS, parsePack, RULE_KEYS } from './pack.ts';
import { compilePacks } from './rule-set.ts';
import { expressionText, packErrors } from './testing/rule-fleet.ts';

const text = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
const base = readFileSync(new URL('../../resources/rules/base.yaml', import.meta.url), 'utf8');

/** The cells of the table rows under a heading, without its head; a `\|` is a bar inside a cell. */
function table(heading: string): string[][] {
  const section = text.split(`\n${heading}\n`)[1]?.split(/^#/m)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  );
}

const code = (cell: string): string => cell.replaceAll('`', '');

describe('docs/rules.md', () => {
  test('lists the default rules as they are', () => {
    const shown = table('## The rules that come with it').map((row) => row.slice(0, 6).map(code));
    const seconds = (ms: number): string =>
      ms === 0 ? '–' : ms % 60_000 === 0 && ms > 60_000 ? `${ms / 60_000}m` : `${ms / 1000}s`;
    const real = parsePack({ name: 'base.yaml', text: base }).rules.map((rule) => {
      const t = rule.trigger;
      return [
        rule.id,
        t.type === 'condition' ? t.when.text : `event driver.${t.event}`,
        seconds(rule.forMs),
        t.type === 'condition' ? (t.clear?.text ?? '–') : 'acknowledged',
        seconds(rule.keepMs),
        PRIORITY_NAMES[rule.priority],
      ];
    });
    expect(shown).toEqual(real);
    for (const row of table('## The rules that come with it')) expect(row[6]).not.toBe('');
  });

  test('describes every key, every derived signal and every event', () => {
    const keys = table('## A rule').map((row) => code(row[0]));
    expect(keys.toSorted()).toEqual(RULE_KEYS.toSorted());
    const derived = table('### What a condition can read').map((row) => code(row[0]));
    expect(derived).toEqual(COLUMNS.slice(SIGNALS.length).map((c) => c.name));
    const units = table('### What a condition can read').map((row) => row[1].replace('flag', ''));
    expect(units).toEqual(COLUMNS.slice(SIGNALS.length).map((c) => c.unit));
    const events = text.split('\n## Events\n')[1].split(/^## /m)[0];
    for (const event of DRIVER_EVENTS) expect(events).toContain(`\`driver.${event}\``);
  });

  test('names the limits', () => {
    expect(text).toContain(`at most ${MAX_EXPRESSION_CHARS} characters`);
    expect(text).toContain(`of at most ${MAX_PACK_CHARS / 1024} KiB`);
    expect(text).toContain(`a file with its first ${MAX_PACK_ERRORS}`);
    expect(text).toContain(`the room keeps ${MAX_WAITING_ALERTS.toLocaleString('en')}`);
  });

  test('has examples that compile', () => {
    const examples = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => match[1]);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(packErrors(example)).toEqual([]);
  });

  test('shows errors as they are said', () => {
    const shown = [...text.matchAll(/^depot\.yaml:\d+:\d+: (.*)$/gm)].map((match) => match[1]);
    const mine = `rules:
  - {id: reefer-warm, name: R, priority: low, when: cargo_temp > 1, message: m}
  - {id: b, name: B, priority: low, when: rpm > 1, message: m, for: 15}
  - {id: c, name: C, sevrity: low}
  - {id: offline, name: O, priority: low, when: rpm > 1, message: m}
`;
    const packs = [
      { name: 'base.yaml', text: base },
      { name: 'depot.yaml', text: mine },
    ];
    const said = compilePacks(packs, new FleetState()).errors.map((e) => e.message);
    expect(shown.toSorted()).toEqual(said.toSorted());
  });

  test.each([
    ['unknown > 5', Number.NaN],
    ['unknown && false', 0],
    ['unknown || true', 1],
    ['unknown && true', Number.NaN],
    ['unknown || false', Number.NaN],
    ['!unknown', Number.NaN],
    ['unknown == unknown', Number.NaN],
  ])('says what %s is', (expression, answer) => {
    const [row] = table('### Unknown').filter((cells) => cells[0].includes(`\`${expression}\``));
    expect(row[1]).toBe(Number.isNaN(answer) ? 'unknown' : answer === 1 ? 'true' : 'false');
    const flag = expression.includes('>') ? 'rpm' : 'ignition';
    const state = new FleetState();
    expect(compileExpression(expressionText(expression.replaceAll('unknown', flag)), state).evaluate(0)).toBe(answer);
  });
});
