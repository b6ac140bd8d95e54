import { expect, test } from 'vitest';
import { FleetState } from '../stream/fleet-state.ts';
import { ExpressionError } from './expression.ts';
import { compileTemplate } from './template.ts';
import { expressionText, RuleFleet, rulePack, type SignalValues } from './testing/rule-fleet.ts';

function show(template: string, values: SignalValues, prepare?: (fleet: RuleFleet) => void): string {
  const fleet = new RuleFleet(rulePack({ on: 'driver.sos' }));
  prepare?.(fleet);
  fleet.set(values);
  return compileTemplate(expressionText(template), fleet.inputs).text(0);
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
  const { text: template } = compileTemplate(expressionText('{rpm:0}'), fleet.inputs);
  fleet.set({ rpm: 1 }, 0);
  fleet.set({ rpm: 2 }, 1);
  expect([template(0), template(1)]).toEqual(['1', '2']);
  fleet.set({ rpm: 3 }, 0);
  expect(template(0)).toBe('3');
});

test('expressions of every kind may stand in a text', () => {
  const values = { speed_kmph: 92.46, ignition: true };
  const facts = (fleet: RuleFleet): void => {
    fleet.business.fact('vehicle.class', 'van');
    fleet.business.fact('speed_limit', 80);
    fleet.state.driverIds[0] = 'kim {x}';
  };
  expect(show('{vehicle.class} of {driver}, {vehicle.make}', values, facts)).toBe('van of kim {x}, ?');
  expect(show('{speed_kmph - speed_limit:0} over {coalesce(speed_limit, 50):0}', values, facts)).toBe('12 over 80');
  expect(show("{ignition ? 'on' : 'off'} {speed_kmph > 80 ? 1 : 2:0} { rpm }", values, facts)).toBe('on 1 ?');
  expect(show('{speed_kmph > 80 && !ignition}, {speed_kmph in [92.46]}', values, facts)).toBe('no, yes');
});

test('it tells which terms its values come from', () => {
  const { terms } = compileTemplate(expressionText("{avg(rpm, '5m')} {rpm} {driver}"), new FleetState());
  expect([...terms].toSorted()).toEqual(["avg(rpm, '5m')", 'driver']);
});

test.each([
  ['at {sped_kmph:0}', 5, 'there is no signal `sped_kmph`; did you mean `speed_kmph`?'],
  ['{}', 2, 'nothing stands between the braces; write {signal}'],
  ['{ }', 2, 'nothing stands between the braces; write {signal}'],
  ['{rpm + vehicle.class}', 15, 'a number is needed here, this is a text'],
  ['{rpm >}', 6, 'not an expression: found > but expecting end of input'],
  ['{avg(rpm)}', 2, "write avg(x, '5m')"],
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
