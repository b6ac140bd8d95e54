import { expect, test } from 'vitest';
import { findSignal, SIGNALS } from '../../core/model/signals.ts';
import { barOf, formatSignal, levelOf, reportedSignals, splitFaultCodes } from './signal-view.ts';

const engine = findSignal('engine_temp_c')!;
const heading = findSignal('heading')!;
const fuel = findSignal('fuel_pct')!;

test('levels follow the normal band; its edges are normal', () => {
  expect(levelOf(engine, engine.normalHigh!)).toBe('normal');
  expect(levelOf(engine, engine.normalHigh! + 0.1)).toBe('high');
  expect(levelOf(engine, engine.normalLow! - 0.1)).toBe('low');
  expect(levelOf(heading, 359)).toBe('normal');
});

test('bars show the band with room on both sides, within what is possible', () => {
  const bar = barOf(engine, 62)!;
  expect(bar.value).toBeCloseTo(0.5);
  expect(bar.bandFrom).toBeCloseTo(0.25);
  expect(bar.bandTo).toBeCloseTo(0.75);
  expect(barOf(engine, 900)!.value).toBe(1);
  expect(barOf(fuel, 100)).toMatchObject({ bandTo: 1, value: 1 });
  expect(barOf(fuel, 0)).toMatchObject({ value: 0 });
  expect(barOf(heading, 90)).toBeUndefined();
});

test('values have as many decimals as mean something', () => {
  expect(formatSignal(engine, 98)).toBe('98.0');
  expect(formatSignal(findSignal('battery_v')!, 12.64)).toBe('12.6');
  expect(formatSignal(findSignal('odometer_km')!, 183204.4)).toBe('183,204');
  expect(formatSignal(findSignal('accel_g_x')!, -0.256)).toBe('-0.26');
});

test('signals never reported are not listed; flags are apart', () => {
  const signals: (number | null)[] = SIGNALS.map(() => null);
  signals[engine.column] = 90;
  signals[findSignal('ignition')!.column] = 0;
  const { numbers, flags } = reportedSignals(signals);
  expect(numbers.map((r) => [r.spec.name, r.value])).toEqual([['engine_temp_c', 90]]);
  expect(flags.map((r) => [r.spec.name, r.value])).toEqual([['ignition', 0]]);
});

test('fault codes come apart however they were joined', () => {
  expect(splitFaultCodes('P0217, P0128;C1234  U0100')).toEqual(['P0217', 'P0128', 'C1234', 'U0100']);
  expect(splitFaultCodes(' ')).toEqual([]);
});
