import { ZERO_COUNTERS } from '../../model/counters.ts';
import { MOVEMENT } from '../../model/movement.ts';
import type { OutputBatch, TrackChunk, VehicleRow } from '../../model/outputs.ts';
import type { QuarantineReason, QuarantineSample, SchemaNotice } from '../../model/quarantine.ts';
import { batch, type Minute, minuteRows, sample, signals, T0_MS, trackChunk, vehicleRow } from './batches.ts';
import { toyAlerts } from './toy-alerts.ts';
import type { ToyEvent } from './toy-event.ts';
import { toyStream } from './toy-stream.ts';

const MINUTE_MS = 60_000;
const POINTS_PER_CHUNK = 3;

/**
 * A small deterministic engine that gives every kind of output: chunks of three points, a minute row when the minute is over,
 * alert episodes with all that goes with them. `cut(from, to)` is the batch of the records [from, to), whatever came before was cut how.
 */
export function toyBatch(events: readonly ToyEvent[], from: number, to: number, withCheckpoint: boolean): OutputBatch {
  const vehicles = new Map<string, VehicleRow>();
  const openChunk = new Map<string, { startMs: number; points: number }>();
  const openMinute = new Map<string, Minute>();
  const alerts = toyAlerts(from);
  const changedVehicles = new Set<string>();
  const tracks: TrackChunk[] = [];
  const minutes: Minute[] = [];
  const rulesChanges: OutputBatch['rulesChanges'] = [];
  const quarantineSamples: QuarantineSample[] = [];
  const schemaNotices: SchemaNotice[] = [];
  const noticed = new Set<string>();
  const counts: Partial<Record<QuarantineReason, number>> = {};
  const counters = { ...ZERO_COUNTERS };
  let nowMs = T0_MS;

  const fix = (vehicleId: string, value: number, emit: boolean): void => {
    const minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    const open = openMinute.get(vehicleId);
    if (open && open.minuteMs < minuteMs && emit) minutes.push(open);
    const best = open?.minuteMs === minuteMs ? Math.max(open.maxSpeedKmph, value) : value;
    const row = signals({ speed_kmph: value, ...(value % 2 > 0 && { fuel_pct: value, ignition: 1 }) });
    openMinute.set(vehicleId, { vehicleId, minuteMs, maxSpeedKmph: best, signals: row });
    const chunk = openChunk.get(vehicleId) ?? { startMs: nowMs, points: 0 };
    openChunk.set(vehicleId, { ...chunk, points: chunk.points + 1 });
    if (chunk.points + 1 === POINTS_PER_CHUNK) {
      openChunk.delete(vehicleId);
      if (emit) tracks.push(trackChunk(vehicleId, chunk.startMs, POINTS_PER_CHUNK));
    }
    const firstSeenMs = vehicles.get(vehicleId)?.firstSeenMs ?? nowMs;
    const movement = value > 5 ? MOVEMENT.moving : MOVEMENT.stopped;
    const seen = { firstSeenMs, lastEventMs: nowMs, lastReceivedMs: nowMs };
    vehicles.set(vehicleId, vehicleRow(vehicleId, { ...seen, movement, lat: value, lon: -value, signals: row }));
    counters.events++;
  };

  for (let position = 0; position < to; position++) {
    const { kind, vehicle, afterMs, value } = events[position];
    const vehicleId = `V-${vehicle}`;
    const emit = position >= from;
    nowMs += afterMs;
    counters.processed++;
    fix(vehicleId, value, emit);
    if (emit) changedVehicles.add(vehicleId);
    alerts.apply(events[position], position, nowMs, vehicleId);
    if (kind === 'bad') {
      counters.quarantined++;
      counts['bad-json'] = (counts['bad-json'] ?? 0) + 1;
      if (emit) quarantineSamples.push(sample(position));
    } else if (kind === 'drift' && !noticed.has(vehicleId)) {
      noticed.add(vehicleId);
      const notice = {
        topicKind: 'status',
        field: vehicleId,
        change: 'new-field',
        detail: 'number',
        firstMs: nowMs,
      } as const;
      if (emit) schemaNotices.push(notice);
    } else if (kind === 'rules' && emit) {
      const change = { packs: [{ name: 'a.yaml', text: `v: ${value}` }], by: 'kim', comment: 'tuned' };
      rulesChanges.push({ change, atMs: nowMs, position });
    }
  }

  return batch(from, to, {
    engineMs: nowMs,
    vehicles: [...vehicles.values()].filter((row) => changedVehicles.has(row.vehicleId)),
    tracks,
    minutes: minuteRows(minutes),
    ...alerts.outputs(),
    rulesChanges,
    quarantineCounts: counts,
    quarantineSamples,
    schemaNotices,
    counters,
    stream: toyStream(events, from, to),
    checkpoint: withCheckpoint ? new TextEncoder().encode(`state after ${to}`) : undefined,
  });
}
