import { expect, test } from 'vitest';
import { FleetState } from '../stream/fleet-state.ts';
import { ExpressionError } from './expression.ts';
import { compileTemplate } from './template.ts';
import { expressionText, RuleFleet, rulePack } from './testing/rule-fleet.ts';

function show(template: string, values: Record<string, number | boolean | undefined>): string {
  const fleet = new RuleFleet(rulePack({ on: 'driver.sos' }));
  fleet.set(values);
  return compileTemplate(expressionText(template), fleet.state)(0);
}

test('numbers have one digit or as many as asked for, flags are yes or no, the unknown is a question mark', () => {
  const values = { speed_kmph: 92.46, battery_v: 12.345, ignition: true, doors_open: false };
  expect(show('{speed_kmph} {speed_kmph:0} {battery_v:3}', values)).toBe('92.5 92 12.345');
  expect(show('{ignition}/{doors_open}/{seatbelt}/{fuel_pct:0}', values)).toBe('yes/no/?/?');
  expect(show('no places, 100 %', values)).toBe('no places, 100 %');
  expect(show('{accel_mps2}', { accel_mps2: -0.04 })).toBe('0.0');
  expect(show('{accel_mps2:0} {accel_mps2}', { accel_mps2: -5.55 })).toMatch(/^-6 -5\.[56]$/);
});

test('values are those of the asked vehicle at the time of asking', () => {
  const fleet = new RuleFleet(rulePack({ on: 'driver.sos' }), 2);
  const template = compileTemplate(expressionText('{rpm:0}'), fleet.state);
  fleet.set({ rpm: 1 }, 0);
  fleet.set({ rpm: 2 }, 1);
  expect([template(0), template(1)]).toEqual(['1', '2']);
  fleet.set({ rpm: 3 }, 0);
  expect(template(0)).toBe('3');
});

test.each([
  ['at {sped_kmph:0}', 5, 'there is no signal `sped_kmph`; did you mean `speed_kmph`?'],
  ['{}', 2, 'there is no signal ``'],
  ['{ rpm }', 2, 'there is no signal ` rpm `'],
  ['{rpm:x}', 6, '`{rpm:x}`: after the colon comes one digit, the number of decimals'],
  ['{rpm:12}', 6, '`{rpm:12}`: after the colon comes one digit, the number of decimals'],
  ['{rpm:}', 6, '`{rpm:}`: after the colon comes one digit, the number of decimals'],
  ['{rpm:1:2}', 6, '`{rpm:1:2}`: after the colon comes one digit, the number of decimals'],
  ['ok {rpm', 4, '`{` without its counterpart; write {signal}'],
  ['ok rpm}', 7, '`}` without its counterpart; write {signal}'],
  ['{{rpm}}', 1, '`{` without its counterpart; write {signal}'],
])('%s is refused', (template, column, message) => {
  let thrown: unknown;
  try {
    compileTemplate(expressionText(template), new FleetState());
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ExpressionError);
  expect(thrown).toMatchObject({ message, place: { line: 1, column } });
});
