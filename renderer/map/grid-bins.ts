import { CellTable } from './cell-table.ts';
import type { FleetBuffer } from './fleet-buffer.ts';
import { mercatorX, mercatorY, worldPx } from './mercator.ts';

/** Many vehicles that would lie on top of each other, as one sign on the map. */
export interface Bubble {
  /** Vehicles it stands for. */
  count: number;
  /** Centre of those vehicles in Web Mercator, 0–1. */
  x: number;
  y: number;
  /** Most urgent priority among those that wait for an acknowledgement, see PRIORITY; 0 = none waits. */
  worst: number;
  /** How many of them wait for an acknowledgement. */
  unacknowledged: number;
}

/** From here on every vehicle is drawn by itself. */
export const BUBBLES_BELOW_ZOOM = 11;
const CELL_PX = 44;
/**
 * A cell with this many vehicles becomes a bubble. From afar a whole depot lies on a few pixels; closer, vehicles are spread
 * over their cell, and it takes many to make it unreadable.
 */
const CROWD_FROM_AFAR = 8;
const CROWD_CLOSER = 20;
const CLOSER_ZOOM = 7;
/** A bubble stays until its cell has less than this share of a crowd: no flicker at the limit. */
const STAY_SHARE = 0.6;
/** Cells are cut for steps of half a zoom level, so that they hold still while the operator zooms a little. */
const STEPS_PER_ZOOM = 2;
/** Room for cell columns in a key; there are never as many: 512 px · 2¹¹ / 44 px < 2¹⁵. */
const ROW = 1 << 15;
const NEIGHBOURS = [-ROW - 1, -ROW, -ROW + 1, -1, 1, ROW - 1, ROW, ROW + 1];
const NO_CELL = -1;
/** Vehicles this near to the edge of a bubble would only peek out from under it. */
const SWALLOW_PX = 6;

/** Radius of a bubble in CSS pixels. */
export function bubbleRadiusPx(count: number): number {
  return 8 + 4.7 * Math.log10(count);
}

function moreUrgent(a: number, b: number): number {
  if (a === 0 || b === 0) return a + b;
  return Math.min(a, b);
}

/** Sums per cell, by the cell's number. */
function makeSums(capacity: number) {
  return {
    count: new Int32Array(capacity),
    x: new Float64Array(capacity),
    y: new Float64Array(capacity),
    worst: new Uint8Array(capacity),
    unacknowledged: new Int32Array(capacity),
  };
}

/**
 * Bins the fleet into a grid of screen cells: crowded cells become bubbles, and their vehicles are marked `binned` in the
 * buffer. Passes over typed arrays, O(vehicles); tables grow with the fleet.
 */
export class GridBins {
  bubbles: readonly Bubble[] = [];
  private readonly table = new CellTable();
  private sums = makeSums(0);
  private cellOf = new Int32Array(0);
  /** 1 where a bubble stands for the cell, by its number. */
  private taken = new Uint8Array(0);
  private crowdedKeys = new Set<number>();
  private step = -1;

  /** Zooms with the same step have the same cells; -1 = no bubbles. */
  stepOf(zoom: number): number {
    return zoom < BUBBLES_BELOW_ZOOM ? Math.floor(zoom * STEPS_PER_ZOOM) : -1;
  }

  /** Bins anew for a zoom. True = other vehicles are marked than before. */
  update(fleet: FleetBuffer, zoom: number): boolean {
    this.reserve(fleet.capacity);
    const step = this.stepOf(zoom);
    if (step !== this.step) this.crowdedKeys.clear();
    this.step = step;
    this.bubbles = [];
    if (step >= 0) {
      const pxPerWorld = worldPx(step / STEPS_PER_ZOOM);
      this.fill(fleet, pxPerWorld / CELL_PX);
      this.bubbles = this.gather(pxPerWorld);
    }
    return this.mark(fleet);
  }

  private reserve(capacity: number): void {
    if (this.cellOf.length >= capacity) return;
    this.cellOf = new Int32Array(capacity);
    this.taken = new Uint8Array(capacity);
    this.sums = makeSums(capacity);
  }

  /** Puts every vehicle with a position into its cell. */
  private fill(fleet: FleetBuffer, cellsPerWorld: number): void {
    const { table, sums, cellOf } = this;
    table.reset(fleet.count);
    sums.count.fill(0, 0, fleet.count);
    for (let slot = 0; slot < fleet.count; slot++) {
      cellOf[slot] = NO_CELL;
      if (!fleet.hasPosition(slot)) continue;
      const x = mercatorX(fleet.lon[slot]);
      const y = mercatorY(fleet.lat[slot]);
      const cell = table.numberOf(Math.floor(y * cellsPerWorld) * ROW + Math.floor(x * cellsPerWorld));
      cellOf[slot] = cell;
      const first = sums.count[cell] === 0;
      const waits = fleet.unacknowledged[slot];
      sums.count[cell]++;
      sums.x[cell] = (first ? 0 : sums.x[cell]) + x;
      sums.y[cell] = (first ? 0 : sums.y[cell]) + y;
      sums.unacknowledged[cell] = (first ? 0 : sums.unacknowledged[cell]) + waits;
      sums.worst[cell] = moreUrgent(first ? 0 : sums.worst[cell], waits ? fleet.priority[slot] : 0);
    }
  }

  /** Crowded cells, the fullest first, each with the neighbours that it would cover. */
  private gather(pxPerWorld: number): Bubble[] {
    const { table, sums, taken } = this;
    const before = this.crowdedKeys;
    const enter = this.step < CLOSER_ZOOM * STEPS_PER_ZOOM ? CROWD_FROM_AFAR : CROWD_CLOSER;
    const stay = Math.ceil(enter * STAY_SHARE);
    const crowded: number[] = [];
    for (let cell = 0; cell < table.size; cell++) {
      taken[cell] = 0;
      if (sums.count[cell] >= (before.has(table.keys[cell]) ? stay : enter)) crowded.push(cell);
    }
    this.crowdedKeys = new Set(crowded.map((cell) => table.keys[cell]));
    crowded.sort((a, b) => sums.count[b] - sums.count[a] || table.keys[a] - table.keys[b]);
    const bubbles: Bubble[] = [];
    for (const cell of crowded) {
      if (taken[cell] === 0) bubbles.push(this.takeWithNeighbours(cell, pxPerWorld));
    }
    return bubbles;
  }

  private takeWithNeighbours(cell: number, pxPerWorld: number): Bubble {
    const { table, sums, taken } = this;
    const centreX = sums.x[cell] / sums.count[cell];
    const centreY = sums.y[cell] / sums.count[cell];
    const members = [cell];
    for (const step of NEIGHBOURS) {
      const other = table.find(table.keys[cell] + step);
      if (other === NO_CELL || taken[other] === 1) continue;
      const dx = sums.x[other] / sums.count[other] - centreX;
      const dy = sums.y[other] / sums.count[other] - centreY;
      const crowdedToo = this.crowdedKeys.has(table.keys[other]);
      const reachPx = bubbleRadiusPx(sums.count[cell]) + (crowdedToo ? bubbleRadiusPx(sums.count[other]) : SWALLOW_PX);
      if (Math.hypot(dx, dy) * pxPerWorld < reachPx) members.push(other);
    }
    return this.join(members);
  }

  private join(members: readonly number[]): Bubble {
    const { sums, taken } = this;
    const total = { count: 0, x: 0, y: 0, worst: 0, unacknowledged: 0 };
    for (const cell of members) {
      taken[cell] = 1;
      total.count += sums.count[cell];
      total.x += sums.x[cell];
      total.y += sums.y[cell];
      total.worst = moreUrgent(total.worst, sums.worst[cell]);
      total.unacknowledged += sums.unacknowledged[cell];
    }
    return { ...total, x: total.x / total.count, y: total.y / total.count };
  }

  private mark(fleet: FleetBuffer): boolean {
    let changed = false;
    const binning = this.step >= 0;
    for (let slot = 0; slot < fleet.count; slot++) {
      const cell = this.cellOf[slot];
      const binned = binning && cell !== NO_CELL ? this.taken[cell] : 0;
      if (fleet.binned[slot] === binned) continue;
      fleet.binned[slot] = binned;
      changed = true;
    }
    return changed;
  }
}
