import { expect, test } from 'vitest';
import { COLUMNS } from '../stream/columns.ts';
import { FleetState } from '../stream/fleet-state.ts';
import { compileCondition } from './expression.ts';
import type { Values } from './start-guard.ts';
import { expressionText } from './testing/rule-fleet.ts';

/** Column names and the values that can make the condition true; ranges of one number as that number. */
function starts(text: string): Record<string, unknown> {
  const { guard } = compileCondition(expressionText(text), new FleetState());
  const shown = (values: Values): unknown =>
    values === 'any' ? 'any' : values.map(([lo, hi]) => (hi - lo < 1e-9 ? [lo] : [lo, Math.round(hi * 1e6) / 1e6]));
  return Object.fromEntries([...guard.isTrue.starts].map(([column, values]) => [COLUMNS[column].name, shown(values)]));
}

const low = Number.NEGATIVE_INFINITY;
const high = Number.POSITIVE_INFINITY;

test.each([
  ['speed_kmph > 90', { speed_kmph: [[90, high]] }],
  ['90 + 10 < speed_kmph', { speed_kmph: [[100, high]] }],
  ['speed_kmph <= -1', { speed_kmph: [[low, -1]] }],
  ['!(speed_kmph < 5)', { speed_kmph: [[5, high]] }],
  ['rpm == 0', { rpm: [[0]] }],
  ['!(rpm != 0)', { rpm: [[0]] }],
  ['rpm != 0', { rpm: [[low, high]] }],
  ['true', {}],
  ['ignition && speed_kmph < 1', { ignition: [[1]], speed_kmph: [[low, 1]] }],
  ['!ignition || speed_kmph < 1', { ignition: [[0]], speed_kmph: [[low, 1]] }],
  ['!(ignition && speed_kmph < 1)', { ignition: [[0]], speed_kmph: [[1, high]] }],
  [
    'battery_v > 6 && battery_v < 12.2 || battery_v > 18 && battery_v < 24.4',
    {
      battery_v: [
        [6, 12.2],
        [18, 24.4],
      ],
    },
  ],
  ['battery_v > 12 || battery_v > 10', { battery_v: [[10, high]] }],
  ['battery_v > 12 && battery_v < 10', { battery_v: [] }],
  ['speed_kmph + 1 > 90', { speed_kmph: 'any' }],
  ['speed_kmph > rpm && speed_kmph > 5', { speed_kmph: [[5, high]], rpm: 'any' }],
  ['(ignition ? rpm : speed_kmph) > 5', { ignition: 'any', rpm: 'any', speed_kmph: 'any' }],
  ['ignition == doors_open', { ignition: 'any', doors_open: 'any' }],
])('%s', (text, expected) => expect(starts(text)).toEqual(expected));
