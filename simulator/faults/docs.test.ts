import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import { FAULT_KINDS, VEHICLE_FAULTS } from './kinds.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/demo-fleet.md'), 'utf8');

test('the documents name every fault, and those of vehicles with a rule', () => {
  expect(FAULT_KINDS.filter((kind) => !text.includes(`\`${kind}\``))).toEqual([]);
  const rows = [...text.matchAll(/^\| `(\w+)` \| .+ \| `[a-z-]+`/gm)].map((row) => row[1]);
  expect(rows.toSorted()).toEqual([...VEHICLE_FAULTS].toSorted());
  expect(Object.keys(CATALOGUE).toSorted()).toEqual(rows.toSorted());
});
