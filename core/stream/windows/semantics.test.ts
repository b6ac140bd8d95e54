import { describe, expect, test } from 'vitest';
import { MAX_TIME_MS } from '../time/watermark.ts';
import { KeyedWindows } from './keyed-windows.ts';
import type { AggregateSpec, KeyedWindowsOptions, WindowSpec } from './window-spec.ts';

const COUNT: readonly AggregateSpec[] = [{ name: 'count', fn: 'count' }];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Result = readonly [startMs: number, endMs: number, ...values: number[]];

interface Setup {
  readonly windows: KeyedWindows;
  /** What fired since the last look: start, end and values. */
  take(): Result[];
  readonly revisions: number[];
  readonly replaces: number[][];
  readonly late: number[];
  add(...timesMs: number[]): void;
}

function setup(window: WindowSpec, latenessMs = 0, more: Partial<KeyedWindowsOptions> = {}): Setup {
  let results: Result[] = [];
  const revisions: number[] = [];
  const replaces: number[][] = [];
  const late: number[] = [];
  const windows = new KeyedWindows({
    name: 'test',
    window,
    latenessMs,
    aggregates: COUNT,
    inputs: 1,
    onResult: (r) => {
      results.push([r.startMs, r.endMs, ...r.values]);
      revisions.push(r.revision);
      replaces.push([...r.replaces]);
    },
    onLate: (_key, timeMs) => late.push(timeMs),
    ...more,
  });
  const take = (): Result[] => {
    const taken = results;
    results = [];
    return taken;
  };
  const add = (...timesMs: number[]): void => {
    for (const timeMs of timesMs) windows.add(0, timeMs, Float64Array.of(1));
  };
  return { windows, take, revisions, replaces, late, add };
}

describe('tumbling and hopping windows', () => {
  test('row 1: tumble 2 s, an event at 1000: nothing at watermark 1998, fires at 1999', () => {
    const { windows, take, add } = setup({ type: 'tumbling', sizeMs: 2000 });
    add(1000);
    windows.advance(0, 1998);
    expect(take()).toEqual([]);
    windows.advance(0, 1999);
    expect(take()).toEqual([[0, 2000, 1]]);
    windows.advance(0, 10_000);
    expect(take()).toEqual([]);
  });

  test('row 2: time −1, size 10: window [−10, 0)', () => {
    const { windows, take, add } = setup({ type: 'tumbling', sizeMs: 10 });
    add(-1, -10, -11);
    windows.advance(0, -1);
    expect(take()).toEqual([
      [-20, -10, 1],
      [-10, 0, 2],
    ]);
  });

  test('row 3: 1 h windows with an offset of 15 min: [1:15, 2:15)', () => {
    const { windows, take, add } = setup({ type: 'tumbling', sizeMs: HOUR, offsetMs: 15 * MINUTE });
    const start = HOUR + 15 * MINUTE;
    add(start - 1, start, start + HOUR - 1, start + HOUR);
    windows.flush(0);
    expect(take()).toEqual([
      [start - HOUR, start, 1],
      [start, start + HOUR, 2],
      [start + HOUR, start + 2 * HOUR, 1],
    ]);
  });

  test('row 4: hop 3 s/1 s, watermark 3000, an event at 2400: only windows ending 4000 and 5000; not late', () => {
    const { windows, take, late, add } = setup({ type: 'hopping', sizeMs: 3000, slideMs: 1000 });
    windows.advance(0, 3000);
    add(2400);
    windows.advance(0, 3999);
    expect(take()).toEqual([[1000, 4000, 1]]);
    windows.flush(0);
    expect(take()).toEqual([[2000, 5000, 1]]);
    expect(late).toEqual([]);
    expect(windows.late).toBe(0);
  });

  test('row 5: a late event before end − 1 + lateness: fires again at once with the full aggregate', () => {
    const { windows, take, revisions, late, add } = setup({ type: 'tumbling', sizeMs: 2000 }, 500);
    add(100, 1000);
    windows.advance(0, 1999);
    expect(take()).toEqual([[0, 2000, 2]]);
    windows.advance(0, 2498);
    add(1999);
    expect(take()).toEqual([[0, 2000, 3]]);
    add(0);
    expect(take()).toEqual([[0, 2000, 4]]);
    expect(revisions).toEqual([0, 1, 2]);
    expect(late).toEqual([]);
  });

  test('row 5, hopping: every window that was closed is revised, the others wait', () => {
    const { windows, take, revisions, add } = setup({ type: 'hopping', sizeMs: 3000, slideMs: 1000 }, 2000);
    add(1500);
    windows.advance(0, 3999);
    expect(take()).toEqual([
      [-1000, 2000, 1],
      [0, 3000, 1],
      [1000, 4000, 1],
    ]);
    add(2500);
    expect(take()).toEqual([
      [0, 3000, 2],
      [1000, 4000, 2],
    ]);
    windows.advance(0, 4999);
    expect(take()).toEqual([[2000, 5000, 1]]);
    expect(revisions).toEqual([0, 0, 0, 1, 1, 0]);
  });

  test('row 6: at watermark end − 1 + lateness the state is freed and the next such event is late', () => {
    const { windows, take, late, add } = setup({ type: 'tumbling', sizeMs: 2000 }, 500);
    add(1000);
    windows.advance(0, 2498);
    expect(windows.openPanes(0)).toBe(1);
    windows.advance(0, 2499);
    expect(windows.openPanes(0)).toBe(0);
    take();
    add(1999);
    expect(take()).toEqual([]);
    expect(late).toEqual([1999]);
    expect(windows.late).toBe(1);
  });

  test('row 7: end + lateness overflows: kept until the last instant', () => {
    const { windows, take, late, add } = setup({ type: 'tumbling', sizeMs: 2000 }, MAX_TIME_MS);
    add(1000);
    windows.advance(0, MAX_TIME_MS - 1);
    add(1001);
    expect(take()).toEqual([
      [0, 2000, 1],
      [0, 2000, 2],
    ]);
    windows.flush(0);
    expect(windows.openPanes(0)).toBe(0);
    add(1002);
    expect(late).toEqual([1002]);
  });
});

describe('session windows', () => {
  test('row 8: gap 3 s, events at 0 and 3000: touching sessions are one, [0, 6000)', () => {
    const { windows, take, add } = setup({ type: 'session', gapMs: 3000 });
    add(0, 3000, 9001);
    windows.flush(0);
    expect(take()).toEqual([
      [0, 6000, 2],
      [9001, 12_001, 1],
    ]);
  });

  /** Row 9 and what rows 10–13 go on with. */
  function throughRow9(latenessMs = 0): Setup {
    const s = setup({ type: 'session', gapMs: 3000 }, latenessMs);
    s.add(1000, 2000);
    s.windows.advance(0, 4998);
    s.add(4500);
    return s;
  }

  function throughRow10(latenessMs = 0): Setup {
    const s = throughRow9(latenessMs);
    s.add(8500);
    s.windows.advance(0, 7400);
    s.add(7000);
    return s;
  }

  function beforeRow11(latenessMs: number): Setup {
    const s = throughRow10(latenessMs);
    s.windows.advance(0, 11_499);
    s.add(11_600);
    s.windows.advance(0, 14_600);
    expect(s.take()).toEqual([
      [1000, 11_500, 5],
      [11_600, 14_600, 1],
    ]);
    s.add(10_000);
    return s;
  }

  test('row 9: 1000, 2000, watermark 4998, then 4500: accepted, the session is still open', () => {
    const { windows, take, late } = throughRow9();
    expect(take()).toEqual([]);
    expect(late).toEqual([]);
    windows.advance(0, 7499);
    expect(take()).toEqual([[1000, 7500, 3]]);
  });

  test('row 10: then 8500, watermark 7400, then 7000: one session [1000, 11500) of 5', () => {
    const { windows, take } = throughRow10();
    windows.advance(0, 11_498);
    expect(take()).toEqual([]);
    windows.advance(0, 11_499);
    expect(take()).toEqual([[1000, 11_500, 5]]);
  });

  test('row 11: fired [11600, 14600), watermark 14600, then 10000, lateness 0: late', () => {
    const { take, late } = beforeRow11(0);
    expect(take()).toEqual([]);
    expect(late).toEqual([10_000]);
  });

  test('row 12: same, lateness 10 ms: fires [10000, 14600) of 2 in place of [11600, 14600)', () => {
    const { take, late, revisions, replaces } = beforeRow11(10);
    expect(take()).toEqual([[10_000, 14_600, 2]]);
    expect(late).toEqual([]);
    expect(revisions).toEqual([0, 0, 1]);
    expect(replaces.at(-1)).toEqual([11_600]);
  });

  test('row 13: same, lateness 10 s: joins the fired sessions to [1000, 14600) of 7', () => {
    const { windows, take, revisions, replaces } = beforeRow11(10_000);
    expect(take()).toEqual([[1000, 14_600, 7]]);
    expect(revisions).toEqual([0, 0, 1]);
    expect(replaces.at(-1)).toEqual([11_600]);
    windows.advance(0, 24_598);
    expect(windows.openPanes(0)).toBe(1);
    windows.advance(0, 24_599);
    expect(windows.openPanes(0)).toBe(0);
  });

  test('a fired session that grows beyond the watermark is open again; what it replaces is told when it fires', () => {
    const { windows, take, revisions, replaces, add } = setup({ type: 'session', gapMs: 10 }, 100);
    add(50);
    windows.advance(0, 60);
    add(45, 59);
    expect(take()).toEqual([
      [50, 60, 1],
      [45, 60, 2],
    ]);
    add(40, 35);
    windows.advance(0, 68);
    windows.advance(0, 69);
    expect(take()).toEqual([[35, 69, 5]]);
    expect(revisions).toEqual([0, 1, 2]);
    // Nothing was ever given under 40.
    expect(replaces).toEqual([[], [50], [45]]);
  });
});

describe('sums of hopping windows', () => {
  const aggregates: readonly AggregateSpec[] = [{ name: 'sum', fn: 'sum', input: 0 }];
  const window: WindowSpec = { type: 'hopping', sizeMs: 5, slideMs: 1 };

  /** One event a ms, the watermark just behind it; answers the sum of every full window. */
  function sums(values: readonly number[]): number[] {
    const { windows, take } = setup(window, 0, { aggregates });
    for (const [ms, value] of values.entries()) {
      windows.add(0, ms, Float64Array.of(value));
      windows.advance(0, ms - 1);
    }
    return take()
      .filter(([startMs]) => startMs >= 0)
      .map(([, , sum]) => sum);
  }

  const inOrder = (values: readonly number[]): number[] =>
    values.slice(5).map((_, i) => values.slice(i, i + 5).reduce((sum, value) => sum + value, 0));

  test('are added up in order of time, to the last bit, whatever left the window before', () => {
    const fractions = Array.from({ length: 60 }, (_, i) => 1 / (i + 3));
    expect(sums(fractions)).toEqual(inOrder(fractions));
    const mixed = fractions.map((v, i) => (i % 20 < 11 ? i : v));
    expect(sums(mixed)).toEqual(inOrder(mixed));
    const huge = mixed.map((v, i) => (i === 30 ? 1e300 : i === 45 ? Number.POSITIVE_INFINITY : v));
    expect(sums(huge)).toEqual(inOrder(huge));
  });
});

describe('spans', () => {
  const held: readonly AggregateSpec[] = [
    { name: 'idle', fn: 'durationMs', input: 0 },
    { name: 'share', fn: 'timeWeightedMean', input: 0 },
    { name: 'events', fn: 'count' },
  ];

  test('are split over the panes of tumbling windows', () => {
    const { windows, take } = setup({ type: 'tumbling', sizeMs: 1000 }, 0, { aggregates: held });
    windows.addSpan(0, 500, 2250, Float64Array.of(1));
    windows.addSpan(0, 2250, 3000, Float64Array.of(0));
    windows.addSpan(0, 3000, 3500, Float64Array.of(Number.NaN));
    windows.flush(0);
    expect(take()).toEqual([
      [0, 1000, 500, 1, 0],
      [1000, 2000, 1000, 1, 0],
      [2000, 3000, 250, 0.25, 0],
      [3000, 4000, 0, Number.NaN, 0],
    ]);
  });

  test('count in every hopping window, are late where windows are gone, and revise closed ones once', () => {
    const { windows, take, late, revisions } = setup({ type: 'hopping', sizeMs: 2000, slideMs: 1000 }, 1000, {
      aggregates: held,
    });
    windows.advance(0, 3999);
    windows.addSpan(0, 1500, 4500, Float64Array.of(1));
    // [2000, 4000) is the only closed window that is kept; what lies before 2000 is in none.
    expect(take()).toEqual([[2000, 4000, 2000, 1, 0]]);
    expect(late).toEqual([1500]);
    windows.flush(0);
    expect(take()).toEqual([
      [3000, 5000, 1500, 1, 0],
      [4000, 6000, 500, 1, 0],
    ]);
    expect(revisions).toEqual([0, 0, 0]);
  });

  test('of no length change nothing', () => {
    const { windows, take } = setup({ type: 'session', gapMs: 10 }, 0, { aggregates: held });
    windows.addSpan(0, 5, 5, Float64Array.of(1));
    windows.flush(0);
    expect(take()).toEqual([]);
  });
});

describe('limits', () => {
  test('an event that needs one pane too many is dropped and counted, others are not', () => {
    const { windows, take, add } = setup({ type: 'tumbling', sizeMs: 10 }, 0, { maxPanesPerKey: 3 });
    add(5, 15, 25, 35, 45, 6);
    expect(windows.dropped).toBe(2);
    windows.advance(0, 9);
    add(35);
    windows.flush(0);
    expect(take()).toEqual([
      [0, 10, 2],
      [10, 20, 1],
      [20, 30, 1],
      [30, 40, 1],
    ]);
    expect(windows.dropped).toBe(2);
  });

  test('a span over more panes than there may be is cut and counted once', () => {
    const aggregates: readonly AggregateSpec[] = [{ name: 'on', fn: 'durationMs', input: 0 }];
    const { windows, take } = setup({ type: 'tumbling', sizeMs: 10 }, 0, { maxPanesPerKey: 3, aggregates });
    windows.addSpan(0, 5, 1e12, Float64Array.of(1));
    expect(windows.dropped).toBe(1);
    windows.flush(0);
    expect(take().map(([, , on]) => on)).toEqual([5, 10, 10]);
  });

  test('sessions are limited likewise', () => {
    const { windows, add } = setup({ type: 'session', gapMs: 10 }, 0, { maxPanesPerKey: 2 });
    add(0, 100, 200, 105);
    expect(windows.openPanes(0)).toBe(2);
    expect(windows.dropped).toBe(1);
  });

  test('the default limit leaves room for a window, its lateness and 256 panes ahead', () => {
    const { windows, add } = setup({ type: 'hopping', sizeMs: 15, slideMs: 1 }, 10);
    for (let ms = 0; ms < 300; ms++) add(ms);
    expect(windows.openPanes(0)).toBe(15 + 10 + 256);
    expect(windows.dropped).toBe(300 - 281);
  });

  test('what is noted about revised windows goes with them', () => {
    const { windows, take, add } = setup({ type: 'tumbling', sizeMs: 10 }, 50);
    add(5);
    windows.advance(0, 20);
    const { bytes } = windows;
    add(6, 15);
    expect(take()).toHaveLength(3);
    expect(windows.bytes).toBeGreaterThan(bytes);
    windows.advance(0, 69);
    expect(windows.bytes).toBe(bytes);
  });

  test('memory does not grow with time', () => {
    const { windows, add } = setup({ type: 'hopping', sizeMs: 15_000, slideMs: 1000 });
    let bytes = 0;
    for (let s = 0; s < 1000; s++) {
      add(s * 1000);
      windows.advance(0, s * 1000 - 5001);
      if (s === 100) bytes = windows.bytes;
    }
    expect(windows.bytes).toBe(bytes);
    expect(windows.openPanes(0)).toBeLessThanOrEqual(15 + 6);
  });
});

test('a watermark that goes back changes nothing; keys have watermarks of their own', () => {
  const { windows, take, add } = setup({ type: 'tumbling', sizeMs: 10 });
  windows.advance(0, 25);
  windows.advance(0, 18);
  expect(windows.watermarkMs(0)).toBe(25);
  expect(windows.watermarkMs(1)).toBe(Number.NEGATIVE_INFINITY);
  windows.add(1, 5, Float64Array.of(1));
  add(19);
  expect(windows.late).toBe(1);
  windows.flush(1);
  expect(take()).toEqual([[0, 10, 1]]);
});

test('events between windows that slide further than their size belong to none and are not late', () => {
  const { windows, take, add } = setup({ type: 'hopping', sizeMs: 10, slideMs: 25 });
  add(5, 12, 24, 25, 36);
  windows.advance(0, 60);
  add(15);
  expect(take()).toEqual([
    [0, 10, 1],
    [25, 35, 1],
  ]);
  expect(windows.late + windows.dropped).toBe(0);
});

test('a checkpoint of another window or other aggregates gives the watermark and the counts alone', () => {
  const before = setup({ type: 'tumbling', sizeMs: 10 });
  before.add(5, 15);
  before.windows.advance(0, 12);
  before.add(3);
  const stored = new Map(before.windows.arrays(1));
  const { windows, take, add, late } = setup({ type: 'tumbling', sizeMs: 20 });
  windows.restore(1, (name) => stored.get(name));
  expect(windows.openPanes(0)).toBe(0);
  expect(windows.watermarkMs(0)).toBe(12);
  expect(windows.late).toBe(1);
  add(13);
  windows.advance(0, 19);
  expect(take()).toEqual([[0, 20, 1]]);
  expect(late).toEqual([]);
});

describe('refuses', () => {
  test.each<[string, WindowSpec, number]>([
    ['a size of 0', { type: 'tumbling', sizeMs: 0 }, 0],
    ['a slide that is not whole', { type: 'hopping', sizeMs: 10, slideMs: 2.5 }, 0],
    ['a gap below 0', { type: 'session', gapMs: -1 }, 0],
    ['an offset that is not whole', { type: 'tumbling', sizeMs: 10, offsetMs: 0.5 }, 0],
    ['a lateness below 0', { type: 'tumbling', sizeMs: 10 }, -1],
  ])('%s', (_what, window, latenessMs) => {
    expect(() => setup(window, latenessMs)).toThrow(RangeError);
  });

  test.each<[string, AggregateSpec]>([
    ['an input that there is not', { name: 'x', fn: 'sum', input: 1 }],
    ['a percentile given as a fraction', { name: 'x', fn: 'percentile', input: 0, p: 0.95 }],
    ['a percentile above 100', { name: 'x', fn: 'percentile', input: 0, p: 101 }],
  ])('%s', (_what, aggregate) => {
    expect(() => setup({ type: 'tumbling', sizeMs: 10 }, 0, { aggregates: [aggregate] })).toThrow(RangeError);
  });
});
