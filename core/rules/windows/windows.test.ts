import { describe, expect, test } from 'vitest';
import { type SignalWindow, signalWindow, type WindowKind } from './signal-window.ts';

const { NaN: UNKNOWN } = Number;
/** A pane begins here, for every span below. */
const T = 1_700_000_100_000;
/** Panes of 1 s. */
const SPAN_MS = 15_000;

function filled(
  kind: WindowKind,
  readings: readonly [seconds: number, value: number][],
  spanMs = SPAN_MS,
): SignalWindow {
  const window = signalWindow(kind, spanMs);
  for (const [seconds, value] of readings) window.add(0, T + Math.round(seconds * 1000), value);
  return window;
}

describe('what a window holds', () => {
  test('the pane of the newest reading and the 15 before', () => {
    const window = filled('count', [[0, 1]]);
    for (let second = 1; second <= 15; second++) {
      window.add(0, T + second * 1000 + 999, 1);
      expect(window.value(0)).toBe(second + 1);
    }
    window.add(0, T + 16_000, 1);
    expect(window.value(0)).toBe(16);
  });

  test('panes begin at the same times whenever the first reading came', () => {
    const early = filled('sum', [
      [-20.3, 7],
      [0.9, 1],
      [1.1, 2],
      [15.9, 4],
    ]);
    const late = filled('sum', [
      [0.9, 1],
      [1.1, 2],
      [15.9, 4],
    ]);
    expect(early.readings(0)).toEqual([
      [T, 1],
      [T + 1000, 2],
      [T + 15_000, 4],
    ]);
    expect(late.readings(0)).toEqual(early.readings(0));
  });

  test('panes of a span that 15 does not divide are told apart to the ms', () => {
    // 10 s: panes of 666 2/3 ms, that is of 667, 667 and 666 whole ms.
    const window = signalWindow('count', 10_000);
    for (const ms of [0, 666, 667, 1333, 1334, 1999, 2000]) window.add(0, T + ms, 1);
    expect(window.readings(0)).toEqual([
      [T, 2],
      [T + 667, 2],
      [T + 1334, 2],
      [T + 2000, 1],
    ]);
  });

  test('a reading out of order counts while its pane is kept', () => {
    const window = filled('max', [[16, 3]]);
    window.add(0, T + 999, 9);
    expect(window.value(0)).toBe(3);
    window.add(0, T + 1000, 8);
    expect(window.value(0)).toBe(8);
    window.add(0, T + 17_000, 1);
    expect(window.value(0)).toBe(3);
  });

  test('valueAt leaves out what has left by then and changes nothing', () => {
    const window = filled('sum', [
      [0, 1],
      [5, 2],
      [10, 4],
    ]);
    const at = (seconds: number): number => window.valueAt(0, T + seconds * 1000);
    expect([10, 15.9, 16, 20.9, 21, 25.9, 26, 5000].map(at)).toEqual([7, 7, 6, 6, 4, 4, 0, 0]);
    expect(window.value(0)).toBe(7);
  });

  test('nothing is known of a vehicle without readings, nor of its neighbours', () => {
    for (const kind of ['avg', 'min', 'max', 'sum', 'count', 'delta', 'slope', 'stddev', 'share'] as const) {
      const window = signalWindow(kind, SPAN_MS);
      window.add(1, T, 1);
      window.add(2, T, UNKNOWN);
      for (const slot of [0, 2, 256, 70_000]) {
        expect(window.value(slot)).toBeNaN();
        expect(window.valueAt(slot, T)).toBeNaN();
        expect(window.readings(slot)).toEqual([]);
      }
    }
  });
});

describe('results', () => {
  const readings: [number, number][] = [
    [0, 10],
    [2, 14],
    [2, 12],
    [8, 20],
  ];

  test.each([
    ['avg', 14],
    ['min', 10],
    ['max', 20],
    ['sum', 56],
    ['count', 4],
    ['delta', 10],
    // Squares of −4, 0, −2, 6: 56 / 3.
    ['stddev', Math.sqrt(56 / 3)],
    // Times −3, −1, −1, 5 s: products 12 + 0 + 2 + 30 over squares 36, by the minute.
    ['slope', (44 / 36) * 60],
  ] as const)('%s', (kind, wanted) => {
    expect(filled(kind, readings).value(0)).toBeCloseTo(wanted, 10);
  });

  test('delta takes the first of the oldest and the last of the newest time', () => {
    const window = filled('delta', [
      [0, 5],
      [0, 6],
      [8, 1],
      [8, 2],
    ]);
    expect(window.value(0)).toBe(-3);
    expect(window.readings(0)).toEqual([
      [T, 5],
      [T + 8000, 1],
      [T + 8000, 2],
    ]);
  });

  test('delta and slope are unknown below half the span, slope below 3 readings, stddev below 2', () => {
    expect(
      filled('delta', [
        [0, 1],
        [7.499, 2],
      ]).value(0),
    ).toBeNaN();
    expect(
      filled('delta', [
        [0, 1],
        [7.5, 2],
      ]).value(0),
    ).toBe(1);
    expect(
      filled('slope', [
        [0, 1],
        [1, 1],
        [7.499, 2],
      ]).value(0),
    ).toBeNaN();
    expect(
      filled('slope', [
        [0, 1],
        [7.5, 2],
      ]).value(0),
    ).toBeNaN();
    expect(
      filled('slope', [
        [0, 1],
        [5, 2],
        [10, 3],
      ]).value(0),
    ).toBeCloseTo(12, 10);
    expect(filled('stddev', [[0, 1]]).value(0)).toBeNaN();
  });

  test('the oldest reading of a pane need not be its first', () => {
    for (const kind of ['delta', 'slope'] as const) {
      expect(
        filled(kind, [
          [0.9, 1],
          [5, 1],
          [7.6, 1],
        ]).value(0),
      ).toBeNaN();
      expect(
        filled(kind, [
          [0.9, 1],
          [0.1, 1],
          [5, 1],
          [7.6, 1],
        ]).value(0),
      ).toBe(0);
    }
  });

  test('readings that are all the same: exactly that mean, no deviation, no slope', () => {
    const same = Array.from({ length: 40 }, (_, i): [number, number] => [i * 0.7, 12.2]);
    expect(filled('avg', same).value(0)).toBe(12.2);
    expect(filled('stddev', same).value(0)).toBe(0);
    expect(filled('slope', same).value(0)).toBe(0);
  });

  test('small changes of a large odometer are not lost', () => {
    const drive = Array.from({ length: 200 }, (_, i): [number, number] => [i * 0.1, 1_000_000 + i * 0.001]);
    expect(filled('slope', drive).value(0)).toBeCloseTo(0.6, 6);
    const waver = Array.from({ length: 200 }, (_, i): [number, number] => [i * 0.1, 1_000_000 + (i % 2) * 0.01]);
    expect(filled('stddev', waver).value(0)).toBeCloseTo(0.005, 4);
  });

  test('a million readings leave no trace of those that are gone', () => {
    const window = signalWindow('sum', SPAN_MS);
    for (let i = 0; i < 1_000_000; i++) window.add(0, T + i * 10, 1e15 + 0.3);
    window.add(0, T + 20_000_000, 0.1);
    expect(window.value(0)).toBe(0.1);
  });
});

describe('share', () => {
  test('counts the time that a reading holds, not the readings', () => {
    const window = filled('share', [
      [0, 1],
      [6, 0],
      [6.5, 0],
      [7, 0],
      [7.9, 0],
      [8, 1],
    ]);
    expect(window.value(0)).toBe(6 / 8);
    expect(window.readings(0)[6]).toEqual([T + 6000, 0]);
  });

  test('is unknown until half the span was observed', () => {
    expect(
      filled('share', [
        [0, 1],
        [7.499, 1],
      ]).value(0),
    ).toBeNaN();
    expect(
      filled('share', [
        [0, 1],
        [7.5, 1],
      ]).value(0),
    ).toBe(1);
  });

  test('a missing signal ends what held, and its time is not observed', () => {
    expect(
      filled('share', [
        [0, 1],
        [4, UNKNOWN],
        [10, 0],
        [14, 0],
      ]).value(0),
    ).toBe(0.5);
    expect(
      filled('share', [
        [0, 1],
        [4, UNKNOWN],
        [10, 0],
        [13, 0],
      ]).value(0),
    ).toBeNaN();
  });

  test('a reading holds for 60 s at most', () => {
    const minutes = 60;
    const window = filled(
      'share',
      [
        [0, 1],
        [200, 0],
        [260, 1],
        [290, 1],
      ],
      5 * minutes * 1000,
    );
    expect(window.value(0)).toBe(90 / 150);
  });

  test('valueAt counts what the newest reading goes on to hold', () => {
    const window = filled('share', [
      [0, 0],
      [6, 1],
    ]);
    expect(window.value(0)).toBeNaN();
    expect(window.valueAt(0, T + 12_000)).toBe(0.5);
    // The window begins at 5 s.
    expect(window.valueAt(0, T + 20_000)).toBe(14 / 15);
    expect(window.valueAt(0, T + 66_000)).toBe(1);
    expect(window.valueAt(0, T + 76_000)).toBeNaN();
  });

  test('the last of readings with the same time holds; older ones are ignored', () => {
    expect(
      filled('share', [
        [0, 0],
        [0, 1],
        [5, 0],
        [4, 0],
        [10, 0],
      ]).value(0),
    ).toBe(0.5);
  });
});

describe('memory', () => {
  test('pages are made for vehicles with readings only', () => {
    const window = signalWindow('avg', SPAN_MS);
    window.reserve(10_000);
    expect(window.bytes).toBeLessThan(1000);
    window.add(9_999, T, 1);
    const onePage = window.bytes;
    window.add(9_998, T, 1);
    expect(window.bytes).toBe(onePage);
    window.add(70_000, T, 2);
    expect(window.bytes).toBeLessThan(2.2 * onePage);
    expect([window.value(9_999), window.value(70_000)]).toEqual([1, 2]);
  });

  test.each([
    ['count', 152],
    ['max', 152],
    ['avg', 288],
    ['delta', 304],
    ['share', 304],
    ['stddev', 424],
    ['slope', 840],
  ] as const)('a vehicle takes for %s at most %i bytes', (kind, bytes) => {
    const window = signalWindow(kind, SPAN_MS);
    for (let slot = 0; slot < 2560; slot++)
      for (let second = 0; second < 40; second++) window.add(slot, T + second * 1000, second);
    expect(window.bytes / 2560).toBeLessThanOrEqual(bytes + 1);
  });

  test('a checkpoint holds the vehicles with readings below its count', () => {
    const window = signalWindow('max', SPAN_MS);
    for (const slot of [2, 700, 701]) window.add(slot, T, slot);
    const state = new Map(window.arrays('speed.max', 701));
    expect([...state.get('speed.max.slots')!]).toEqual([2, 700]);
    const restored = signalWindow('max', SPAN_MS);
    expect(restored.restore('speed.max', 701, (name) => state.get(name))).toBe(true);
    expect([2, 700, 701].map((slot) => restored.value(slot))).toEqual([2, 700, UNKNOWN]);
  });

  test('what does not fit is not taken over', () => {
    const window = filled('max', [[0, 1]]);
    const state = new Map(window.arrays('w', 1));
    expect(signalWindow('max', SPAN_MS).restore('other', 1, (name) => state.get(name))).toBe(false);
    const other = signalWindow('avg', SPAN_MS);
    expect(other.restore('w', 1, (name) => state.get(name))).toBe(false);
    expect(other.value(0)).toBeNaN();
  });
});
