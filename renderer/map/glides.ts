import {
  DELTA,
  DURATION_S,
  HEADINGS,
  HIGH,
  LOW,
  makeRecords,
  RECORD_FLOATS,
  RECORD_HALVES,
  type Records,
  START_S,
} from './fleet-record.ts';

/** Degrees: [lon, lat]. */
export type LonLat = [lon: number, lat: number];

/** float32 seconds are exact to 0.25 ms up to here; beyond it every start time is rewritten against a newer epoch. */
export const REBASE_AFTER_S = 3600;
const FULL_TURN = 65_536;
/** A vehicle turns to its new heading in this part of the glide. */
export const TURN_SHARE = 0.5;

/**
 * The moving part of the GPU records: each slot goes from where it was drawn to its newest fix. The vertex shader
 * computes the same as `at` does here. `nowS` is the app clock in seconds.
 */
export class Glides {
  records: Records;
  /** Zero of the records' start times, on the app clock. */
  epochS = 0;
  /** When the last glide ends, on the app clock. */
  untilS = 0;

  constructor(capacity: number) {
    this.records = makeRecords(capacity);
  }

  grow(capacity: number): void {
    this.records = makeRecords(capacity, this.records);
  }

  clear(): void {
    this.records.bytes.fill(0);
    this.untilS = 0;
  }

  /** Puts a slot at a position at once, looking to `headingDeg` (NaN = as before). */
  place(slot: number, lon: number, lat: number, headingDeg: number, nowS: number): void {
    this.write(slot, lon, lat, lon, lat, nowS, 1);
    const { halves } = this.records;
    const at = slot * RECORD_HALVES + HEADINGS;
    if (!Number.isNaN(headingDeg)) halves[at + 1] = (headingDeg / 360) * FULL_TURN;
    halves[at] = halves[at + 1];
  }

  /** Lets a slot go from (fromLon, fromLat), where it is drawn, to (lon, lat) in `durationS`. */
  start(
    slot: number,
    fromLon: number,
    fromLat: number,
    lon: number,
    lat: number,
    headingDeg: number,
    nowS: number,
    durationS: number,
  ): void {
    const { halves } = this.records;
    const at = slot * RECORD_HALVES + HEADINGS;
    halves[at] = this.headingAt(slot, nowS);
    if (!Number.isNaN(headingDeg)) halves[at + 1] = (headingDeg / 360) * FULL_TURN;
    this.write(slot, fromLon, fromLat, lon, lat, nowS, durationS);
    if (nowS + durationS > this.untilS) this.untilS = nowS + durationS;
  }

  /** Where a slot is drawn at `nowS`. Fills and returns `out`. */
  at(slot: number, nowS: number, out: LonLat): LonLat {
    const { floats } = this.records;
    const word = slot * RECORD_FLOATS;
    const k = this.progress(slot, nowS);
    out[0] = floats[word + HIGH] + floats[word + LOW] + floats[word + DELTA] * k;
    out[1] = floats[word + HIGH + 1] + floats[word + LOW + 1] + floats[word + DELTA + 1] * k;
    return out;
  }

  /** The heading a slot is drawn with at `nowS`, 1/65536 turn clockwise from north. */
  headingAt(slot: number, nowS: number): number {
    const { halves } = this.records;
    const at = slot * RECORD_HALVES + HEADINGS;
    const shortestWay = ((halves[at + 1] - halves[at] + FULL_TURN * 1.5) % FULL_TURN) - FULL_TURN / 2;
    return halves[at] + shortestWay * Math.min(1, this.progress(slot, nowS) / TURN_SHARE);
  }

  /** Moves the epoch to `nowS` when float32 would get too coarse. True = all records below `count` changed. */
  rebase(count: number, nowS: number): boolean {
    const shiftS = nowS - this.epochS;
    if (shiftS <= REBASE_AFTER_S) return false;
    const { floats } = this.records;
    for (let slot = 0; slot < count; slot++) floats[slot * RECORD_FLOATS + START_S] -= shiftS;
    this.epochS = nowS;
    return true;
  }

  private progress(slot: number, nowS: number): number {
    const { floats } = this.records;
    const word = slot * RECORD_FLOATS;
    const k = (nowS - this.epochS - floats[word + START_S]) / floats[word + DURATION_S];
    return k < 0 ? 0 : k < 1 ? k : 1;
  }

  private write(
    slot: number,
    fromLon: number,
    fromLat: number,
    lon: number,
    lat: number,
    nowS: number,
    durationS: number,
  ): void {
    const { floats } = this.records;
    const word = slot * RECORD_FLOATS;
    floats[word + HIGH] = fromLon;
    floats[word + HIGH + 1] = fromLat;
    floats[word + LOW] = fromLon - floats[word + HIGH];
    floats[word + LOW + 1] = fromLat - floats[word + HIGH + 1];
    floats[word + DELTA] = lon - fromLon;
    floats[word + DELTA + 1] = lat - fromLat;
    floats[word + START_S] = nowS - this.epochS;
    floats[word + DURATION_S] = durationS;
  }
}
