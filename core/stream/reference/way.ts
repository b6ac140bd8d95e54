import { haversineM } from '../../model/geometry.ts';
import type { ReferenceRoute } from '../../model/reference.ts';
import { METRES_PER_DEGREE, metresPerLon, nearestOnSegment } from './flat-earth.ts';

/** Segments in a block, and blocks in a group: what is further away than the best so far is passed over as a whole. */
const BLOCK = 16;
/** A segment this many before or behind the last one is where the vehicle most likely is. */
const LOCAL = 32;
/** Where a way comes back to itself, the place next to the last one counts unless another is this much nearer, m. */
const SAME_M = 30;

/** A place on a way. */
export interface OnWay {
  /** Distance from it, m. */
  offM: number;
  /** Number of the segment; −1 = none. */
  segment: number;
  /** From the beginning of the way, m. */
  alongM: number;
}

/**
 * A route as a line. Distances are measured in the plane that touches the earth at the position asked about: right within 1 % up to
 * 100 km away, and to the metre on the road itself. Lengths along it are great circles.
 */
export class Way {
  readonly route: ReferenceRoute;
  readonly #lons: Float64Array;
  readonly #lats: Float64Array;
  readonly #alongM: Float64Array;
  readonly #middleLon: number;
  /** West, south, east, north of blocks of 16 segments, then of groups of 16 blocks. */
  readonly #blocks: Float64Array;
  readonly #groups: Float64Array;
  // The position being asked about, in the way's longitudes, and the best place so far.
  #lat = 0;
  #lon = 0;
  #lonM = 0;
  #bestM = 0;
  #bestSegment = -1;
  #bestPart = 0;

  constructor(route: ReferenceRoute) {
    this.route = route;
    const { points } = route;
    this.#lons = new Float64Array(points.length);
    this.#lats = new Float64Array(points.length);
    this.#alongM = new Float64Array(points.length);
    for (const [i, [lon, lat]] of points.entries()) {
      this.#lons[i] = i === 0 ? lon : lon + 360 * Math.round((this.#lons[i - 1] - lon) / 360);
      this.#lats[i] = lat;
      if (i > 0) {
        const [lonBefore, latBefore] = points[i - 1];
        this.#alongM[i] = this.#alongM[i - 1] + haversineM(latBefore, lonBefore, lat, lon);
      }
    }
    this.#blocks = this.#boxes(BLOCK);
    this.#groups = this.#boxes(BLOCK * BLOCK);
    this.#middleLon = middle(this.#lons);
  }

  get segments(): number {
    return Math.max(0, this.#lons.length - 1);
  }

  /** Distance of a position from the nearest point of the way, m; `knownM` is that of some point, if known. */
  distanceM(lat: number, lon: number, knownM = Number.POSITIVE_INFINITY): number {
    this.#ask(lat, lon);
    this.#bestM = knownM;
    this.#scanAll(0);
    return this.#bestM;
  }

  /**
   * Finds where on the way a position is, not before segment `from`; `hint` is the segment it was on before, −1 = not known. Fills
   * `place`.
   */
  find(lat: number, lon: number, from: number, hint: number, place: OnWay): void {
    this.#ask(lat, lon);
    if (hint >= from) {
      this.#scan(Math.max(from, hint - LOCAL), Math.min(this.segments, hint + LOCAL + 1));
      const [localM, segment, part] = [this.#bestM, this.#bestSegment, this.#bestPart];
      this.#scanAll(from);
      if (localM <= this.#bestM + SAME_M) {
        this.#fill(place, localM, segment, part);
        return;
      }
    } else this.#scanAll(from);
    this.#fill(place, this.#bestM, this.#bestSegment, this.#bestPart);
  }

  #fill(place: OnWay, offM: number, segment: number, part: number): void {
    place.offM = offM;
    place.segment = segment;
    const at = this.#alongM;
    place.alongM = segment < 0 ? Number.NaN : at[segment] + part * (at[segment + 1] - at[segment]);
  }

  #ask(lat: number, lon: number): void {
    this.#lat = lat;
    this.#lon = lon + 360 * Math.round((this.#middleLon - lon) / 360);
    this.#lonM = metresPerLon(lat);
    this.#bestM = Number.POSITIVE_INFINITY;
    this.#bestSegment = -1;
  }

  #scanAll(from: number): void {
    const { segments } = this;
    const perGroup = BLOCK * BLOCK;
    for (let group = Math.floor(from / perGroup); group * perGroup < segments; group++) {
      if (this.#boxM(this.#groups, group) >= this.#bestM) continue;
      const lastBlock = Math.min((group + 1) * BLOCK, Math.ceil(segments / BLOCK));
      for (let block = group * BLOCK; block < lastBlock; block++) {
        if (this.#boxM(this.#blocks, block) >= this.#bestM) continue;
        this.#scan(Math.max(from, block * BLOCK), Math.min(segments, (block + 1) * BLOCK));
      }
    }
  }

  #scan(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const ax = (this.#lons[i] - this.#lon) * this.#lonM;
      const ay = (this.#lats[i] - this.#lat) * METRES_PER_DEGREE;
      const bx = (this.#lons[i + 1] - this.#lon) * this.#lonM;
      const by = (this.#lats[i + 1] - this.#lat) * METRES_PER_DEGREE;
      const part = nearestOnSegment(0, 0, ax, ay, bx, by);
      const x = ax + part * (bx - ax);
      const y = ay + part * (by - ay);
      const metres = Math.sqrt(x * x + y * y);
      if (metres >= this.#bestM) continue;
      this.#bestM = metres;
      this.#bestSegment = i;
      this.#bestPart = part;
    }
  }

  /** Distance from a box, m; 0 inside. */
  #boxM(boxes: Float64Array, index: number): number {
    const at = index * 4;
    const x = Math.max(0, boxes[at] - this.#lon, this.#lon - boxes[at + 2]) * this.#lonM;
    const y = Math.max(0, boxes[at + 1] - this.#lat, this.#lat - boxes[at + 3]) * METRES_PER_DEGREE;
    return Math.sqrt(x * x + y * y);
  }

  #boxes(size: number): Float64Array {
    const { segments } = this;
    const boxes = new Float64Array(Math.ceil(segments / size) * 4);
    for (let box = 0; box * 4 < boxes.length; box++) {
      const points = [box * size, Math.min(segments, (box + 1) * size) + 1] as const;
      const lons = this.#lons.subarray(...points);
      const lats = this.#lats.subarray(...points);
      boxes.set([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], box * 4);
    }
    return boxes;
  }
}

function middle(values: Float64Array): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return (least + most) / 2;
}
