import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultPacks } from '../../core/engine/testing/default-room.ts';
import { VEHICLE_FAULTS } from '../../simulator/faults/kinds.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** Rows of the table that says what proves each rule. */
const rows = read('docs/rules.md')
  .split('\n## What is found, by which rule, and what proves it\n')[1]
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

const column = (index: number): string[] => rows.map((row) => row[index]);

test('every shipped rule and every fault of a vehicle stands in the table, and nothing else', () => {
  const ids = defaultPacks().flatMap(({ text }) => [...text.matchAll(/- id: (\S+)/g)].map((match) => match[1]));
  expect([...new Set(column(2))].sort()).toEqual([...ids, 'external:crash'].sort());
  expect([...new Set(column(4).filter((fault) => fault !== '–'))].sort()).toEqual([...VEHICLE_FAULTS].sort());
});

test('every test it names exists', () => {
  const tests = read('core/engine/default-rules.test.ts');
  expect(column(3).filter((name) => !tests.includes(`test('${name}'`))).toEqual([]);
});
