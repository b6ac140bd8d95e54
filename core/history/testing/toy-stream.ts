import { hashId } from '../../model/hash.ts';
import type { StreamOutputs } from '../../model/stream-outputs.ts';
import { T0_MS } from './batches.ts';
import { driverEvent, late, stop, streamOutputs, trip, tripSummary, violation } from './streams.ts';
import type { ToyEvent } from './toy-event.ts';

const TRIP_MS = 300_000;
const WINDOW_MS = 20_000;
const PANE_MS = 600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Rows as they stand, and which of them changed at or after a position. */
class Latest<Row> {
  readonly #rows = new Map<string, Row>();
  readonly #changed = new Set<string>();
  readonly #from: number;

  constructor(from: number) {
    this.#from = from;
  }

  set(position: number, key: string, change: (before: Row | undefined) => Row): void {
    this.#rows.set(key, change(this.#rows.get(key)));
    if (position >= this.#from) this.#changed.add(key);
  }

  get changed(): Row[] {
    return [...this.#rows].filter(([key]) => this.#changed.has(key)).map(([, row]) => row);
  }
}

type Row = [key: string, values: Record<string, number>];

/** Adds to columns of a row that starts at `startMs`, and sets others; `revision` grows with each change. */
function adding(key: string, time: string, startMs: number, add: Record<string, number>, set: Record<string, number>) {
  return (before: Row | undefined): Row => {
    const values: Record<string, number> = {
      ...before?.[1],
      [time]: startMs,
      revision: (before?.[1].revision ?? -1) + 1,
    };
    for (const [column, amount] of Object.entries(add)) values[column] = (before?.[1][column] ?? 0) + amount;
    return [key, { ...values, ...set }];
  };
}

const floorTo = (ms: number, step: number): number => Math.floor(ms / step) * step;

/** What the stream of the toy engine gives for the records [from, to): rows that grow, with revisions, and rows that come once. */
export function toyStream(events: readonly ToyEvent[], from: number, to: number): StreamOutputs {
  const windows = new Latest<Row>(from);
  const health = new Latest<Row>(from);
  const behaviour = new Latest<Row>(from);
  const utilisation = new Latest<Row>(from);
  const panes = new Latest<Row>(from);
  const hours = new Latest<Row>(from);
  const days = new Latest<Row>(from);
  const trips = new Latest<StreamOutputs['trips'][number]>(from);
  const stops = new Latest<StreamOutputs['stops'][number]>(from);
  const summaries = new Latest<StreamOutputs['tripSummaries'][number]>(from);
  const once: Pick<StreamOutputs, 'breakViolations' | 'driverEvents' | 'late'> = {
    breakViolations: [],
    driverEvents: [],
    late: [],
  };
  let nowMs = T0_MS;
  for (let at = 0; at < to; at++) {
    const { kind, vehicle, afterMs, value } = events[at];
    nowMs += afterMs;
    const vehicleId = `V-${vehicle}`;
    const driverId = `D-${vehicle % 3}`;
    const add = (
      rows: Latest<Row>,
      key: string,
      time: string,
      step: number,
      amounts: Record<string, number>,
      set: Record<string, number> = {},
    ): void => {
      const startMs = floorTo(nowMs, step);
      rows.set(at, `${key} ${startMs}`, adding(key, time, startMs, amounts, set));
    };
    const distance = { events: 1, distance_m: value / 3 };
    const times = { moving_ms: afterMs, idling_ms: value, trips_started: value % 2 };
    add(windows, vehicleId, 'start_ms', WINDOW_MS, distance, { first_ms: nowMs - 5, last_ms: nowMs });
    add(health, vehicleId, 'start_ms', 60_000, { max_engine_temp_c: value / 7, readings: 1 });
    add(behaviour, driverId, 'first_end_ms', WINDOW_MS, { overspeed: 1, score: 2 }, { last_end_ms: nowMs });
    add(utilisation, '', 'end_ms', 5000, { active: 1, idle: value });
    add(panes, driverId, 'start_ms', PANE_MS, { distance_m: value / 3, driving_ms: afterMs, harsh_brakes: value % 2 });
    add(hours, vehicleId, 'start_ms', HOUR_MS, { ...distance, ...times });
    add(days, vehicleId, 'start_ms', DAY_MS, { ...distance, ...times });
    const tripStartMs = floorTo(nowMs, TRIP_MS);
    const id = hashId('trip', vehicleId, tripStartMs);
    const place = { vehicleId, startMs: tripStartMs };
    trips.set(at, id, (before) =>
      trip(id, { ...place, driverId, endMs: nowMs, revision: (before?.revision ?? -1) + 1, distanceM: value }),
    );
    if (kind === 'clear') stops.set(at, id, () => stop(id, { ...place, endMs: value > 60 ? nowMs : Number.NaN }));
    const summary = { vehicleId, firstMs: tripStartMs, lastMs: nowMs, distanceM: value };
    if (kind === 'raise') summaries.set(at, id, () => tripSummary(`T-${vehicle}`, summary));
    if (at < from) continue;
    const event = { ...place, driverId, startMs: nowMs, endMs: nowMs + value };
    if (kind === 'acknowledge') once.breakViolations.push(violation(hashId('break', at), event));
    if (kind === 'drift') once.driverEvents.push(driverEvent(hashId('event', at), event));
    if (kind === 'bad')
      once.late.push(late(at, { vehicleId, receivedMs: nowMs, eventMs: nowMs - value, behindMs: value }));
  }
  return streamOutputs({
    ...once,
    vehicleWindows: windows.changed,
    healthWindows: health.changed,
    behaviour: behaviour.changed,
    utilisation: utilisation.changed,
    driverPanes: panes.changed,
    vehicleHours: hours.changed,
    vehicleDays: days.changed,
    trips: trips.changed,
    stops: stops.changed,
    tripSummaries: summaries.changed,
  });
}
