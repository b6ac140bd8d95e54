import { haversineM, headingGapDeg } from '../model/geometry.ts';
import { TRACK_POINT_BYTES, type TrackChunk } from '../model/outputs.ts';
import { encodeTrackPoint } from '../model/track-codec.ts';
import { capacityFor, grown } from './arrays.ts';
import type { StateArray } from './fleet-state.ts';

/** Points per chunk: at one point in 10 s a chunk spans four minutes. */
export const CHUNK_POINTS = 24;
const CHUNK_BYTES = CHUNK_POINTS * TRACK_POINT_BYTES;
const CHUNK_SPAN_MS = 3_600_000;

const EVERY_MS = 10_000;
const STANDING_EVERY_MS = 300_000;
const TURN_MIN_MS = 2000;
const TURN_DEG = 25;
const MOVED_M = 5;

/**
 * Thins fixes to a track: one point in 10 s while the vehicle moves, one at turns over 25° (at most every 2 s), one in five
 * minutes while it stands. Open chunks are engine state; a full or old chunk goes to `onChunk`.
 */
export class TrackStore {
  #capacity = 0;
  #data = new Uint8Array(0);
  #view = new DataView(this.#data.buffer);
  #points = new Uint8Array(0);
  #startMs = new Float64Array(0);
  #lastMs = new Float64Array(0);
  #lastLat = new Float64Array(0);
  #lastLon = new Float64Array(0);
  #lastHeading = new Float32Array(0);
  readonly #onChunk: (slot: number, chunk: Omit<TrackChunk, 'vehicleId'>) => void;

  constructor(onChunk: (slot: number, chunk: Omit<TrackChunk, 'vehicleId'>) => void) {
    this.#onChunk = onChunk;
  }

  /** False when a fix at that time would not be kept, wherever it is: spares the call. */
  mayKeep(slot: number, timeMs: number): boolean {
    return slot >= this.#capacity || timeMs - this.#lastMs[slot] >= TURN_MIN_MS;
  }

  /** Offers a fix in event-time order of its vehicle. Degrees, km/h, Unix ms. */
  add(slot: number, timeMs: number, lat: number, lon: number, speedKmph: number, headingDeg: number): void {
    this.#reserve(slot + 1);
    if (this.#lastMs[slot] > 0 && !this.#worthKeeping(slot, timeMs, lat, lon, headingDeg)) return;
    if (
      this.#points[slot] === CHUNK_POINTS ||
      (this.#points[slot] > 0 && timeMs - this.#startMs[slot] > CHUNK_SPAN_MS)
    ) {
      this.#close(slot);
    }
    if (this.#points[slot] === 0) this.#startMs[slot] = timeMs;
    const offset = slot * CHUNK_BYTES + this.#points[slot] * TRACK_POINT_BYTES;
    encodeTrackPoint(this.#view, offset, this.#startMs[slot], timeMs, lat, lon, speedKmph, headingDeg);
    this.#points[slot]++;
    this.#lastMs[slot] = timeMs;
    this.#lastLat[slot] = lat;
    this.#lastLon[slot] = lon;
    this.#lastHeading[slot] = headingDeg;
  }

  /** The open chunk of a vehicle, copied; undefined when it has none. */
  open(slot: number): Omit<TrackChunk, 'vehicleId'> | undefined {
    if (slot >= this.#capacity || this.#points[slot] === 0) return undefined;
    const from = slot * CHUNK_BYTES;
    return {
      startMs: this.#startMs[slot],
      endMs: this.#lastMs[slot],
      points: this.#points[slot],
      data: this.#data.slice(from, from + this.#points[slot] * TRACK_POINT_BYTES),
    };
  }

  arrays(count: number): [name: string, array: StateArray][] {
    this.#reserve(count);
    return [
      ['track.data', this.#data.subarray(0, count * CHUNK_BYTES)],
      ['track.points', this.#points.subarray(0, count)],
      ['track.start', this.#startMs.subarray(0, count)],
      ['track.last', this.#lastMs.subarray(0, count)],
      ['track.lat', this.#lastLat.subarray(0, count)],
      ['track.lon', this.#lastLon.subarray(0, count)],
      ['track.heading', this.#lastHeading.subarray(0, count)],
    ];
  }

  restore(count: number, read: (name: string) => StateArray | undefined): void {
    for (const [name, array] of this.arrays(count)) {
      const stored = read(name);
      if (stored && name !== 'track.data') (array as Float64Array).set(stored as Float64Array);
    }
    this.#restoreData(count, read('track.data') as Uint8Array | undefined);
  }

  /** Chunks may have been longer when they were stored; what does not fit is closed. */
  #restoreData(count: number, stored: Uint8Array | undefined): void {
    if (!stored || count === 0) return;
    const storedBytes = stored.length / count;
    if (storedBytes === CHUNK_BYTES) {
      this.#data.set(stored);
      return;
    }
    for (let slot = 0; slot < count; slot++) {
      const bytes = this.#points[slot] * TRACK_POINT_BYTES;
      const data = stored.subarray(slot * storedBytes, slot * storedBytes + bytes);
      if (bytes <= CHUNK_BYTES) this.#data.set(data, slot * CHUNK_BYTES);
      else {
        const chunk = { startMs: this.#startMs[slot], endMs: this.#lastMs[slot], points: this.#points[slot] };
        this.#points[slot] = 0;
        this.#onChunk(slot, { ...chunk, data: data.slice() });
      }
    }
  }

  #worthKeeping(slot: number, timeMs: number, lat: number, lon: number, headingDeg: number): boolean {
    const sinceMs = timeMs - this.#lastMs[slot];
    if (sinceMs >= STANDING_EVERY_MS) return true;
    if (sinceMs < TURN_MIN_MS) return false;
    const turned = headingGapDeg(headingDeg, this.#lastHeading[slot]) > TURN_DEG;
    if (sinceMs < EVERY_MS && !turned) return false;
    return haversineM(this.#lastLat[slot], this.#lastLon[slot], lat, lon) >= MOVED_M;
  }

  #close(slot: number): void {
    const chunk = this.open(slot);
    this.#points[slot] = 0;
    if (chunk) this.#onChunk(slot, chunk);
  }

  #reserve(count: number): void {
    if (count <= this.#capacity) return;
    const capacity = capacityFor(count, this.#capacity);
    this.#data = grown(this.#data, capacity * CHUNK_BYTES);
    this.#view = new DataView(this.#data.buffer);
    this.#points = grown(this.#points, capacity);
    this.#startMs = grown(this.#startMs, capacity);
    this.#lastMs = grown(this.#lastMs, capacity);
    this.#lastLat = grown(this.#lastLat, capacity);
    this.#lastLon = grown(this.#lastLon, capacity);
    this.#lastHeading = grown(this.#lastHeading, capacity);
    this.#capacity = capacity;
  }
}
