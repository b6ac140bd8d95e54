import { describe, expect, test } from 'vitest';
import { COLUMNS } from '../stream/columns.ts';
import { FleetState } from '../stream/fleet-state.ts';
import { compileCondition, compileExpression, ExpressionError, MAX_EXPRESSION_CHARS } from './expression.ts';
import { expressionText, RuleFleet, rulePack } from './testing/rule-fleet.ts';

const UNKNOWN = Number.NaN;

function evaluate(text: string, values: Record<string, number | boolean> = {}): number {
  const fleet = new RuleFleet(rulePack({ on: 'driver.sos' }));
  fleet.set(values);
  return fleet.value(text);
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
    ["'a' == 'a'", 1],
    ['\'a\' != "a"', 0],
    ["'abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'abc'.contains('b')", 1],
    ["'abc'.startsWith('b') || 'abc'.endsWith('b') || 'abc'.contains('cb')", 0],
    ["''.contains('')", 1],
    ["'b' in ['a', 'b']", 1],
    ["'c' in ['a', 'b']", 0],
    ['3 in [1, 2, 3.0]', 1],
    ['min(3, 1, 2)', 1],
    ['max(3, 1) - abs(-2)', 1],
    ['coalesce(1, 2)', 1],
    ['known(1) && known(true)', 1],
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
    ['rpm in [1, 2]', UNKNOWN],
    ['known(rpm)', 0],
    ['known(speed_kmph)', 1],
    ['known(ac_on) || known(seatbelt)', 1],
    ['known(rpm + speed_kmph)', 0],
    ['coalesce(rpm, speed_kmph)', 50],
    ['coalesce(rpm, fuel_pct)', UNKNOWN],
    ['coalesce(rpm, fuel_pct, 7)', 7],
    ['coalesce(ac_on, ignition) ? 1 : 2', 1],
    ['coalesce(rpm > 5, true) ? 1 : 2', 1],
    ['coalesce(seatbelt, ignition) ? 1 : 2', 2],
    ['min(rpm, speed_kmph)', UNKNOWN],
    ['max(speed_kmph, 60)', 60],
    ['abs(rpm)', UNKNOWN],
    ["driver.startsWith('a')", 0],
    ["driver == ''", 1],
    ["vehicle.class.startsWith('a')", UNKNOWN],
    ["vehicle.class == 'van'", UNKNOWN],
    ["vehicle.class == 'van' || ignition", 1],
    ["vehicle.class in ['van', 'car']", UNKNOWN],
    ["coalesce(vehicle.class, 'van') == 'van'", 1],
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
    ['engine_temp_c > 110', 'engine_temp_c higher than 110'],
    ['engine_temp_c >= 110', 'engine_temp_c higher than 110'],
    ['battery_v < 12 && speed_kmph > 0', 'battery_v lower than 12'],
    ['ignition && battery_v <= 12', 'battery_v lower than 12'],
    ['rpm == 0 || fuel_pct < 5', 'fuel_pct lower than 5'],
    ['ignition == true', undefined],
    ['110 < engine_temp_c', undefined],
    ['engine_temp_c - oil_temp_c > 5', 'engine_temp_c - oil_temp_c higher than 5'],
    ["avg(rpm, '5m') > 10 * 100", "avg(rpm, '5m') higher than 1000"],
    ["count(rpm > 5000, '5m') >= 3", "count(rpm > 5000, '5m') higher than 3"],
    ["share(speed_kmph > 80, '5m') > 0.5", "share(speed_kmph > 80, '5m') higher than 0.5"],
  ])('%s watches %s', (text, expected) => {
    const { watched } = compile(text);
    expect(watched && `${watched.text} ${watched.worse} than ${watched.limit.evaluate(0)}`).toBe(expected);
  });

  test.each<[string, string[]]>([
    ['rpm > 1 && (speed_kmph > rpm || ignition)', ['rpm', 'speed_kmph', 'ignition']],
    ["avg(rpm, '5m') > 900 && rpm > 0", ["avg(rpm, '5m')", 'rpm']],
    ['engine_temp_c - oil_temp_c > 5', ['engine_temp_c', 'oil_temp_c', 'engine_temp_c - oil_temp_c']],
    [
      "speed_kmph > coalesce(speed_limit, 80) + 10 && inside('depots')",
      ['speed_kmph', 'speed_limit', 'coalesce(speed_limit, 80) + 10', "inside('depots')"],
    ],
    ['held(ignition && speed_kmph < 1) > 300', ['held(ignition && speed_kmph < 1)']],
    ['1 > 2', []],
  ])('%s looks at these values', (text, parts) => expect(compile(text).parts.map((part) => part.text)).toEqual(parts));

  test.each<[string, string]>([
    ['engine_temp_c - oil_temp_c', '°C'],
    ["slope(engine_temp_c, '5m')", '°C/min'],
    ["avg(speed_kmph, '5m')", 'km/h'],
    ["count(speed_kmph, '5m')", ''],
    ['held(ignition)', 's'],
    ['age(rpm)', 's'],
    ["last(battery_v, '1m')", 'V'],
    ['coalesce(speed_limit, 80)', 'km/h'],
    ['moved_m', 'm'],
    ['still_h', 'h'],
    ["share(ignition, '5m')", ''],
  ])('%s is in %s', (text, unit) => expect(compile(text).unit).toBe(unit));

  test.each<[string, boolean]>([
    ['silent_s > 60', true],
    ['age(rpm) > 60', true],
    ['still_h > 2', true],
    ['held(ignition) > 60', false],
    ["avg(rpm, '1h') > 60", false],
    ['rpm > 1', false],
  ])('%s changes without messages: %s', (text, onTick) => expect(compile(text).onTick).toBe(onTick));

  test('it looks back as far as its longest window, and those in it', () => {
    const minutes = (text: string): number => compile(text).lookBackMs / 60_000;
    expect(minutes('rpm > 1')).toBe(0);
    expect(minutes("avg(rpm, '15m') > 1")).toBe(16);
    expect(minutes("alerts('a', '15m') > 1 && rpm > 1")).toBe(15);
    expect(minutes("share(avg(rpm, '15m') > 1, '15m') > 0.5")).toBeGreaterThanOrEqual(16 + 17);
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
  const MAY = 'only signals, functions, numbers, texts, + - * /, comparisons, in, &&, ||, ! and ?: may be used here';
  const SIGNAL = 'something that is reported is needed here: a signal';
  const ALONE = 'this changes without messages and cannot be followed over time';
  const SIDES = 'the two sides of a comparison must both be numbers, both be texts or both be flags';
  test.each([
    ['speed_kmph', '1:1 a condition must be true or false, this is a number'],
    ['vehicle.class', '1:1 a condition must be true or false, this is a text'],
    ['speed_kmph > 1 && rpm', '1:19 a flag or a comparison is needed here, this is a number'],
    ['!rpm', '1:2 a flag or a comparison is needed here, this is a number'],
    ['rpm ? true : false', '1:1 a flag or a comparison is needed here, this is a number'],
    ['ignition + 1 > 1', '1:1 a number is needed here, this is true or false'],
    ['rpm + (rpm > 1) > 1', '1:12 a number is needed here, this is true or false'],
    ['-ignition', '1:2 a number is needed here, this is true or false'],
    ["'a' + 'b' == 'ab'", '1:1 a number is needed here, this is a text'],
    ['rpm == ignition', `1:5 ${SIDES}`],
    ['driver == 5', `1:8 ${SIDES}`],
    ['vehicle.class == true', `1:15 ${SIDES}`],
    ['ignition > doors_open', '1:10 flags are compared with == or !='],
    ["driver < 'x'", '1:8 texts are compared with == or !='],
    ['true ? 1 : ignition', '1:1 both results of ?: must be of one type'],
    ['true ? driver : 5', '1:1 both results of ?: must be of one type'],
    ['rpm > 1 &&\n  fule_pct < 2', '2:3 there is no signal `fule_pct`; did you mean `fuel_pct`?'],
    ['speed > 1', '1:1 there is no signal `speed`'],
    ["vehicle.clas == 'van'", '1:8 there is no field `vehicle.clas`; did you mean `vehicle.class`?'],
    ['lasting_s > 1', '1:1 lasting_s is known in messages and priorities only'],
    ['vehicle > 1', '1:1 there is no signal `vehicle`'],
    ['moved_n > 1', '1:1 there is no signal `moved_n`; did you mean `moved_m`?'],
    ['speed_kmph.max > 1', `1:11 ${MAY}`],
    ['a.b.c > 1', `1:4 ${MAY}`],
    ['rpm.abs() > 1', `1:4 ${MAY}`],
    ["driver.matches('a.*')", `1:7 ${MAY}`],
    ['rpm % 2 == 0', `1:5 ${MAY}`],
    ['[1, 2][0] == rpm', `1:7 ${MAY}`],
    ['has(rpm.x)', `1:1 ${MAY}`],
    ['[1].exists(x, x > 0)', `1:4 ${MAY}`],
    ['null == 0', `1:1 ${MAY}`],
    ['rpm == null', `1:8 ${MAY}`],
    ["b'x' == 1", `1:1 ${MAY}`],
    ['{1: 2}[1] > 0', `1:7 ${MAY}`],
    ['1 > 1e999', '1:5 this number is too large'],
    // Functions.
    ['foo(rpm) > 1', '1:1 there is no function `foo`'],
    ["avrg(rpm, '5m') > 1", '1:1 there is no function `avrg`; did you mean `avg`?'],
    ['size(driver) > 1', '1:1 there is no function `size`'],
    ['avg(rpm) > 1', "1:1 write avg(x, '5m')"],
    ["avg('5m') > 1", "1:1 write avg(x, '5m')"],
    ['avg(rpm, 5) > 1', "1:1 write avg(x, '5m')"],
    ["avg(rpm, '5m', 1) > 1", "1:1 write avg(x, '5m')"],
    ['avg(rpm, driver) > 1', "1:1 write avg(x, '5m')"],
    ["sum(rpm, '5') > 1", "1:10 `5` is no time from 1s to 7d; write '30s', '5m' or '1h'"],
    ["sum(rpm, 'soon') > 1", "1:10 `soon` is no time from 1s to 7d; write '30s', '5m' or '1h'"],
    ["sum(rpm, '999ms') > 1", "1:10 `999ms` is no time from 1s to 7d; write '30s', '5m' or '1h'"],
    ["sum(rpm, '8d') > 1", "1:10 `8d` is no time from 1s to 7d; write '30s', '5m' or '1h'"],
    ["stddev(ignition, '5m') > 1", '1:8 a number is needed here, this is true or false'],
    ["slope(driver, '5m') > 1", '1:7 a number is needed here, this is a text'],
    ["delta(5, '5m') > 1", `1:7 ${SIGNAL}`],
    ["delta(silent_s, '5m') > 1", `1:7 ${ALONE}`],
    ["max(age(rpm), '5m') > 1", `1:5 ${ALONE}`],
    ['min(rpm) > 1', "1:1 write min(signal, '5m') or min(a, b)"],
    ['max() > 1', "1:1 write max(signal, '5m') or max(a, b)"],
    ['max(rpm, ignition) > 1', '1:10 a number is needed here, this is true or false'],
    ["max(rpm, '5x') > 1", "1:10 `5x` is no time from 1s to 7d; write '30s', '5m' or '1h'"],
    ["count(driver, '5m') > 1", '1:7 a condition or a number is needed here, this is a text'],
    ["count(true, '5m') > 1", `1:7 ${SIGNAL}`],
    ['count(ignition) > 1', "1:1 write count(condition, '5m')"],
    ["share(rpm, '5m') > 1", '1:7 a flag or a comparison is needed here, this is a number'],
    ["share(silent_s > 5, '5m') > 1", `1:16 ${ALONE}`],
    ['held(rpm) > 1', '1:6 a flag or a comparison is needed here, this is a number'],
    ['held(ignition, 5) > 1', '1:1 write held(condition)'],
    ['held(still_h > 5) > 1', `1:14 ${ALONE}`],
    ['last(rpm) > 1', "1:1 write last(x, '5m')"],
    ["last(ignition, '5m') > 1", '1:6 a number is needed here, this is true or false'],
    ["last(1, '5m') > 1", `1:6 ${SIGNAL}`],
    ['prev() > 1', '1:1 write prev(signal)'],
    ['prev(rpm, 2) > 1', '1:1 write prev(signal)'],
    ['prev(ignition) > 1', '1:6 a number is needed here, this is true or false'],
    ['age(1) > 1', `1:5 ${SIGNAL}`],
    ['age(silent_s) > 1', `1:5 ${ALONE}`],
    ['age(rpm, 1) > 1', '1:1 write age(signal)'],
    ['inside()', "1:1 write inside('depots')"],
    ['inside(depots)', "1:1 write inside('depots')"],
    ['inside(5)', "1:1 write inside('depots')"],
    ["geofence('a', 'b') == 'c'", "1:1 write geofence('depots')"],
    ["geofence('depots')", '1:1 a condition must be true or false, this is a text'],
    ['has_fault()', "1:1 write has_fault('P02')"],
    ['has_fault(driver)', "1:1 write has_fault('P02')"],
    ["alerts('a') > 1", "1:1 write alerts('rule-id', '1h')"],
    ["alerts(rpm, '1h') > 1", "1:1 write alerts('rule-id', '1h')"],
    ["events('1h', 'driver.sos') > 1", "1:14 `driver.sos` is no time from 1s to 7d; write '30s', '5m' or '1h'"],
    ["events('sos', '1h') > 1", '1:8 `sos` is none of driver.driver_login, driver.driver_logout, '],
    ['known()', '1:1 write known(signal)'],
    ['known(rpm, 1)', '1:1 write known(signal)'],
    ['coalesce(rpm) > 1', '1:1 write coalesce(x, y)'],
    ['coalesce(rpm, ignition) > 1', '1:15 a number is needed here, this is true or false'],
    ["coalesce(driver, 5) == 'x'", '1:18 a text is needed here, this is a number'],
    ['abs() > 1', '1:1 write abs(signal)'],
    ['abs(ignition) > 1', '1:5 a number is needed here, this is true or false'],
    // Methods and lists.
    ["rpm.startsWith('a')", '1:1 a text is needed here, this is a number'],
    ['driver.startsWith(driver)', "1:7 write startsWith with one text in quotes, such as startsWith('AB')"],
    ['driver.contains()', "1:7 write contains with one text in quotes, such as contains('AB')"],
    ["driver.endsWith('a', 'b')", "1:7 write endsWith with one text in quotes, such as endsWith('AB')"],
    ['driver in []', '1:8 the list is empty'],
    ["driver in 'abc'", "1:8 write a number or a text `in` a list of them, such as vehicle.class in ['van', 'car']"],
    [
      'ignition in [true]',
      "1:10 write a number or a text `in` a list of them, such as vehicle.class in ['van', 'car']",
    ],
    ["driver in ['a', 5]", '1:17 a text is needed here, this is a number'],
    ['rpm in [1, speed_kmph]', '1:12 a list holds numbers or texts, no signals'],
    // Syntax.
    ['', '1:1 not an expression: found end of input but expecting'],
    ['rpm > ', '1:5 not an expression: found > but expecting end of input'],
    ['rpm = 1', '1:5 not an expression: found = but expecting end of input'],
    ['rpm > 1 and rpm < 2', '1:9 not an expression: found a but expecting end of input'],
    ['rpm > 1)', '1:8 not an expression: found ) but expecting end of input'],
    [
      `rpm > ${'1'.repeat(MAX_EXPRESSION_CHARS)}`,
      '1:1 an expression of 2006 characters, the limit is 2000; make several rules of it',
    ],
  ])('%s', (text, message) => expect(refusal(text).slice(0, message.length)).toBe(message));
});
