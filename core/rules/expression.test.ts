import { describe, expect, test } from 'vitest';
import { COLUMNS } from '../stream/columns.ts';
import { FleetState } from '../stream/fleet-state.ts';
import { compileCondition, compileExpression, ExpressionError, MAX_EXPRESSION_CHARS } from './expression.ts';
import { expressionText, RuleFleet, rulePack } from './testing/rule-fleet.ts';

const UNKNOWN = Number.NaN;

function evaluate(text: string, values: Record<string, number | boolean> = {}): number {
  const fleet = new RuleFleet(rulePack({ on: 'driver.sos' }));
  fleet.set(values);
  return compileExpression(expressionText(text), fleet.state).evaluate(0);
}

function refusal(text: string): string {
  try {
    compileCondition(expressionText(text), new FleetState());
  } catch (error) {
    if (error instanceof ExpressionError) return `${error.place.line}:${error.place.column} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('values', () => {
  test.each<[string, number]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['7 / 2', 3.5],
    ['-3 - -4', 1],
    ['2 > 1', 1],
    ['2 < 1', 0],
    ['true ? 1 : 2', 1],
    ['!true', 0],
    ['true == !false', 1],
    ['1 != 1', 0],
    ['5u > 4', 1],
    ['0x10 == 16', 1],
    ['1e3 == 1000', 1],
    ['.5 == 0.5', 1],
    ['2 > 1 // with a reason', 1],
  ])('%s', (text, expected) => expect(evaluate(text)).toBe(expected));

  test('every column can be read, flags as true and false', () => {
    for (const { name, flag } of COLUMNS) {
      expect(evaluate(flag ? `${name} ? 1 : 2` : name, { [name]: 1 })).toBe(1);
      expect(evaluate(flag ? `${name} ? 1 : 2` : name, { [name]: 0 })).toBe(flag ? 2 : 0);
      expect(evaluate(name)).toBe(UNKNOWN);
    }
  });
});

describe('unknown signals', () => {
  const on = { ignition: true, seatbelt: false, speed_kmph: 50 };
  test.each<[string, number]>([
    ['rpm > 1', UNKNOWN],
    ['rpm == rpm', UNKNOWN],
    ['rpm != 1', UNKNOWN],
    ['rpm + 1 > 1', UNKNOWN],
    ['-rpm > 1', UNKNOWN],
    ['!ac_on', UNKNOWN],
    ['ac_on == ignition', UNKNOWN],
    ['ac_on && ignition', UNKNOWN],
    ['ac_on && seatbelt', 0],
    ['seatbelt && ac_on', 0],
    ['ac_on || ignition', 1],
    ['ignition || ac_on', 1],
    ['ac_on || seatbelt', UNKNOWN],
    ['rpm > 1 || speed_kmph > 10', 1],
    ['rpm > 1 && speed_kmph > 60', 0],
    ['ac_on ? 1 : 2', UNKNOWN],
    ['ignition ? speed_kmph : rpm', 50],
    ['seatbelt ? speed_kmph : rpm', UNKNOWN],
    ['rpm * 0 == 0', UNKNOWN],
    ['ac_on && ac_on || ignition', 1],
  ])('%s', (text, expected) => expect(evaluate(text, on)).toBe(expected));
});

describe('what the compiler finds out', () => {
  const compile = (text: string) => compileExpression(expressionText(text), new FleetState());

  test('the columns, once each, in order', () => {
    expect(compile('rpm > 1 && (speed_kmph > rpm || ignition)').columns.map((c) => c.name)).toEqual([
      'rpm',
      'speed_kmph',
      'ignition',
    ]);
    expect(compile('1 > 2').columns).toEqual([]);
  });

  test.each<[string, string | undefined]>([
    ['engine_temp_c > 110', 'engine_temp_c higher'],
    ['engine_temp_c >= 110', 'engine_temp_c higher'],
    ['battery_v < 12 && speed_kmph > 0', 'battery_v lower'],
    ['ignition && battery_v <= 12', 'battery_v lower'],
    ['rpm == 0 || fuel_pct < 5', 'fuel_pct lower'],
    ['ignition == true', undefined],
    ['110 < engine_temp_c', undefined],
    ['engine_temp_c - oil_temp_c > 5', undefined],
  ])('%s watches %s', (text, expected) => {
    const { watched } = compile(text);
    expect(watched && `${watched.column.name} ${watched.worse}`).toBe(expected);
  });

  test('each vehicle has its own values', () => {
    const fleet = new RuleFleet(rulePack({ on: 'driver.sos' }), 3);
    const { evaluate: hot } = compileCondition(expressionText('engine_temp_c > 100'), fleet.state);
    fleet.set({ engine_temp_c: 101 }, 0);
    fleet.set({ engine_temp_c: 99 }, 2);
    expect([hot(0), hot(1), hot(2)]).toEqual([1, UNKNOWN, 0]);
  });

  test('values are read from the arrays of now, also after the fleet has grown', () => {
    const fleet = new RuleFleet(rulePack({ on: 'driver.sos' }), 1);
    const { evaluate: hot } = compileCondition(expressionText('engine_temp_c > 100'), fleet.state);
    fleet.state.use(5000, 0);
    fleet.set({ engine_temp_c: 101 }, 5000);
    expect(hot(5000)).toBe(1);
  });
});

describe('what is refused, and where', () => {
  const MAY = 'only signals, numbers, + - * /, comparisons, &&, ||, ! and ?: may be used here';
  test.each([
    ['speed_kmph', '1:1 a condition must be true or false, this is a number'],
    ['speed_kmph > 1 && rpm', '1:19 a flag or a comparison is needed here, this is a number'],
    ['!rpm', '1:2 a flag or a comparison is needed here, this is a number'],
    ['rpm ? true : false', '1:1 a flag or a comparison is needed here, this is a number'],
    ['ignition + 1 > 1', '1:1 a number is needed here, this is true or false'],
    ['rpm + (rpm > 1) > 1', '1:12 a number is needed here, this is true or false'],
    ['-ignition', '1:2 a number is needed here, this is true or false'],
    ['rpm == ignition', '1:5 the two sides of a comparison must both be numbers or both be flags'],
    ['ignition > doors_open', '1:10 flags are compared with == or !='],
    ['true ? 1 : ignition', '1:1 both results of ?: must be of one type'],
    ['rpm > 1 &&\n  fule_pct < 2', '2:3 there is no signal `fule_pct`; did you mean `fuel_pct`?'],
    ['speed > 1', '1:1 there is no signal `speed`'],
    ['speed_kmph.max > 1', `1:11 ${MAY}`],
    ['max(rpm, 1) > 1', `1:1 ${MAY}`],
    ['rpm.abs() > 1', `1:4 ${MAY}`],
    ['rpm % 2 == 0', `1:5 ${MAY}`],
    ['rpm in [1, 2]', `1:5 ${MAY}`],
    ['has(rpm.x)', `1:1 ${MAY}`],
    ['[1].exists(x, x > 0)', `1:4 ${MAY}`],
    ['"90" == "90"', `1:1 ${MAY}`],
    ['null == 0', `1:1 ${MAY}`],
    ['rpm == null', `1:8 ${MAY}`],
    ["b'x' == 1", `1:1 ${MAY}`],
    ['{1: 2}[1] > 0', `1:7 ${MAY}`],
    ['1 > 1e999', '1:5 this number is too large'],
    ['', '1:1 not an expression: found end of input but expecting'],
    ['rpm > ', '1:5 not an expression: found > but expecting end of input'],
    ['rpm = 1', '1:5 not an expression: found = but expecting end of input'],
    ['rpm > 1 and rpm < 2', '1:9 not an expression: found a but expecting end of input'],
    ['rpm > 1)', '1:8 not an expression: found ) but expecting end of input'],
    [
      `rpm > ${'1'.repeat(MAX_EXPRESSION_CHARS)}`,
      '1:1 an expression of 2006 characters, the limit is 2000; make several rules of it',
    ],
  ])('%.40s', (text, message) => expect(refusal(text).slice(0, message.length)).toBe(message));
});
