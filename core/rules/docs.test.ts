import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultPacks } from '../engine/testing/default-room.ts';
import { REFERENCE_FIELDS } from '../model/reference.ts';
import { SIGNALS } from '../model/signals.ts';
import { COLUMNS } from '../stream/columns.ts';
import { FleetState } from '../stream/fleet-state.ts';
import { FUNCTIONS } from './expression/functions.ts';
import { NAME_TERMS } from './expression/name-terms.ts';
import { compileExpression, MAX_EXPRESSION_CHARS } from './expression.ts';
import { NAMED_EVENTS } from './named-events.ts';
import { MAX_PACK_CHARS, MAX_PACK_ERRORS, PACK_KEYS, RULE_KEYS } from './pack.ts';
import { DEFAULT_MAX_PARTIAL_MATCHES } from './patterns/matcher-options.ts';
import { MAX_STEPS, MAX_TIMES, STEP_KEYS } from './rule-reader.ts';
import { compilePacks } from './rule-set.ts';
import { formatPackError } from './spec.ts';
import { MAX_TERMS } from './terms/term.ts';
import { DEVIATIONS } from './testing/deviations.ts';
import { expressionText, packErrors } from './testing/rule-fleet.ts';
import { MOST_EVENTS } from './windows/event-count.ts';
import { OLDER_PANES } from './windows/pane-grid.ts';

const text = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');

/** The cells of the rows of the tables under a heading, without their heads; a `\|` is a bar inside a cell. */
function tables(heading: string): string[][][] {
  const section = text.split(`\n${heading}\n`)[1]?.split(/^#/m)[0] ?? '';
  return section.split(/\n(?!\|)/).flatMap((part) => {
    const rows = part.split('\n').filter((line) => line.startsWith('|'));
    if (rows.length === 0) return [];
    return [
      rows.slice(2).map((row) =>
        row
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim().replaceAll('\\|', '|')),
      ),
    ];
  });
}

const table = (heading: string): string[][] => tables(heading)[0] ?? [];
const code = (cell: string): string => cell.replaceAll('`', '');

describe('docs/rules.md', () => {
  test('lists the default rules', () => {
    const shown = tables('## The rules that come with it').flatMap((rows) => rows.map((row) => code(row[0])));
    const ids = compilePacks(defaultPacks(), new FleetState()).rules.map(({ spec }) => spec.id);
    for (const id of ids) expect(shown).toContain(id);
  });

  test('describes every key', () => {
    expect(
      table('## A pack')
        .flatMap((row) => row[0].split(', ').map(code))
        .toSorted(),
    ).toEqual(PACK_KEYS.toSorted());
    expect(
      table('## A rule')
        .map((row) => code(row[0]))
        .toSorted(),
    ).toEqual(RULE_KEYS.toSorted());
    expect(
      table('## Sequences')
        .map((row) => code(row[0]))
        .toSorted(),
    ).toEqual(STEP_KEYS.toSorted());
  });

  test('describes every name that a condition can read', () => {
    const [derived, worked] = tables('### What a condition can read');
    expect(derived.map((row) => [code(row[0]), row[1].replace('flag', '')])).toEqual(
      COLUMNS.slice(SIGNALS.length).map((c) => [c.name, c.unit]),
    );
    expect(worked.map((row) => [code(row[0]), row[1], row[2]])).toEqual(
      Object.entries(NAME_TERMS).map(([name, { unit, means }]) => [name, unit, means]),
    );
    expect(table('### Business data').map((row) => [code(row[0]), row[1]])).toEqual(
      REFERENCE_FIELDS.map((f) => [f.name, f.type === 'number' ? f.unit : f.type]),
    );
    for (const row of table('### Business data')) expect(row[2]).not.toBe('');
  });

  test('describes every function and event', () => {
    expect(table('### Functions')).toEqual(
      Object.values(FUNCTIONS).map(({ text: written, unit, means }) => [`\`${written}\``, unit, means]),
    );
    expect(table('## Events').map((row) => code(row[0]))).toEqual(NAMED_EVENTS);
    for (const row of table('## Events')) expect(row[1]).not.toBe('');
  });

  test('lists where the language differs from CEL', () => {
    const said = (answer: number, otherwise: string): string =>
      Number.isNaN(answer) ? otherwise : answer === 1 ? 'true' : 'false';
    const shown = table('### Where this differs from CEL').map((row) => [code(row[0]).split(', ')[0], row[1], row[2]]);
    expect(shown).toEqual(DEVIATIONS.map((d) => [d.text, said(d.cel, 'error'), said(d.ours, 'unknown')]));
  });

  test('names the limits', () => {
    expect(text).toContain(`at most ${MAX_EXPRESSION_CHARS} characters`);
    expect(text).toContain(`of at most ${MAX_PACK_CHARS / 1024} KiB`);
    expect(text).toContain(`a file with its first ${MAX_PACK_ERRORS}`);
    expect(text).toContain(`at most ${MAX_STEPS} steps`);
    expect(text).toContain(`1 to ${MAX_TIMES}`);
    expect(text).toContain(`${DEFAULT_MAX_PARTIAL_MATCHES} of them are followed`);
    expect(text).toContain(`into ${OLDER_PANES} panes of`);
    expect(Object.fromEntries(table('## Limits'))).toMatchObject({
      'characters of an expression': `${MAX_EXPRESSION_CHARS}`,
      'a pack': `${MAX_PACK_CHARS / 1024} KiB`,
      'windows, places and facts that differ, in all rules together': `${MAX_TERMS}`,
      'times kept by `count` of a condition, `alerts` and `events`': `${MOST_EVENTS}`,
      'steps of a sequence, messages of a step': `${MAX_STEPS}, ${MAX_TIMES}`,
    });
  });

  test('has examples that compile', () => {
    const examples = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => match[1]);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(packErrors(example)).toEqual([]);
  });

  test('shows errors as they are said', () => {
    const shown = [...text.matchAll(/^depot\.yaml:.*$/gm)].map(([line]) => line);
    const mine = `rules:
  - {id: reefer-warm, name: R, priority: low, when: cargo_temp > 1, message: m}
  - {id: b, name: B, priority: low, when: rpm > 1, message: m,  for: 15}
  - {id: c, name: C,     whem: rpm > 1, priority: low}
  - {id: mean, name: M, priority: low, when: avg(rpm) > 1, message: m}
  - {id: e, name: E, priority: low, sequence: [{is: rpm > 1}], message: m}
  - {id: offline, name: O, priority: low, when: rpm > 1, message: m}
  - {id: echo, name: O, priority: low, when: rpm > 1, message: m, suppressed_by: [offlin]}
`;
    const other = 'rules:\n  - {id: offline, name: O, priority: low, when: silent_s > 1, message: m}\n';
    const packs = [
      { name: 'contact.yaml', text: other },
      { name: 'depot.yaml', text: mine },
    ];
    const said = compilePacks(packs, new FleetState()).errors.map(formatPackError);
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
    ['known(unknown)', 0],
  ])('says what %s is', (expression, answer) => {
    const [row] = table('### Unknown').filter((cells) => cells[0].includes(`\`${expression}\``));
    expect(row[1]).toBe(Number.isNaN(answer) ? 'unknown' : answer === 1 ? 'true' : 'false');
    const flag = expression.includes('>') ? 'rpm' : 'ignition';
    const state = new FleetState();
    expect(compileExpression(expressionText(expression.replaceAll('unknown', flag)), state).evaluate(0)).toBe(answer);
  });
});
