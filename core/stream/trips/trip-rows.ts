import { hashId } from '../../model/hash.ts';
import { type StopRow, TRIP_END_REASONS, type TripEndReason, type TripRow } from '../../model/stream-outputs.ts';
import type { StreamSettings } from '../../model/stream-settings.ts';
import type { Step } from '../step.ts';
import * as C from './trip-columns.ts';
import type { TripEvent } from './trip-notes.ts';

const KMPH_PER_M_MS = 3600;

export interface TripDeps {
  vehicleName(slot: number): string;
  tripName(trip: number): string;
  driverName(driver: number): string;
  settings(): StreamSettings;
}

/** `startMs`: as first given out. */
export function tripRowId(vehicleId: string, startMs: number): string {
  return hashId(vehicleId, 'trip', startMs);
}

export function reasonNumber(reason: TripEndReason): number {
  return TRIP_END_REASONS.indexOf(reason);
}

/** The open trip up to the newest step. */
export function openTripRow(columns: C.TripColumns, slot: number, deps: TripDeps): TripRow {
  const { reals, counts, fuels } = columns;
  const at = slot * C.REALS;
  const c = slot * C.COUNTS;
  const vehicleId = deps.vehicleName(slot);
  const distanceM = reals[at + C.DISTANCE_M];
  const movingMs = counts[c + C.MOVING];
  const tripId = deps.tripName(counts[c + C.TRIP]);
  const fuelLow = fuels[slot * C.FUELS + C.FUEL_LOW];
  const odometer =
    counts[c + C.ODOMETER_START] > 0 ? (counts[c + C.ODOMETER] - counts[c + C.ODOMETER_START]) / 1000 : Number.NaN;
  return {
    id: tripRowId(vehicleId, reals[at + C.ID_MS] || reals[at + C.START_MS]),
    vehicleId,
    driverId: deps.driverName(counts[c + C.DRIVER]),
    tripId,
    state: 'open',
    source: (counts[c + C.FLAGS] & C.BY_EVENT) !== 0 ? 'both' : 'telemetry',
    revision: counts[c + C.REVISION],
    startMs: reals[at + C.START_MS],
    endMs: reals[at + C.LAST_MS],
    endReason: '',
    startLat: columns.degrees(slot, C.START_AT),
    startLon: columns.degrees(slot, C.START_AT + 1),
    endLat: columns.degrees(slot, C.END_AT),
    endLon: columns.degrees(slot, C.END_AT + 1),
    distanceM,
    movingMs,
    idlingMs: counts[c + C.IDLING] + counts[c + C.TAIL_IDLING],
    stoppedMs: counts[c + C.STOPPED] + counts[c + C.TAIL_STOPPED],
    gapMs: counts[c + C.GAP] + counts[c + C.TAIL_GAP],
    avgSpeedKmph: averageKmph(distanceM, movingMs),
    maxSpeedKmph: counts[c + C.MAX_SPEED] / 100,
    fixes: counts[c + C.FIXES] + counts[c + C.TAIL_FIXES],
    harshEvents: counts[c + C.HARSH_EVENTS],
    fuelUsedPct: Number.isNaN(fuelLow) ? Number.NaN : fuels[slot * C.FUELS + C.FUEL_USED],
    odometerKm: odometer,
    reportedDistanceM: Number.NaN,
    reportedDurationS: Number.NaN,
  };
}

/** Over the time moving; 0 where it did not. */
export function averageKmph(distanceM: number, movingMs: number): number {
  return movingMs === 0 ? 0 : (distanceM / movingMs) * KMPH_PER_M_MS;
}

/** A move that nothing was heard of: all of its time is a gap, its distance the straight line. */
export function unheardMoveRow(columns: C.TripColumns, step: Step, startMs: number, deps: TripDeps): TripRow {
  return {
    ...emptyRow(deps.vehicleName(step.slot), startMs),
    state: 'completed',
    source: 'telemetry',
    endMs: step.timeMs,
    endReason: 'gap',
    startLat: columns.degrees(step.slot, C.STOP_AT),
    startLon: columns.degrees(step.slot, C.STOP_AT + 1),
    endLat: step.lat,
    endLon: step.lon,
    distanceM: step.legM,
    gapMs: step.timeMs - startMs,
  };
}

/** A trip that is known from what its sender says alone; `start` or `end` may be missing. */
export function toldTripRow(
  start: TripEvent | undefined,
  end: TripEvent | undefined,
  startMs: number,
  endMs: number,
  deps: TripDeps,
): TripRow {
  const event = (start ?? end)!;
  const vehicleId = deps.vehicleName(event.slot);
  const tripId = deps.tripName(event.trip);
  return {
    ...emptyRow(vehicleId, startMs),
    // Beside one of the telemetry that may begin at the same time.
    id: hashId(vehicleId, 'told trip', startMs, tripId),
    driverId: deps.driverName(event.driver || (end?.driver ?? 0)),
    tripId,
    state: end?.cancelled ? 'cancelled' : 'completed',
    source: 'events',
    endMs,
    endReason: 'event',
    startLat: start?.lat ?? Number.NaN,
    startLon: start?.lon ?? Number.NaN,
    endLat: end?.lat ?? Number.NaN,
    endLon: end?.lon ?? Number.NaN,
    distanceM: Number.isNaN(end?.distanceM ?? Number.NaN) ? 0 : end!.distanceM,
    gapMs: endMs - startMs,
    reportedDistanceM: end?.distanceM ?? Number.NaN,
    reportedDurationS: end?.durationS ?? Number.NaN,
  };
}

/** The stop that lasts, or the one before the open trip. */
export function stopRow(columns: C.TripColumns, slot: number, endMs: number, deps: TripDeps): StopRow {
  const { reals, counts } = columns;
  const c = slot * C.COUNTS;
  const vehicleId = deps.vehicleName(slot);
  const startMs = reals[slot * C.REALS + C.STOP_MS];
  const tripMs = columns.stopTripMs(slot);
  return {
    id: hashId(vehicleId, tripMs === 0 ? 'first stop' : 'stop', tripMs === 0 ? startMs : tripMs),
    vehicleId,
    startMs,
    endMs,
    lat: columns.degrees(slot, C.STOP_AT),
    lon: columns.degrees(slot, C.STOP_AT + 1),
    idlingMs: counts[c + C.STOP_IDLING],
    reason: TRIP_END_REASONS[(counts[c + C.FLAGS] & C.REASON_MASK) >> C.REASON_SHIFT],
    tripRowId: tripMs === 0 ? '' : tripRowId(vehicleId, tripMs),
  };
}

function emptyRow(vehicleId: string, startMs: number): TripRow {
  const none = Number.NaN;
  return {
    id: tripRowId(vehicleId, startMs),
    vehicleId,
    driverId: '',
    tripId: '',
    state: 'open',
    source: 'events',
    revision: 1,
    startMs,
    endMs: startMs,
    endReason: '',
    startLat: none,
    startLon: none,
    endLat: none,
    endLon: none,
    distanceM: 0,
    movingMs: 0,
    idlingMs: 0,
    stoppedMs: 0,
    gapMs: 0,
    avgSpeedKmph: 0,
    maxSpeedKmph: 0,
    fixes: 0,
    harshEvents: 0,
    fuelUsedPct: none,
    odometerKm: none,
    reportedDistanceM: none,
    reportedDurationS: none,
  };
}
