import type { FleetColumns } from '../../core/protocol/frame.ts';
import { DrawOrder } from './draw-order.ts';
import { ALERT, FLAGS, HOVERED, RECORD_BYTES, SELECTED, STYLE, UNACKNOWLEDGED } from './fleet-record.ts';
import { Glides, type LonLat } from './glides.ts';
import { type PickViewport, pickNearest } from './pick.ts';

/** A vehicle that reports at other intervals than these is drawn as if it reported at the nearest of them. */
const MIN_GLIDE_S = 0.3;
const MAX_GLIDE_S = 3;
const FIRST_INTERVAL_S = 1;
/** A glide takes a little longer than the usual interval, so that a fix that is a little late does not stop the vehicle. */
const GLIDE_STRETCH = 1.1;
/** Farther than this (5 km at the equator) is no movement between two fixes: the vehicle is put there at once. */
const SNAP_DEG = 0.05;
const INITIAL_CAPACITY = 1024;

function grown<T extends Uint8Array | Float32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/**
 * The fleet as the map draws it: a column per fact and one GPU record per slot, in typed arrays. Positions glide from
 * where a vehicle is drawn to its newest fix. Columns are replaced when the buffer grows: read them through the buffer.
 * `nowS` is everywhere the app clock in seconds (see `appNowS`), which never runs backwards. One map draws one buffer.
 */
export class FleetBuffer {
  /** Slots in use are below this. */
  count = 0;
  capacity = INITIAL_CAPACITY;
  readonly glides = new Glides(INITIAL_CAPACITY);
  /** Newest fix in degrees, exact; NaN = no position. */
  lon = new Float64Array(INITIAL_CAPACITY).fill(Number.NaN);
  lat = new Float64Array(INITIAL_CAPACITY).fill(Number.NaN);
  /** km/h; NaN = not known. */
  speedKmph = new Float32Array(INITIAL_CAPACITY).fill(Number.NaN);
  /** Event time of the newest message, Unix ms; 0 = none. */
  eventMs = new Float64Array(INITIAL_CAPACITY);
  /** See MOVEMENT. */
  movement = new Uint8Array(INITIAL_CAPACITY);
  /** Most urgent open alert, see PRIORITY; 0 = none. */
  priority = new Uint8Array(INITIAL_CAPACITY);
  /** 1 where that alert waits for its acknowledgement. */
  unacknowledged = new Uint8Array(INITIAL_CAPACITY);
  /** 1 where a count bubble stands for the vehicle. Whoever writes it calls `touchOrder`. */
  binned = new Uint8Array(INITIAL_CAPACITY);
  selectedSlot = -1;
  hoveredSlot = -1;
  /** Slots whose record changed since `clearDirty`, inclusive; empty while from > to. */
  dirtyFrom = Number.POSITIVE_INFINITY;
  dirtyTo = -1;
  /** Frames applied. */
  updates = 0;
  /** What the last `apply` took, ms. */
  lastApplyMs = 0;
  private heardAtS = new Float64Array(INITIAL_CAPACITY);
  private intervalS = new Float32Array(INITIAL_CAPACITY).fill(FIRST_INTERVAL_S);
  private readonly order = new DrawOrder();
  private orderStale = true;
  private readonly listeners = new Set<() => void>();
  private readonly drawn: LonLat = [0, 0];

  /** Takes in changed vehicles, which arrived at `nowS`. O(rows), amortised. */
  apply(frame: FleetColumns, nowS: number): void {
    const startMs = performance.now();
    if (this.glides.rebase(this.count, nowS)) this.markDirty(0, this.count - 1);
    for (let row = 0; row < frame.count; row++) {
      const slot = frame.slot[row];
      if (slot >= this.capacity) this.grow(slot + 1);
      if (slot >= this.count) this.count = slot + 1;
      this.takeFix(slot, frame.lon[row], frame.lat[row], frame.headingDeg[row], nowS);
      if (frame.eventMs[row] !== this.eventMs[slot]) this.heardAtS[slot] = nowS;
      this.takeLook(slot, frame.movement[row], frame.priority[row], frame.unacknowledged[row]);
      this.speedKmph[slot] = frame.speedKmph[row];
      this.eventMs[slot] = frame.eventMs[row];
      this.markDirty(slot, slot);
    }
    this.updates++;
    this.lastApplyMs = performance.now() - startMs;
    this.notify();
  }

  /** Forgets all vehicles: the slots of another session mean other vehicles. */
  clear(): void {
    this.setSelected(-1);
    this.setHovered(-1);
    this.count = 0;
    this.lon.fill(Number.NaN);
    this.lat.fill(Number.NaN);
    this.speedKmph.fill(Number.NaN);
    this.eventMs.fill(0);
    for (const column of [this.movement, this.priority, this.unacknowledged, this.binned]) column.fill(0);
    this.intervalS.fill(FIRST_INTERVAL_S);
    this.glides.clear();
    this.updates++;
    this.touchOrder();
  }

  /** Where the vehicle is drawn at `nowS`; undefined without a position. `out` is filled and returned. */
  at(slot: number, nowS: number, out: LonLat = [0, 0]): LonLat | undefined {
    return this.hasPosition(slot) ? this.glides.at(slot, nowS, out) : undefined;
  }

  /** The drawn vehicle nearest to the pixel (x, y), at most `radiusPx` away; -1 = none. Ties go to the one on top. */
  pick(viewport: PickViewport, x: number, y: number, radiusPx: number, nowS: number): number {
    return pickNearest(this.glides, this.drawOrder(), viewport, x, y, radiusPx, nowS);
  }

  hasPosition(slot: number): boolean {
    return slot >= 0 && slot < this.count && !Number.isNaN(this.lon[slot]);
  }

  /** -1 = nothing selected. */
  setSelected(slot: number): void {
    if (slot === this.selectedSlot) return;
    this.setFlag(this.selectedSlot, SELECTED, false);
    this.setFlag(slot, SELECTED, true);
    this.selectedSlot = slot;
    this.touchOrder();
  }

  /** -1 = nothing hovered. */
  setHovered(slot: number): void {
    if (slot === this.hoveredSlot) return;
    this.setFlag(this.hoveredSlot, HOVERED, false);
    this.setFlag(slot, HOVERED, true);
    this.hoveredSlot = slot;
    this.touchOrder();
  }

  /** South-west and north-east corner of all newest fixes, degrees; undefined while no vehicle has a position. */
  bounds(): [LonLat, LonLat] | undefined {
    const low: LonLat = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const high: LonLat = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let slot = 0; slot < this.count; slot++) {
      const lon = this.lon[slot];
      const lat = this.lat[slot];
      if (lon < low[0]) low[0] = lon;
      if (lon > high[0]) high[0] = lon;
      if (lat < low[1]) low[1] = lat;
      if (lat > high[1]) high[1] = lat;
    }
    return low[0] <= high[0] ? [low, high] : undefined;
  }

  /** The slots that are drawn, bottom first. */
  drawOrder(): DrawOrder {
    if (this.orderStale) {
      this.order.rebuild(this);
      this.orderStale = false;
    }
    return this.order;
  }

  /** Call after writing `binned`. */
  touchOrder(): void {
    this.orderStale = true;
    this.notify();
  }

  /** Call when the records in the dirty range have been uploaded. */
  clearDirty(): void {
    this.dirtyFrom = Number.POSITIVE_INFINITY;
    this.dirtyTo = -1;
  }

  markDirty(from: number, to: number): void {
    if (from < this.dirtyFrom) this.dirtyFrom = from;
    if (to > this.dirtyTo) this.dirtyTo = to;
  }

  /** Calls back after every change, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  private takeFix(slot: number, lon: number, lat: number, headingDeg: number, nowS: number): void {
    const known = this.hasPosition(slot);
    const valid = !Number.isNaN(lon) && !Number.isNaN(lat);
    if (known !== valid) this.orderStale = true;
    // A frame may bring only a new alert or status: then the glide goes on.
    if (known && lon === this.lon[slot] && lat === this.lat[slot]) return;
    this.lon[slot] = valid ? lon : Number.NaN;
    this.lat[slot] = valid ? lat : Number.NaN;
    if (!valid) return;
    if (!known) this.glides.place(slot, lon, lat, headingDeg, nowS);
    else this.glideTo(slot, lon, lat, headingDeg, nowS);
  }

  private glideTo(slot: number, lon: number, lat: number, headingDeg: number, nowS: number): void {
    const gapS = Math.min(MAX_GLIDE_S, Math.max(MIN_GLIDE_S, nowS - this.heardAtS[slot]));
    const intervalS = (this.intervalS[slot] + gapS) / 2;
    this.intervalS[slot] = intervalS;
    const [fromLon, fromLat] = this.glides.at(slot, nowS, this.drawn);
    if (Math.abs(fromLon - lon) > SNAP_DEG || Math.abs(fromLat - lat) > SNAP_DEG) {
      this.glides.place(slot, lon, lat, headingDeg, nowS);
      return;
    }
    const durationS = Math.min(MAX_GLIDE_S, intervalS * GLIDE_STRETCH);
    this.glides.start(slot, fromLon, fromLat, lon, lat, headingDeg, nowS, durationS);
  }

  private takeLook(slot: number, movement: number, priority: number, unacknowledged: number): void {
    if (
      movement === this.movement[slot] &&
      priority === this.priority[slot] &&
      unacknowledged === this.unacknowledged[slot]
    )
      return;
    this.movement[slot] = movement;
    this.priority[slot] = priority;
    this.unacknowledged[slot] = unacknowledged;
    const { bytes } = this.glides.records;
    bytes[slot * RECORD_BYTES + STYLE] = movement;
    bytes[slot * RECORD_BYTES + ALERT] = priority | (unacknowledged ? UNACKNOWLEDGED : 0);
    this.orderStale = true;
  }

  private setFlag(slot: number, flag: number, on: boolean): void {
    if (slot < 0) return;
    if (slot >= this.capacity) this.grow(slot + 1);
    const { bytes } = this.glides.records;
    const at = slot * RECORD_BYTES + FLAGS;
    bytes[at] = on ? bytes[at] | flag : bytes[at] & ~flag;
    this.markDirty(slot, slot);
  }

  private grow(needed: number): void {
    let capacity = this.capacity;
    while (capacity < needed) capacity *= 2;
    const noPosition = (): Float64Array<ArrayBuffer> => new Float64Array(capacity).fill(Number.NaN);
    this.glides.grow(capacity);
    this.lon = grown(this.lon, noPosition());
    this.lat = grown(this.lat, noPosition());
    this.speedKmph = grown(this.speedKmph, new Float32Array(capacity).fill(Number.NaN));
    this.eventMs = grown(this.eventMs, new Float64Array(capacity));
    this.movement = grown(this.movement, new Uint8Array(capacity));
    this.priority = grown(this.priority, new Uint8Array(capacity));
    this.unacknowledged = grown(this.unacknowledged, new Uint8Array(capacity));
    this.binned = grown(this.binned, new Uint8Array(capacity));
    this.heardAtS = grown(this.heardAtS, new Float64Array(capacity));
    this.intervalS = grown(this.intervalS, new Float32Array(capacity).fill(FIRST_INTERVAL_S));
    this.capacity = capacity;
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}
