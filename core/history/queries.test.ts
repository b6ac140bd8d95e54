import { describe, expect, it } from 'vitest';
import { SIGNALS } from '../model/signals.ts';
import type { RequestHandlers } from '../protocol/requests.ts';
import { type HistoryQueries, openQueries } from './queries.ts';
import { MAX_MINUTE_POINTS } from './query-minutes.ts';
import { MAX_TRACK_POINTS } from './query-track.ts';
import type { SlowOperation } from './slow.ts';
import {
  alert,
  batch,
  type Minute,
  minuteRows,
  sample,
  signals,
  T0_MS,
  temporaryFile,
  trackChunk,
  transition,
  vehicleRow,
} from './testing/batches.ts';
import { openHistory } from './writer.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

function withHistory(outputs: Parameters<typeof batch>[2], ask: (queries: HistoryQueries) => void): void {
  const file = temporaryFile();
  const writer = openHistory({ file });
  writer.commit(batch(0, 10, outputs));
  const queries = openQueries({ file });
  try {
    ask(queries);
  } finally {
    queries.close();
    writer.close();
  }
}

const minute = (i: number, speed: number, more: Record<string, number> = {}, vehicleId = 'V-1'): Minute => ({
  vehicleId,
  minuteMs: T0_MS + i * MINUTE_MS,
  maxSpeedKmph: speed,
  signals: signals({ speed_kmph: speed, ...more }),
});

describe('alerts', () => {
  const full = alert('full', {
    raisedMs: T0_MS + 3,
    clearedMs: T0_MS + 4,
    condition: 'cleared',
    latched: true,
    acknowledged: true,
    acknowledgedBy: 'kim',
    acknowledgedMs: T0_MS + 5,
    comment: 'called the driver',
    value: 104.5,
    peak: 110,
    lat: 52.5,
    lon: 13.4,
  });
  const alerts = [alert('a', { raisedMs: T0_MS + 2, vehicleId: 'V-2' }), full, alert('b', { raisedMs: T0_MS + 1 })];

  it('come back as they were given, newest first', () => {
    withHistory({ alerts }, (queries) => {
      const found = queries.alertHistory({ limit: 10 }).alerts;
      expect(found.map((a) => a.id)).toEqual(['full', 'a', 'b']);
      expect(found[0]).toEqual(full);
      expect(queries.alertHistory({ limit: 2 }).alerts).toHaveLength(2);
      expect(queries.alertHistory({ limit: 10, vehicleId: 'V-1' }).alerts.map((a) => a.id)).toEqual(['full', 'b']);
      expect(queries.alertHistory({ limit: 10, vehicleId: 'V-9' }).alerts).toEqual([]);
    });
  });

  it('are counted since a time and as open', () => {
    withHistory({ alerts }, (queries) => {
      expect(queries.alertsSince(T0_MS + 2)).toBe(2);
      expect(queries.totals()).toMatchObject({ alerts: 3, openAlerts: 3, unacknowledgedAlerts: 2 });
    });
  });

  it('are cut at 1,000', () => {
    const many = Array.from({ length: 1100 }, (_, i) => alert(`a${i}`, { raisedMs: T0_MS + i }));
    withHistory({ alerts: many }, (queries) => {
      expect(queries.alertHistory({ limit: 5000 }).alerts).toHaveLength(1000);
    });
  });

  it('have their transitions in the order in which they happened', () => {
    const transitions = [
      transition('t2', 'a', { atMs: T0_MS + 9, kind: 'acknowledged', by: 'kim', comment: 'seen' }),
      transition('t1', 'a', { value: 104 }),
      transition('t3', 'b'),
      transition('t0', 'a', { atMs: T0_MS + 9, kind: 'cleared' }),
    ];
    withHistory({ transitions }, (queries) => {
      const found = queries.alertTransitions({ alertId: 'a' }).transitions;
      expect(found).toEqual([transitions[1], transitions[0], transitions[3]]);
    });
  });
});

describe('vehicle minutes', () => {
  it('come oldest first within the span, null where nothing is known', () => {
    const minutes = [minute(2, 30), minute(0, 10, { ignition: 1 }), minute(1, Number.NaN), minute(1, 99, {}, 'V-2')];
    withHistory({ minutes: minuteRows(minutes) }, (queries) => {
      const span = { vehicleId: 'V-1', fromMs: T0_MS, toMs: T0_MS + 2 * MINUTE_MS };
      const found = queries.vehicleMinutes(span);
      expect(found.minuteMs).toEqual([T0_MS, T0_MS + MINUTE_MS]);
      expect(found.maxSpeedKmph).toEqual([10, null]);
      expect(Object.keys(found.values)).toEqual(SIGNALS.map((signal) => signal.name));
      expect(found.values).toMatchObject({ speed_kmph: [10, null], ignition: [1, null], rpm: [null, null] });
      expect(queries.vehicleMinutes({ ...span, toMs: T0_MS + 2 * MINUTE_MS + 1 }).minuteMs).toHaveLength(3);
      expect(queries.vehicleMinutes({ ...span, fromMs: T0_MS + 1 }).minuteMs).toHaveLength(2);
      expect(queries.vehicleMinutes({ ...span, vehicleId: 'V-9' }).minuteMs).toEqual([]);
    });
  });

  it('of a long span are merged without losing the highest speed', () => {
    const length = 5001;
    const minutes = Array.from({ length }, (_, i) =>
      minute(i, i === 2500 ? 222 : i % 100, i === 1 ? { fuel_pct: 33 } : {}),
    );
    withHistory({ minutes: minuteRows(minutes) }, (queries) => {
      const found = queries.vehicleMinutes({ vehicleId: 'V-1', fromMs: T0_MS - DAY_MS, toMs: T0_MS + 29 * DAY_MS });
      expect(found.minuteMs).toHaveLength(Math.ceil(length / 3));
      expect(found.minuteMs.length).toBeLessThanOrEqual(MAX_MINUTE_POINTS);
      expect(found.minuteMs.slice(0, 2)).toEqual([T0_MS, T0_MS + 3 * MINUTE_MS]);
      expect(found.maxSpeedKmph.slice(0, 2)).toEqual([2, 5]);
      expect(Math.max(...found.maxSpeedKmph.map(Number))).toBe(222);
      expect(found.values.fuel_pct.slice(0, 2)).toEqual([33, null]);
      expect(found.minuteMs).toEqual(found.minuteMs.toSorted((a, b) => a - b));
    });
  });
});

describe('a vehicle’s track', () => {
  it('is the points inside the span, across chunks', () => {
    const tracks = [
      trackChunk('V-1', T0_MS + 4000, 4),
      trackChunk('V-1', T0_MS, 4),
      trackChunk('V-2', T0_MS, 4),
      trackChunk('V-1', T0_MS + 100_000, 2),
    ];
    withHistory({ tracks }, (queries) => {
      const found = queries.vehicleTrack({ vehicleId: 'V-1', fromMs: T0_MS + 1000, toMs: T0_MS + 6000 });
      expect(found.timeMs.map((ms) => ms - T0_MS)).toEqual([1000, 2000, 3000, 4000, 5000]);
      expect(found.speedKmph).toEqual([41, 42, 43, 40, 41]);
      expect(found.lat).toEqual([50.001, 50.002, 50.003, 50, 50.001]);
      expect(found).toMatchObject({ lon: Array(5).fill(10), headingDeg: Array(5).fill(0) });
    });
  });

  it('finds a chunk that began nearly two hours before the span', () => {
    const long = trackChunk('V-1', T0_MS, 2, 6_553_500);
    withHistory({ tracks: [long] }, (queries) => {
      const span = { vehicleId: 'V-1', fromMs: T0_MS + 6_553_500, toMs: T0_MS + 6_553_501 };
      expect(queries.vehicleTrack(span).timeMs).toEqual([T0_MS + 6_553_500]);
    });
  });

  it('is thinned evenly when it is long', () => {
    const tracks = Array.from({ length: 300 }, (_, i) => trackChunk('V-1', T0_MS + i * 100_000, 100));
    withHistory({ tracks }, (queries) => {
      const { timeMs } = queries.vehicleTrack({ vehicleId: 'V-1', fromMs: T0_MS, toMs: T0_MS + 31 * DAY_MS });
      expect(timeMs).toHaveLength(15_000);
      expect(timeMs.length).toBeLessThanOrEqual(MAX_TRACK_POINTS);
      expect(new Set(timeMs.slice(1).map((ms, i) => ms - timeMs[i]))).toEqual(new Set([2000]));
    });
  });
});

describe('quarantine report', () => {
  it('has counts, the newest samples of each reason and the schema notices', () => {
    const notice = { topicKind: 'status', field: 'mood', change: 'new-field', detail: 'text', firstMs: T0_MS } as const;
    const outputs = {
      quarantineCounts: { 'bad-json': 30, 'too-large': 1 },
      quarantineSamples: [...Array.from({ length: 30 }, (_, i) => sample(i)), sample(2, { reason: 'too-large' })],
      schemaNotices: [notice, { ...notice, field: 'wit', firstMs: T0_MS + 1 }],
    };
    withHistory(outputs, (queries) => {
      const report = queries.quarantineReport();
      expect(report.counts).toEqual({ 'bad-json': 30, 'too-large': 1 });
      expect(report.samples).toHaveLength(21);
      expect(report.samples[0]).toEqual(sample(29));
      expect(report.samples.at(-1)).toEqual(sample(2, { reason: 'too-large' }));
      expect(report.schemaNotices.map((n) => n.field)).toEqual(['wit', 'mood']);
    });
  });
});

describe('questions that make no sense', () => {
  const span = { vehicleId: 'V-1', fromMs: T0_MS, toMs: T0_MS + 1 };
  const nonsense: [string, RegExp, (queries: HistoryQueries) => unknown][] = [
    ['a limit of zero', /limit is 0; give a number from 1 to 1000/, (q) => q.alertHistory({ limit: 0 })],
    ['a limit that is no number', /limit is NaN/, (q) => q.alertHistory({ limit: Number.NaN })],
    ['an empty vehicle', /vehicleId is ""/, (q) => q.alertHistory({ limit: 1, vehicleId: '' })],
    ['an empty alert', /alertId is ""/, (q) => q.alertTransitions({ alertId: '' })],
    ['a span that ends before it begins', /must be before/, (q) => q.vehicleTrack({ ...span, toMs: T0_MS })],
    [
      'a span of 32 days',
      /32\.0 days long; ask for at most 31/,
      (q) => q.vehicleMinutes({ ...span, toMs: T0_MS + 32 * DAY_MS }),
    ],
    [
      'a time that is no number',
      /fromMs is NaN; give a time/,
      (q) => q.vehicleMinutes({ ...span, fromMs: Number.NaN }),
    ],
    ['an endless count', /sinceMs is -Infinity/, (q) => q.alertsSince(Number.NEGATIVE_INFINITY)],
  ];
  it.each(nonsense)('%s is refused', (_, message, ask) => {
    withHistory({ vehicles: [vehicleRow('V-1')] }, (queries) => {
      expect(() => ask(queries)).toThrow(
        expect.objectContaining({ kind: 'bad-arguments', message: expect.stringMatching(message) }),
      );
    });
  });
});

it('answers the protocol’s requests as they are', () => {
  withHistory({ vehicles: [vehicleRow('V-1')], alerts: [alert('a')] }, (queries) => {
    // The types are the test: what history gives must be what a window is promised.
    const handlers = {
      'alerts.history': queries.alertHistory,
      'alerts.transitions': queries.alertTransitions,
      'vehicle.minutes': queries.vehicleMinutes,
      'vehicle.track': queries.vehicleTrack,
      'quarantine.report': queries.quarantineReport,
    } satisfies Partial<RequestHandlers>;
    expect(handlers['alerts.history']({ limit: 1 }).alerts[0].id).toBe('a');
  });
});

it('slow questions are reported', () => {
  const file = temporaryFile();
  const writer = openHistory({ file });
  const slow: SlowOperation[] = [];
  const queries = openQueries({ file, slowMs: 0, onSlow: (operation) => slow.push(operation) });
  queries.alertHistory({ limit: 1 });
  queries.quarantineReport();
  expect(slow.map((operation) => operation.what)).toEqual(['alerts.history', 'quarantine.report']);
  queries.close();
  writer.close();
});
