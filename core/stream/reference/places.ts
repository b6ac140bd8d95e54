import type { ReferenceGeofence } from '../../model/reference.ts';
import { capacityFor, grown, type ReadSection, type Sections } from '../arrays.ts';
import type { FleetState } from '../fleet-state.ts';
import { Area } from './area.ts';
import { AreaTree } from './area-tree.ts';
import { PlaceKeys } from './place-keys.ts';

/** A vehicle is out of a geofence when it is outside and this far from its edge, m: fixes waver (thresholds of the field, own judgement). */
export const LEAVE_M = 30;

const NOWHERE: readonly number[] = [];
const NOT_PLACED = -1;

/** Positions of the fleet, by slot; NaN = none yet. */
export type Positions = Pick<FleetState, 'lat' | 'lon' | 'clockMs' | 'count'>;

/**
 * Which geofences each vehicle is in. A vehicle enters where a polygon of the geofence holds its position, and leaves LEAVE_M outside
 * of it. Most fixes end in the same cell of the tree, with no edge near: that costs four comparisons.
 */
export class Places {
  readonly keys = new PlaceKeys();
  readonly #positions: Positions;
  #fences: readonly ReferenceGeofence[] = [];
  #areas: readonly Area[] = [];
  #tree = new AreaTree([], LEAVE_M);
  /** Smallest cell of the tree by slot; NOT_PLACED without a position. Worked out from the position, so no checkpoint has it. */
  #cell = new Int32Array(0);
  /** By slot: south, north, west, east of its cell where no edge is near; nothing lies in the bounds of others. */
  #calm = new Float64Array(0);
  /** By slot: what it is in, numbers ascending, and since when (Unix ms). */
  #inside: (readonly number[])[] = [];
  #sinceMs: (readonly number[])[] = [];
  #found: number[] = [];

  constructor(positions: Positions) {
    this.#positions = positions;
  }

  /** False: there is no geofence, and nothing to move. */
  get any(): boolean {
    return this.#fences.length > 0;
  }

  /** Puts other geofences in force. A vehicle stays in those it was in and that are still there under their id. */
  use(fences: readonly ReferenceGeofence[]): void {
    const before = this.#inside.map((inside) => inside.map((fence) => this.#fences[fence].geofenceId));
    const sinceBefore = this.#sinceMs;
    this.#setFences(fences);
    const numbers = new Map(fences.map(({ geofenceId }, number) => [geofenceId, number]));
    this.#inside = [];
    this.#sinceMs = [];
    const { lat, lon, clockMs, count } = this.#positions;
    for (let slot = 0; slot < count; slot++) {
      const kept = (before[slot] ?? [])
        .map((id, i): [fence: number | undefined, sinceMs: number] => [numbers.get(id), sinceBefore[slot][i]])
        .filter((pair): pair is [number, number] => pair[0] !== undefined)
        .sort((a, b) => a[0] - b[0]);
      if (kept.length > 0) {
        this.#inside[slot] = kept.map(([fence]) => fence);
        this.#sinceMs[slot] = kept.map(([, sinceMs]) => sinceMs);
      }
      if (this.any && !Number.isNaN(lat[slot])) this.move(slot, lat[slot], lon[slot], clockMs[slot]);
    }
  }

  /** A position of a vehicle, degrees, at `timeMs` (Unix ms). True when what it is inside of changed, or is known only now. */
  move(slot: number, lat: number, lon: number, timeMs: number): boolean {
    if (slot >= this.#cell.length) this.#reserve(slot + 1);
    const calm = this.#calm;
    const at = slot * 4;
    if (lat >= calm[at] && lat < calm[at + 1] && lon >= calm[at + 2] && lon < calm[at + 3]) return false;
    const old = this.#cell[slot];
    const x = lon >= 180 ? lon - 360 : lon;
    const cell = this.#enter(slot, lat, x);
    const before = this.#inside[slot] ?? NOWHERE;
    const found = this.#find(cell, before, lat, x);
    if (isSame(found, before)) return old === NOT_PLACED;
    const since = this.#sinceMs[slot] ?? NOWHERE;
    this.#sinceMs[slot] = found.map((fence) => since[before.indexOf(fence)] ?? timeMs);
    this.#inside[slot] = [...found];
    return true;
  }

  /** Whether the vehicle is in a geofence of that key: 1 or 0; NaN when it has no position yet, or no geofence has the key. */
  inside(slot: number, key: number): number {
    if (!this.#isPlaced(slot) || !this.keys.has(key)) return Number.NaN;
    return this.#first(slot, key) === undefined ? 0 : 1;
  }

  /** Name of the first geofence of that key that the vehicle is in; empty outside of all, undefined when that is not known. */
  nameIn(slot: number, key: number): string | undefined {
    if (!this.#isPlaced(slot) || !this.keys.has(key)) return undefined;
    const index = this.#first(slot, key);
    return index === undefined ? '' : this.#fences[this.#inside[slot][index]].name;
  }

  /** Since when the vehicle is in that geofence, Unix ms; NaN outside of all of that key. */
  insideSinceMs(slot: number, key: number): number {
    const index = this.#first(slot, key);
    return index === undefined ? Number.NaN : this.#sinceMs[slot][index];
  }

  /** The lowest limit of the geofences the vehicle is in, km/h; NaN where none has one. */
  limitKmph(slot: number): number {
    let lowest = Number.NaN;
    for (const fence of this.#inside[slot] ?? NOWHERE) {
      const limit = this.#fences[fence].limitKmph;
      if (limit !== undefined && !(limit >= lowest)) lowest = limit;
    }
    return lowest;
  }

  arrays(count: number): Sections {
    if (!this.any) return [];
    const inside = Array.from({ length: count }, (_, slot) => this.#inside[slot] ?? NOWHERE);
    return [
      ['reference.places', Int32Array.from(inside, (fences) => fences.length)],
      ['reference.inside', Int32Array.from(inside.flat())],
      ['reference.since', Float64Array.from(inside.flatMap((_, slot) => this.#sinceMs[slot] ?? NOWHERE))],
    ];
  }

  /** After the positions were restored: fences are those of the checkpoint. */
  restore(fences: readonly ReferenceGeofence[], count: number, read: ReadSection): void {
    this.#setFences(fences);
    const [counts, inside, since] = ['reference.places', 'reference.inside', 'reference.since'].map(read);
    const { lat, lon } = this.#positions;
    this.#reserve(count);
    let at = 0;
    for (let slot = 0; slot < count; slot++) {
      const length = counts?.[slot] ?? 0;
      if (inside && since && length > 0) {
        this.#inside[slot] = Array.from(inside.subarray(at, at + length));
        this.#sinceMs[slot] = Array.from(since.subarray(at, at + length));
      }
      at += length;
      if (this.any && !Number.isNaN(lat[slot])) {
        this.#enter(slot, lat[slot], lon[slot] >= 180 ? lon[slot] - 360 : lon[slot]);
      }
    }
  }

  #setFences(fences: readonly ReferenceGeofence[]): void {
    this.#fences = fences;
    this.#areas = fences.map((fence) => new Area(fence));
    this.#tree = new AreaTree(this.#areas, LEAVE_M);
    this.#cell.fill(NOT_PLACED);
    this.#calm.fill(Number.NaN);
    this.keys.use(fences);
  }

  /** Notes the cell in which the vehicle is. */
  #enter(slot: number, lat: number, lon: number): number {
    const old = this.#cell[slot];
    if (old !== NOT_PLACED && this.#tree.holds(old, lat, lon)) return old;
    const cell = this.#tree.cellAt(lat, lon);
    this.#cell[slot] = cell;
    if (this.#tree.near[cell].length === 0) this.#tree.bounds(cell, this.#calm, slot * 4);
    else this.#calm[slot * 4] = Number.NaN;
    return cell;
  }

  /** What a vehicle in that cell is in, given what it was in; valid until the next call. */
  #find(cell: number, before: readonly number[], lat: number, lon: number): readonly number[] {
    const whole = this.#tree.whole[cell];
    const near = this.#tree.near[cell];
    const found = this.#found;
    found.length = 0;
    let i = 0;
    for (const fence of near) {
      while (i < whole.length && whole[i] < fence) found.push(whole[i++]);
      const area = this.#areas[fence];
      if (area.contains(lat, lon) || (before.includes(fence) && area.edgeWithin(lat, lon, LEAVE_M))) found.push(fence);
    }
    while (i < whole.length) found.push(whole[i++]);
    return found;
  }

  #isPlaced(slot: number): boolean {
    return slot < this.#cell.length && this.#cell[slot] !== NOT_PLACED;
  }

  /** Where in the vehicle's list the first geofence of that key is. */
  #first(slot: number, key: number): number | undefined {
    const inside = this.#inside[slot] ?? NOWHERE;
    for (let i = 0; i < inside.length; i++) if (this.keys.isOf(inside[i], key)) return i;
    return undefined;
  }

  #reserve(count: number): void {
    const old = this.#cell.length;
    if (count <= old) return;
    this.#cell = grown(this.#cell, capacityFor(count, old));
    this.#cell.fill(NOT_PLACED, old);
    this.#calm = grown(this.#calm, this.#cell.length * 4, Number.NaN);
  }
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
