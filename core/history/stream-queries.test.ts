import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../model/stream-settings.ts';
import type { HistoryRequests } from '../protocol/history-requests.ts';
import type { RequestHandlers } from '../protocol/requests.ts';
import { openMemoryHistory } from './memory.ts';
import type { HistoryQueries } from './queries.ts';
import { alert, batch, T0_MS, vehicleRow } from './testing/batches.ts';
import { driverEvent, late, stop, streamOutputs, trip, violation } from './testing/streams.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAY0_MS = Math.floor(T0_MS / DAY_MS) * DAY_MS;
const always = { fromMs: DAY0_MS - DAY_MS, toMs: DAY0_MS + 30 * DAY_MS, limit: 1000 };

function withHistory(outputs: Parameters<typeof batch>[2], ask: (queries: HistoryQueries) => void): void {
  const history = openMemoryHistory();
  try {
    history.writer.commit(batch(0, 10, outputs));
    ask(history.queries);
  } finally {
    history.close();
  }
}

const known = <T extends object>(row: T) =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number.isNaN(value) ? null : value]));

describe('lists', () => {
  const vehicleId = fc.constantFrom('V-1', 'V-2');
  const driverId = fc.constantFrom('D-1', 'D-2');
  const startMs = fc.integer({ min: 0, max: 9 * DAY_MS }).map((ms) => T0_MS + ms);
  const base = { vehicleId, driverId, startMs, endMs: startMs, lat: fc.constantFrom(52.5, Number.NaN) };
  const rows = fc.array(fc.record(base), { maxLength: 30 });
  const span = fc
    .tuple(startMs, fc.integer({ min: 1, max: 5 * DAY_MS }), fc.integer({ min: 1, max: 20 }))
    .map(([fromMs, ms, limit]) => ({ fromMs, toMs: fromMs + ms, limit }));

  it('are those rows of the span, newest first, of one or of all', () => {
    fc.assert(
      fc.property(rows, span, fc.option(vehicleId), fc.option(driverId), (all, args, vehicle, driver) => {
        const trips = all.map(({ lat, ...row }, i) => trip(`t${i}`, { ...row, startLat: lat }));
        const stops = all.map(({ driverId: _, ...row }, i) => stop(`s${i}`, row));
        const driverEvents = all.map((row, i) => driverEvent(`e${i}`, row));
        const breakViolations = all.map(({ lat: _, ...row }, i) => violation(`b${i}`, row));
        const lateRows = all.map(({ vehicleId, startMs }, i) =>
          late(startMs - T0_MS, { vehicleId, receivedMs: startMs, objectIndex: i }),
        );
        const expected = <Row extends object>(
          rows: readonly (Row & { startMs?: number; receivedMs?: number })[],
          wanted: (row: Row) => boolean,
        ) =>
          rows
            .map((row, i) => ({ row, i, atMs: row.startMs ?? row.receivedMs ?? 0 }))
            .filter(({ row, atMs }) => atMs >= args.fromMs && atMs < args.toMs && wanted(row))
            .sort((a, b) => b.atMs - a.atMs || b.i - a.i)
            .slice(0, args.limit)
            .map(({ row }) => known(row));
        const ofVehicle = (row: { vehicleId: string }) => vehicle === null || row.vehicleId === vehicle;
        const ofDriver = (row: { driverId: string }) => driver === null || row.driverId === driver;
        const one = { ...args, vehicleId: vehicle ?? undefined };
        const driven = { ...args, driverId: driver ?? undefined };
        const stream = streamOutputs({ trips, stops, driverEvents, breakViolations, late: lateRows });
        withHistory({ stream }, (queries) => {
          expect(queries.trips(one).trips).toEqual(expected(trips, ofVehicle));
          expect(queries.trips(driven).trips).toEqual(expected(trips, ofDriver));
          expect(queries.stops(one).stops).toEqual(expected(stops, ofVehicle));
          expect(queries.driverEvents(driven).events).toEqual(expected(driverEvents, ofDriver));
          expect(queries.breakViolations(driven).violations).toEqual(expected(breakViolations, ofDriver));
          expect(queries.late(args).late).toEqual(expected(lateRows, () => true));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('keep the newest revision of a trip, and take one that comes again', () => {
    const history = openMemoryHistory();
    const commit = (from: number, revision: number, endMs: number) =>
      history.writer.commit(
        batch(from, from + 1, { stream: streamOutputs({ trips: [trip('t', { revision, endMs })] }) }),
      );
    const ends = [
      [1, 5],
      [3, 7],
      [2, 6],
      [3, 8],
    ].map(([revision, endMs], i) => {
      commit(i, revision, endMs);
      return history.queries.trips(always).trips[0].endMs;
    });
    expect(ends).toEqual([5, 7, 7, 8]);
    history.close();
  });
});

describe('hours and days of a vehicle', () => {
  it('come oldest first, in their units, null where nothing is known', () => {
    const row = (startMs: number, more: Record<string, number>) =>
      ['V-1', { start_ms: startMs, max_speed_kmph: Number.NaN, min_battery_v: 12.345, ...more }] as [
        string,
        Record<string, number>,
      ];
    const hours = [
      row(DAY0_MS + 2 * HOUR_MS, { distance_m: 1234.56 }),
      row(DAY0_MS, { moving_ms: 7, fuel_used_pct: 3.25 }),
    ];
    const days = [row(DAY0_MS, { events: 9 }), row(DAY0_MS + DAY_MS, { max_engine_temp_c: 91.75 })];
    withHistory({ stream: streamOutputs({ vehicleHours: hours, vehicleDays: days }) }, (queries) => {
      const span = { vehicleId: 'V-1', fromMs: DAY0_MS, toMs: DAY0_MS + 2 * DAY_MS };
      const found = queries.vehicleHours(span);
      expect(found.startMs).toEqual([DAY0_MS, DAY0_MS + 2 * HOUR_MS]);
      expect(found.values).toMatchObject({ distance_m: [0, 1234.6], moving_ms: [7, 0], fuel_used_pct: [3.25, 0] });
      expect(found.values).toMatchObject({ max_speed_kmph: [null, null], min_battery_v: [12.345, 12.345] });
      expect(queries.vehicleHours({ ...span, fromMs: DAY0_MS + 1 }).startMs).toEqual([DAY0_MS + 2 * HOUR_MS]);
      expect(queries.vehicleHours({ ...span, toMs: DAY0_MS + 2 * HOUR_MS }).startMs).toEqual([DAY0_MS]);
      expect(queries.vehicleHours({ ...span, fromMs: DAY0_MS + 1, toMs: DAY0_MS + 2 }).startMs).toEqual([]);
      expect(queries.vehicleDays(span).values).toMatchObject({ events: [9, 0], max_engine_temp_c: [0, 91.75] });
      expect(queries.vehicleDays({ ...span, vehicleId: 'V-9' }).startMs).toEqual([]);
    });
  });
});

describe('utilisation', () => {
  it('is a reading per step, the first there is in each', () => {
    const windows = Array.from({ length: 10_000 }, (_, i): [string, Record<string, number>] => [
      '',
      { end_ms: DAY0_MS + i * 1000, active: i, idle: 2, offline: 3 },
    ]).filter((_, i) => i < 100 || i > 107);
    withHistory({ stream: streamOutputs({ utilisation: windows }) }, (queries) => {
      const all = queries.utilisation({ fromMs: DAY0_MS, toMs: DAY0_MS + 10_000_000 });
      expect(all.active.slice(0, 3)).toEqual([0, 5, 10]);
      expect(all.active.slice(19, 23)).toEqual([95, 108, 110, 115]);
      expect(all.endMs).toHaveLength(1999);
      expect(all.endMs[1]).toBe(DAY0_MS + 5000);
      const few = queries.utilisation({ fromMs: DAY0_MS + 98_000, toMs: DAY0_MS + 109_000 });
      expect(few.active).toEqual([98, 99, 108]);
      expect(few).toMatchObject({ idle: [2, 2, 2], offline: [3, 3, 3] });
    });
  });
});

describe('alerts by hour', () => {
  it('are counted once, whatever becomes of the alerts', () => {
    const history = openMemoryHistory();
    const at = (id: string, hours: number, more = {}) => alert(id, { raisedMs: T0_MS + hours * HOUR_MS, ...more });
    const alerts = [at('a', 0), at('b', 0), at('c', 0, { priority: 1 }), at('d', 3, { ruleId: 'other' })];
    history.writer.commit(batch(0, 10, { alerts }));
    history.writer.commit(batch(5, 20, { alerts: [...alerts, at('e', 3, { ruleId: 'other' })] }));
    const hourMs = Math.floor(T0_MS / HOUR_MS) * HOUR_MS;
    expect(history.queries.alertHours({ fromMs: hourMs, toMs: hourMs + DAY_MS }).hours).toEqual([
      { hourMs, ruleId: 'overspeed', priority: 1, raised: 1 },
      { hourMs, ruleId: 'overspeed', priority: 2, raised: 2 },
      { hourMs: hourMs + 3 * HOUR_MS, ruleId: 'other', priority: 2, raised: 2 },
    ]);
    expect(history.queries.alertHours({ fromMs: hourMs + 1, toMs: hourMs + 3 * HOUR_MS }).hours).toEqual([]);
    history.close();
  });
});

describe('the week’s figures', () => {
  const day = fc.record({
    vehicle: fc.integer({ min: 0, max: 4 }),
    day: fc.integer({ min: 0, max: 9 }),
    distance_m: fc.integer({ min: 0, max: 9_000_000 }).map((dm) => dm / 10),
    moving_ms: fc.integer({ min: 0, max: DAY_MS / 4 }),
    idling_ms: fc.integer({ min: 0, max: DAY_MS / 4 }),
    stopped_ms: fc.integer({ min: 0, max: DAY_MS / 4 }),
    silent_ms: fc.integer({ min: 0, max: DAY_MS / 4 }),
    trips_started: fc.nat(9),
    harsh_events: fc.nat(9),
    speeding_ms: fc.nat(9000),
  });
  const days = fc.uniqueArray(day, { selector: (row) => `${row.vehicle} ${row.day}`, maxLength: 40 });

  it('are those of plain sums over the days it touches', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 7 }), (all, first, length) => {
        const rows = all.filter((row) => row.vehicle < 4 || row.day >= 4);
        const ids = [0, 1, 2, 3, 4].map((i) => `V-${i}`);
        // The fifth vehicle is first heard of on the fifth day.
        const vehicles = ids.map((id, i) => vehicleRow(id, { firstSeenMs: DAY0_MS + (i === 4 ? 4 * DAY_MS + 5 : 0) }));
        const vehicleDays = rows.map(({ vehicle, day, ...values }): [string, Record<string, number>] => [
          ids[vehicle],
          { ...values, start_ms: DAY0_MS + day * DAY_MS },
        ]);
        const alerts = rows.map((row, i) => alert(`a${i}`, { raisedMs: DAY0_MS + row.day * DAY_MS + i, priority: 3 }));
        const engineMs = DAY0_MS + 30 * DAY_MS;
        withHistory({ vehicles, alerts, engineMs, stream: streamOutputs({ vehicleDays }) }, (queries) => {
          const fromMs = DAY0_MS + first * DAY_MS;
          const kpis = queries.fleetKpis({ fromMs: fromMs + 1, toMs: fromMs + length * DAY_MS - 1 });
          const inside = rows.filter((row) => row.day >= first && row.day < first + length);
          const sum = (of: (row: (typeof rows)[number]) => number) => inside.reduce((total, row) => total + of(row), 0);
          expect(kpis).toMatchObject({
            fromMs,
            toMs: fromMs + length * DAY_MS,
            activeVehicles: new Set(inside.map((row) => row.vehicle)).size,
            vehicles: first + length > 4 ? 5 : 4,
            movingMs: sum((row) => row.moving_ms),
            idlingMs: sum((row) => row.idling_ms),
            stoppedMs: sum((row) => row.stopped_ms),
            silentMs: sum((row) => row.silent_ms),
            trips: sum((row) => row.trips_started),
            harshEvents: sum((row) => row.harsh_events),
            speedingMs: sum((row) => row.speeding_ms),
            alerts: { 1: 0, 2: 0, 3: inside.length, 4: 0 },
          });
          expect(kpis.distanceM).toBeCloseTo(
            sum((row) => row.distance_m),
            3,
          );
          const whole = sum((row) => row.moving_ms + row.idling_ms + row.stopped_ms + row.silent_ms);
          expect(kpis.shares.idling).toBeCloseTo(whole > 0 ? sum((row) => row.idling_ms) / whole : 0, 9);
          const usedH = sum((row) => row.moving_ms + row.idling_ms) / HOUR_MS;
          const lateDays = Math.max(0, Math.min(length, first + length - 4));
          const availableH = (4 * length + lateDays) * DEFAULT_SETTINGS.availableHoursPerDay;
          expect(kpis.usage.usedH).toBeCloseTo(usedH, 6);
          expect(kpis.usage.availableH).toBeCloseTo(availableH, 6);
          const under = ids.slice(0, kpis.vehicles).filter((_, i) => {
            const own = inside.filter((row) => row.vehicle === i);
            const hours = own.reduce((total, row) => total + row.moving_ms + row.idling_ms, 0) / HOUR_MS;
            const availableDays = i === 4 ? lateDays : length;
            return hours / (availableDays * DEFAULT_SETTINGS.availableHoursPerDay) < DEFAULT_SETTINGS.underUsedShare;
          });
          expect(kpis.usage.leastUsed.map((row) => row.vehicleId).toSorted()).toEqual(under);
          expect(kpis.usage.underUsed).toBe(under.length);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('count what a day that is not over was available for', () => {
    const outputs = { vehicles: [vehicleRow('V-1', { firstSeenMs: DAY0_MS })], engineMs: DAY0_MS + DAY_MS / 2 };
    withHistory(outputs, (queries) => {
      const kpis = queries.fleetKpis({ fromMs: DAY0_MS, toMs: DAY0_MS + 7 * DAY_MS });
      expect(kpis.toMs).toBe(DAY0_MS + DAY_MS / 2);
      expect(kpis.usage.availableH).toBe(DEFAULT_SETTINGS.availableHoursPerDay / 2);
    });
  });
});

it('all questions of the protocol that are put to a history are answered as they are', () => {
  withHistory({ vehicles: [vehicleRow('V-1')], stream: streamOutputs({ trips: [trip('t')] }) }, (queries) => {
    // The types are the test: what history gives must be what a window is promised.
    const handlers = {
      'alerts.hours': queries.alertHours,
      'vehicle.hours': queries.vehicleHours,
      'vehicle.days': queries.vehicleDays,
      'trips.list': queries.trips,
      'stops.list': queries.stops,
      'fleet.kpis': queries.fleetKpis,
      'fleet.utilisation': queries.utilisation,
      'driver.scores': queries.driverScores,
      'driver.events': queries.driverEvents,
      'driver.breaks': queries.breakViolations,
      'late.list': queries.late,
      'rules.history': queries.rulesHistory,
      'rules.version': queries.rulesVersion,
    } satisfies RequestHandlers<keyof HistoryRequests>;
    expect(handlers['trips.list'](always).trips[0].id).toBe('t');
  });
});
