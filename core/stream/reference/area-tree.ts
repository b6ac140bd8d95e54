import { grown } from '../arrays.ts';
import type { Area } from './area.ts';
import { type Edges, edgesIn, edgesOf } from './area-edges.ts';
import { METRES_PER_DEGREE, metresPerLon } from './flat-earth.ts';

/** Cells of one or two geofences are not cut smaller than this deep (1.2 km from south to north), others to the second (150 m). */
const FEW_DEPTH = 14;
const MAX_DEPTH = 17;
const FEW = 2;
/** Bounds memory; cells stay larger where geofences need more. */
const MAX_CELLS = 1_000_000;

const NONE: readonly number[] = [];

/** Height of a cell by its depth, degrees; it is twice as wide. */
const HEIGHTS = Float64Array.from({ length: MAX_DEPTH + 1 }, (_, depth) => 180 / 2 ** depth);

interface Cell {
  readonly index: number;
  readonly depth: number;
  /** What of the areas' edges comes near, in the order of the areas. */
  readonly near: readonly Edges[];
}

/**
 * The earth in four-cornered cells, cut smaller where edges of areas are. A smallest cell knows the areas that hold all of it, and
 * those whose edge comes nearer to it than the margin: of all others nothing in it is nearer than that.
 */
export class AreaTree {
  /** Areas that hold all of a cell, and those with an edge near; by cell, numbers ascending. */
  readonly whole: (readonly number[])[] = [NONE];
  readonly near: (readonly number[])[] = [NONE];
  readonly #areas: readonly Area[];
  readonly #marginDeg: number;
  readonly #marginM: number;
  /** First of a cell's four children, or 0: south-west, south-east, north-west, north-east. */
  #children = new Int32Array(1024);
  #south = new Float64Array(1024).fill(-90, 0, 1);
  #west = new Float64Array(1024).fill(-180, 0, 1);
  #depth = new Uint8Array(1024);
  #count = 1;

  constructor(areas: readonly Area[], marginM: number) {
    this.#areas = areas;
    this.#marginM = marginM;
    this.#marginDeg = marginM / METRES_PER_DEGREE;
    // Level by level, so that where there are too many cells all regions are cut equally far.
    let level: Cell[] = [{ index: 0, depth: 0, near: edgesOf(areas) }];
    while (level.length > 0) level = level.flatMap((cell) => this.#settle(cell));
  }

  /** The smallest cell at a position in degrees; longitudes from −180 to below 180. */
  cellAt(lat: number, lon: number): number {
    let cell = 0;
    for (let child = this.#children[0]; child !== 0; child = this.#children[cell]) {
      cell = child;
      if (lat >= this.#south[child + 2]) cell += 2;
      if (lon >= this.#west[child + 1]) cell += 1;
    }
    return cell;
  }

  /** True when the position is in that cell. */
  holds(cell: number, lat: number, lon: number): boolean {
    const south = this.#south[cell];
    const west = this.#west[cell];
    const heightDeg = HEIGHTS[this.#depth[cell]];
    return lat >= south && lat < south + heightDeg && lon >= west && lon < west + 2 * heightDeg;
  }

  /** South, north, west and east of a cell into `to`, from `at` on. */
  bounds(cell: number, to: Float64Array, at: number): void {
    const heightDeg = HEIGHTS[this.#depth[cell]];
    to[at] = this.#south[cell];
    to[at + 1] = this.#south[cell] + heightDeg;
    to[at + 2] = this.#west[cell];
    to[at + 3] = this.#west[cell] + 2 * heightDeg;
  }

  /** Cuts a cell into four, or leaves it as a smallest one. */
  #settle({ index, depth, near }: Cell): Cell[] {
    const areas = [...new Set(near.map(({ area }) => area))];
    const deepest = areas.length <= FEW ? FEW_DEPTH : MAX_DEPTH;
    if (areas.length === 0 || depth >= deepest || this.#count + 4 > MAX_CELLS) {
      this.near[index] = areas;
      return [];
    }
    const first = this.#add(index, depth + 1);
    const cells: Cell[] = [];
    for (let child = first; child < first + 4; child++) {
      const kept = this.#nearOf(child, near);
      this.whole[child] = this.#wholeOf(child, areas, kept, this.whole[index]);
      this.near[child] = NONE;
      if (kept.length > 0) cells.push({ index: child, depth: depth + 1, near: kept });
    }
    this.whole[index] = NONE;
    return cells;
  }

  #add(parent: number, depth: number): number {
    const first = this.#count;
    this.#count += 4;
    if (this.#count > this.#children.length) {
      const capacity = this.#children.length * 2;
      this.#children = grown(this.#children, capacity);
      this.#south = grown(this.#south, capacity);
      this.#west = grown(this.#west, capacity);
      this.#depth = grown(this.#depth, capacity);
    }
    this.#children[parent] = first;
    const heightDeg = HEIGHTS[depth];
    for (let i = 0; i < 4; i++) {
      this.#south[first + i] = this.#south[parent] + (i >> 1) * heightDeg;
      this.#west[first + i] = this.#west[parent] + (i & 1) * 2 * heightDeg;
      this.#depth[first + i] = depth;
    }
    return first;
  }

  #nearOf(cell: number, near: readonly Edges[]): readonly Edges[] {
    const heightDeg = HEIGHTS[this.#depth[cell]];
    const south = this.#south[cell] - this.#marginDeg;
    const north = this.#south[cell] + heightDeg + this.#marginDeg;
    const lonM = metresPerLon(Math.min(90, Math.max(Math.abs(south), Math.abs(north))));
    const lonMargin = lonM > 0 ? Math.min(360, this.#marginM / lonM) : 360;
    const box = {
      south,
      north,
      west: this.#west[cell] - lonMargin,
      east: this.#west[cell] + 2 * heightDeg + lonMargin,
    };
    return near.flatMap((edges) => edgesIn(edges, box) ?? []);
  }

  /** The parent's areas and those of which no edge is near any more, if they hold the cell's middle. */
  #wholeOf(
    cell: number,
    areas: readonly number[],
    kept: readonly Edges[],
    before: readonly number[],
  ): readonly number[] {
    const still = new Set(kept.map(({ area }) => area));
    const heightDeg = HEIGHTS[this.#depth[cell]];
    const lat = this.#south[cell] + heightDeg / 2;
    const lon = this.#west[cell] + heightDeg;
    const added = areas.filter((area) => !still.has(area) && this.#areas[area].contains(lat, lon));
    return added.length === 0 ? before : [...before, ...added].sort((a, b) => a - b);
  }
}
