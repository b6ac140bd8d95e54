import type Database from 'better-sqlite3';
import { nameOf, timeSpan } from './arguments.ts';
import { SIGNAL_COLUMNS } from './signal-columns.ts';

const MINUTE_MS = 60_000;
/** Longer spans are merged into buckets so that no answer has more points. */
export const MAX_MINUTE_POINTS = 2000;

export const FIND_VEHICLE = 'SELECT id FROM vehicle WHERE vehicle_id = ?';
export const FIRST_MINUTE = 'SELECT minute_ms FROM vehicle_minute ORDER BY minute_ms LIMIT 1';
export const LAST_MINUTE = 'SELECT minute_ms FROM vehicle_minute ORDER BY minute_ms DESC LIMIT 1';

// The key is (minute, vehicle), which is what writing wants; one vehicle's minutes are looked up one by one (about 4 µs each).
export const SELECT_MINUTES = `
  WITH RECURSIVE span (ms) AS (SELECT :fromMs UNION ALL SELECT ms + ${MINUTE_MS} FROM span WHERE ms + ${MINUTE_MS} <= :lastMs)
  SELECT m.minute_ms, m.max_speed_kmph, ${SIGNAL_COLUMNS.map((column) => `m.${column}`).join(', ')}
  FROM span CROSS JOIN vehicle_minute AS m ON m.minute_ms = span.ms AND m.vehicle = :vehicle`;

/** Minute samples of one vehicle, oldest first: `values[signal][i]` belongs to `minuteMs[i]`; null = not known. */
export interface VehicleMinutes {
  readonly minuteMs: number[];
  readonly maxSpeedKmph: (number | null)[];
  /** By signal name; every signal of the catalogue is there. Flags are 0 or 1. */
  readonly values: Record<string, (number | null)[]>;
}

export interface SpanArguments {
  readonly vehicleId: string;
  /** Unix ms, included. */
  readonly fromMs: number;
  /** Unix ms, not included. */
  readonly toMs: number;
}

/** Maximum speed and newest known values of the minutes that share a bucket. */
function addMinute(out: VehicleMinutes, row: readonly (number | null)[], sameBucket: boolean): void {
  const [minuteMs, maxSpeed, ...signals] = row;
  if (!sameBucket) {
    out.minuteMs.push(minuteMs ?? 0);
    out.maxSpeedKmph.push(maxSpeed);
    for (const [i, name] of SIGNAL_COLUMNS.entries()) out.values[name].push(signals[i]);
    return;
  }
  const last = out.minuteMs.length - 1;
  const highest = out.maxSpeedKmph[last];
  if (maxSpeed !== null && (highest === null || maxSpeed > highest)) out.maxSpeedKmph[last] = maxSpeed;
  for (const [i, name] of SIGNAL_COLUMNS.entries()) {
    if (signals[i] !== null) out.values[name][last] = signals[i];
  }
}

/** Answers `vehicle.minutes`: at most 2,000 points; a vehicle nobody has heard of has none. */
export function minuteQuery(db: Database.Database): (args: SpanArguments) => VehicleMinutes {
  const find = db.prepare<[string], number>(FIND_VEHICLE).pluck();
  const first = db.prepare<[], number>(FIRST_MINUTE).pluck();
  const last = db.prepare<[], number>(LAST_MINUTE).pluck();
  const select = db
    .prepare<{ vehicle: number; fromMs: number; lastMs: number }, (number | null)[]>(SELECT_MINUTES)
    .raw();

  return (args) => {
    const { fromMs, toMs } = timeSpan(args);
    const vehicle = find.get(nameOf('vehicleId', args.vehicleId));
    const out: VehicleMinutes = {
      minuteMs: [],
      maxSpeedKmph: [],
      values: Object.fromEntries(SIGNAL_COLUMNS.map((name) => [name, []])),
    };
    const start = Math.max(Math.floor(fromMs / MINUTE_MS) * MINUTE_MS, first.get() ?? Number.POSITIVE_INFINITY);
    const end = Math.min(Math.ceil(toMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS, last.get() ?? 0);
    if (vehicle === undefined || start > end) return out;
    const bucketMs = Math.ceil((end - start + MINUTE_MS) / MINUTE_MS / MAX_MINUTE_POINTS) * MINUTE_MS;
    let bucket = -1;
    for (const row of select.iterate({ vehicle, fromMs: start, lastMs: end })) {
      const own = Math.floor(((row[0] ?? 0) - start) / bucketMs);
      addMinute(out, row, own === bucket);
      bucket = own;
    }
    return out;
  };
}
