import { ARRAY_SIGNALS, columnOf, SIGNALS, type SignalSpec } from '../model/signals.ts';
import { TOPIC_KIND, type TopicKind } from '../model/topics.ts';
import { FIGURE, LAT_PLACE, LON_PLACE, TEXT } from './event-row.ts';

/** How one field of a payload is read. Array signals fill `count` consecutive columns. */
export type FieldSpec =
  | { readonly key: string; readonly type: 'number'; readonly signal: SignalSpec }
  | { readonly key: string; readonly type: 'flag'; readonly signal: SignalSpec }
  | { readonly key: string; readonly type: 'numbers'; readonly signals: readonly SignalSpec[] }
  | { readonly key: string; readonly type: 'lat' | 'lon' }
  | { readonly key: string; readonly type: 'figure'; readonly figure: number; readonly range: Range }
  | { readonly key: string; readonly type: 'vehicle' | 'time' | 'eventId' | 'codes' }
  | { readonly key: string; readonly type: 'text'; readonly text: number; readonly required: boolean };

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

const LATITUDE: Range = { min: -90, max: 90, unit: '°' };
const LONGITUDE: Range = { min: -180, max: 180, unit: '°' };
/** A trip of a year at most, once around the earth at every day of it. */
const DISTANCE: Range = { min: 0, max: 1e10, unit: 'm' };
const DURATION: Range = { min: 0, max: 31_536_000, unit: 's' };

/** What a topic's objects hold. `fields` are in the order senders usually write them: the scanner predicts the next key. */
export interface TopicProfile {
  readonly kind: TopicKind;
  readonly name: string;
  readonly fields: readonly FieldSpec[];
  /** True when the byte scanner is worth it; the rare topics go through JSON.parse. */
  readonly frequent: boolean;
}

/** Longest vehicle id in bytes. */
export const MAX_ID_BYTES = 128;

/** True when an object without this field is set aside. */
export function isRequired(field: FieldSpec): boolean {
  return field.type === 'vehicle' || field.type === 'time' || (field.type === 'text' && field.required);
}

/** What a number in this field may be; everything else is impossible. */
export function fieldRange(field: FieldSpec): Range {
  if (field.type === 'lat') return LATITUDE;
  if (field.type === 'lon') return LONGITUDE;
  if (field.type === 'figure') return field.range;
  if (field.type === 'number' || field.type === 'flag') return field.signal;
  if (field.type === 'numbers') return field.signals[0];
  return { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY, unit: '' };
}

/** Where the field's value goes in a row: a place in its values (the first of several), a figure or a text field. */
export function fieldPlace(field: FieldSpec): number {
  if (field.type === 'lat') return LAT_PLACE;
  if (field.type === 'lon') return LON_PLACE;
  if (field.type === 'vehicle') return TEXT.vehicleId;
  if ('signal' in field) return field.signal.column;
  if ('signals' in field) return field.signals[0].column;
  if ('figure' in field) return field.figure;
  return 'text' in field ? field.text : 0;
}

const vehicle: FieldSpec = { key: 'vehicle_id', type: 'vehicle' };
const time: FieldSpec = { key: 'timestamp', type: 'time' };
const eventId: FieldSpec = { key: 'event_id', type: 'eventId' };
const text = (key: string, field: number, required = false): FieldSpec => ({
  key,
  type: 'text',
  text: field,
  required,
});
const figure = (key: string, place: number, range: Range): FieldSpec => ({ key, type: 'figure', figure: place, range });

const arrayMembers = new Set(Object.values(ARRAY_SIGNALS).flat());

/** Every signal may come in telemetry or in status (reference: messages of the default profile). */
const signalFields: FieldSpec[] = [
  ...SIGNALS.filter((s) => !arrayMembers.has(s.name)).map(
    (signal): FieldSpec => ({ key: signal.name, type: signal.flag ? 'flag' : 'number', signal }),
  ),
  ...Object.entries(ARRAY_SIGNALS).map(
    ([key, names]): FieldSpec => ({ key, type: 'numbers', signals: names.map((n) => SIGNALS[columnOf(n)]) }),
  ),
  { key: 'fault_codes', type: 'codes' },
];

/** `fields` first in the given order, then every signal not among them. */
function withSignals(first: readonly (FieldSpec | string)[]): FieldSpec[] {
  const byKey = new Map(signalFields.map((f) => [f.key, f]));
  const head = first.map((f) => (typeof f === 'string' ? byKey.get(f)! : f));
  const named = new Set(head.map((f) => f.key));
  return [...head, ...signalFields.filter((f) => !named.has(f.key))];
}

const driver = text('driver_id', TEXT.driverId);
const trip = text('trip_id', TEXT.tripId);
const position: FieldSpec[] = [
  { key: 'lat', type: 'lat' },
  { key: 'lon', type: 'lon' },
];

/** The default profile (docs/messages.md). `alert` uses `ts` for its time; a command has nothing to apply. */
export const DEFAULT_PROFILE: readonly TopicProfile[] = [
  {
    kind: TOPIC_KIND.telemetry,
    name: 'telemetry',
    frequent: true,
    fields: withSignals([
      eventId,
      vehicle,
      driver,
      trip,
      time,
      ...position,
      'speed_kmph',
      'heading',
      'sat_count',
      'battery_v',
    ]),
  },
  {
    kind: TOPIC_KIND.trip,
    name: 'trip',
    frequent: false,
    fields: [
      eventId,
      text('trip_id', TEXT.tripId, true),
      vehicle,
      driver,
      text('event_type', TEXT.eventType, true),
      time,
      figure('origin_lat', FIGURE.originLat, LATITUDE),
      figure('origin_lon', FIGURE.originLon, LONGITUDE),
      figure('end_lat', FIGURE.endLat, LATITUDE),
      figure('end_lon', FIGURE.endLon, LONGITUDE),
      figure('distance_m', FIGURE.distanceM, DISTANCE),
      figure('duration_sec', FIGURE.durationS, DURATION),
      text('status', TEXT.status),
    ],
  },
  {
    kind: TOPIC_KIND.status,
    name: 'status',
    frequent: true,
    fields: withSignals([
      vehicle,
      time,
      'fuel_pct',
      'engine_temp_c',
      'odometer_km',
      'fault_codes',
      eventId,
      driver,
      trip,
    ]),
  },
  {
    kind: TOPIC_KIND.driver,
    name: 'driver',
    frequent: false,
    fields: [eventId, driver, vehicle, text('event_type', TEXT.eventType, true), time, trip, ...position],
  },
  {
    kind: TOPIC_KIND.alert,
    name: 'alert',
    frequent: false,
    fields: [
      text('alert_id', TEXT.alertId),
      { key: 'ts', type: 'time' },
      vehicle,
      trip,
      text('alert_type', TEXT.alertType, true),
      text('severity', TEXT.severity),
      text('details', TEXT.details),
      text('source', TEXT.source),
    ],
  },
];
