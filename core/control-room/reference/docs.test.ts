import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { REFERENCE_FIELDS } from '../../model/reference.ts';
import { REFERENCE_FILES } from './read-reference.ts';
import { COLUMNS } from './tables.ts';

const text = readFileSync(new URL('../../../docs/reference-data.md', import.meta.url), 'utf8');

/** Words in code marks in the first cells of the tables under a heading. */
function firstCells(heading: string): string[] {
  const section = text.split(/^#{2,3} /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const cells = [...section.matchAll(/^\| (`[^|]+) \|/gm)].map((match) => match[1]);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]));
}

it('docs/reference-data.md lists every column, file and field, and none that is not there', () => {
  expect(firstCells('Vehicles').toSorted()).toEqual(COLUMNS.vehicles.toSorted());
  expect(firstCells('Drivers').toSorted()).toEqual(COLUMNS.drivers.toSorted());
  expect(firstCells('Orders').toSorted()).toEqual(COLUMNS.orders.toSorted());
  expect(firstCells('Reservations').toSorted()).toEqual(COLUMNS.reservations.toSorted());
  expect(firstCells('What rules read').toSorted()).toEqual(REFERENCE_FIELDS.map(({ name }) => name).toSorted());
  for (const file of Object.values(REFERENCE_FILES).flat()) expect(text).toContain(`\`${file}\``);
});
