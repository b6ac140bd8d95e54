import { SIGNALS } from '../model/signals.ts';
import { TOPIC_KIND, type TopicKind } from '../model/topics.ts';

/**
 * One decoded object, reused for every message: nothing is allocated per event. Strings stay bytes of the payload
 * (`textStart`/`textLength` by TEXT) until someone needs them. Valid until the next object is decoded.
 */
export class EventRow {
  kind: TopicKind = 0;
  slot = -1;
  /** Event time, Unix ms. */
  timeMs = Number.NaN;
  /** Fingerprint for duplicate detection: of `event_id`, or of the whole object where the topic has none. */
  idA = 0;
  idB = 0;
  /** `values[column]` is set for the columns in `touched[0 … touchedCount)`; NaN there means the sender said null. */
  readonly values = new Float64Array(SIGNALS.length + 2);
  readonly touched = new Uint8Array(SIGNALS.length);
  touchedCount = 0;
  /** What a trip event says besides, by FIGURE; NaN = not said. */
  readonly figures = new Float64Array(FIGURE_COUNT);
  /** Bytes the text fields point into. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The same bytes for reading several at once. */
  view = new DataView(this.bytes.buffer);
  readonly textStart = new Int32Array(TEXT_COUNT);
  /** -1 = the object does not have the field. */
  readonly textLength = new Int32Array(TEXT_COUNT).fill(-1);

  /** Degrees; NaN when the object has no position. */
  get lat(): number {
    return this.values[LAT_PLACE];
  }

  set lat(degrees: number) {
    this.values[LAT_PLACE] = degrees;
  }

  get lon(): number {
    return this.values[LON_PLACE];
  }

  set lon(degrees: number) {
    this.values[LON_PLACE] = degrees;
  }

  /** From now on text fields point into these bytes. */
  open(bytes: Uint8Array): void {
    if (bytes === this.bytes) return;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  reset(kind: TopicKind, bytes: Uint8Array): void {
    this.open(bytes);
    this.kind = kind;
    this.slot = -1;
    this.timeMs = Number.NaN;
    this.idA = 0;
    this.idB = 0;
    this.lat = Number.NaN;
    this.lon = Number.NaN;
    this.touchedCount = 0;
    if (kind === TOPIC_KIND.trip) this.figures.fill(Number.NaN);
    const { textLength } = this;
    for (let i = 0; i < TEXT_COUNT; i++) textLength[i] = -1;
  }

  setSignal(column: number, value: number): void {
    this.values[column] = value;
    this.touched[this.touchedCount++] = column;
  }

  setText(field: number, start: number, length: number): void {
    this.textStart[field] = start;
    this.textLength[field] = length;
  }

  /** A text field as a string; empty when the object does not have it. Allocates: not for the hot path. */
  text(field: number): string {
    const length = this.textLength[field];
    if (length <= 0) return '';
    const start = this.textStart[field];
    return decoder.decode(this.bytes.subarray(start, start + length));
  }
}

/** Where `values` holds the position: after the signals, and never `touched`. */
export const LAT_PLACE = SIGNALS.length;
export const LON_PLACE = SIGNALS.length + 1;

/** Text fields of an event, as indexes. */
export const TEXT = {
  driverId: 0,
  tripId: 1,
  eventType: 2,
  faultCodes: 3,
  alertType: 4,
  alertId: 5,
  details: 6,
  severity: 7,
  vehicleId: 8,
  status: 9,
  source: 10,
} as const;
export const TEXT_COUNT = 11;

/** Figures of trip events, as indexes. */
export const FIGURE = { originLat: 0, originLon: 1, endLat: 2, endLon: 3, distanceM: 4, durationS: 5 } as const;
export const FIGURE_COUNT = 6;

const decoder = new TextDecoder();
