import { METRES_PER_DEGREE, metresPerLon, nearestOnSegment } from './flat-earth.ts';
import type { FlatRings } from './rings.ts';

const EDGES_PER_BAND = 8;
const MAX_BANDS = 65_536;
/** Long edges lie in many bands: there are fewer bands where all lists together would be longer than this many per edge. */
const ENTRIES_PER_EDGE = 4;

/**
 * One polygon with holes. Its edges are sorted into bands of latitude, so that a question looks at a few of them and not at all.
 * Edges are straight in degrees, as GeoJSON means them; inside is what an odd number of edges lies to the east of.
 */
export class Patch {
  readonly rings: FlatRings;
  readonly #bands: number;
  readonly #bandsPerDegree: number;
  /** Edges of band b: `#list[#starts[b] … #starts[b + 1])`. */
  readonly #starts: Int32Array;
  readonly #list: Int32Array;

  constructor(rings: FlatRings) {
    this.rings = rings;
    const { edges, lats, minLat, maxLat } = rings;
    const heightDeg = maxLat - minLat;
    this.#bands = heightDeg > 0 ? bandsFor(rings, heightDeg) : 1;
    this.#bandsPerDegree = heightDeg > 0 ? this.#bands / heightDeg : 0;
    const counts = new Int32Array(this.#bands + 1);
    for (const e of edges) {
      const [from, to] = this.#bandsOf(lats[e], lats[e + 1]);
      for (let b = from; b <= to; b++) counts[b + 1]++;
    }
    for (let b = 0; b < this.#bands; b++) counts[b + 1] += counts[b];
    this.#starts = counts;
    this.#list = new Int32Array(counts[this.#bands]);
    const next = counts.slice(0, -1);
    for (const e of edges) {
      const [from, to] = this.#bandsOf(lats[e], lats[e + 1]);
      for (let b = from; b <= to; b++) this.#list[next[b]++] = e;
    }
  }

  contains(lat: number, lon: number): boolean {
    const { minLon, maxLon, minLat, maxLat } = this.rings;
    if (lat < minLat || lat > maxLat) return false;
    for (let x = lon + 360 * Math.ceil((minLon - lon) / 360); x <= maxLon; x += 360) {
      if (this.#containsFlat(lat, x)) return true;
    }
    return false;
  }

  edgeWithin(lat: number, lon: number, metres: number): boolean {
    const { minLon, maxLon, minLat, maxLat } = this.rings;
    const lonM = metresPerLon(lat);
    const latSpan = metres / METRES_PER_DEGREE;
    const lonSpan = lonM > 0 ? Math.min(360, metres / lonM) : 360;
    if (lat < minLat - latSpan || lat > maxLat + latSpan) return false;
    const lastLon = maxLon + lonSpan;
    for (let x = lon + 360 * Math.ceil((minLon - lonSpan - lon) / 360); x <= lastLon; x += 360) {
      if (this.#edgeWithinFlat(lat, x, latSpan, lonM, metres)) return true;
    }
    return false;
  }

  #containsFlat(lat: number, lon: number): boolean {
    const { lons, lats } = this.rings;
    const band = this.#bandOf(lat);
    let odd = false;
    for (let i = this.#starts[band]; i < this.#starts[band + 1]; i++) {
      const e = this.#list[i];
      const y1 = lats[e];
      const y2 = lats[e + 1];
      if (y1 > lat === y2 > lat) continue;
      if (lon < ((lons[e + 1] - lons[e]) * (lat - y1)) / (y2 - y1) + lons[e]) odd = !odd;
    }
    return odd;
  }

  #edgeWithinFlat(lat: number, lon: number, latSpan: number, lonM: number, metres: number): boolean {
    const { lons, lats } = this.rings;
    const [from, to] = this.#bandsOf(lat - latSpan, lat + latSpan);
    for (let i = this.#starts[from]; i < this.#starts[to + 1]; i++) {
      const e = this.#list[i];
      const ax = (lons[e] - lon) * lonM;
      const ay = (lats[e] - lat) * METRES_PER_DEGREE;
      const bx = (lons[e + 1] - lon) * lonM;
      const by = (lats[e + 1] - lat) * METRES_PER_DEGREE;
      const t = nearestOnSegment(0, 0, ax, ay, bx, by);
      if (Math.hypot(ax + t * (bx - ax), ay + t * (by - ay)) <= metres) return true;
    }
    return false;
  }

  #bandOf(lat: number): number {
    const band = Math.floor((lat - this.rings.minLat) * this.#bandsPerDegree);
    return Math.min(this.#bands - 1, Math.max(0, band));
  }

  #bandsOf(lat1: number, lat2: number): [from: number, to: number] {
    const a = this.#bandOf(lat1);
    const b = this.#bandOf(lat2);
    return a < b ? [a, b] : [b, a];
  }
}

function bandsFor({ edges, lats }: FlatRings, heightDeg: number): number {
  let climbDeg = 0;
  for (const e of edges) climbDeg += Math.abs(lats[e + 1] - lats[e]);
  const wanted = Math.min(MAX_BANDS, Math.ceil(edges.length / EDGES_PER_BAND));
  // An edge that climbs c degrees lies in about 1 + c × bands / height of them.
  const affordable = climbDeg > 0 ? ((ENTRIES_PER_EDGE - 1) * edges.length * heightDeg) / climbDeg : wanted;
  return Math.max(1, Math.min(wanted, Math.floor(affordable)));
}
