import type { Random } from '../random.ts';

export type StreetKind = 'minor' | 'medium' | 'major' | 'highway';

/** A street network while it is drawn: metres east (x) and north (y) of the city's centre. */
export interface Sketch {
  readonly x: number[];
  readonly y: number[];
  readonly streets: SketchStreet[];
}

/** A run of nodes that share a name, a kind and a speed limit. */
export interface SketchStreet {
  readonly name: string;
  readonly kind: StreetKind;
  readonly limitKmph: number;
  readonly nodes: number[];
}

/** Size of a city, metres. */
export const CITY_M = {
  block: 230,
  grid: 4300,
  innerRing: 2000,
  outerRing: 5000,
  area: 6200,
  spurEnd: 11_500,
} as const;

const LIMIT_KMPH: Record<StreetKind, number> = { minor: 30, medium: 50, major: 80, highway: 80 };
const RADIALS = 6;
const MEDIUM_EVERY = 3;

/** Draws a city: a jittered grid with every third line wider, an inner ring, radials, an outer ring and one road out. */
export function sketchCity(rnd: Random, turnDeg: number): Sketch {
  const sketch: Sketch = { x: [], y: [], streets: [] };
  const grid = drawGridNodes(sketch, rnd, turnDeg);
  const inner = snapRing(sketch, CITY_M.innerRing);
  const first = rnd() * Math.PI * 2;
  const angles = Array.from({ length: RADIALS }, (_, i) => first + (i * 2 * Math.PI) / RADIALS);
  const rays = angles.map((angle) => snapRay(sketch, angle, new Set(inner)));
  drawGridStreets(sketch, rnd, grid);
  addStreet(sketch, 'Inner Ring', 'major', [...inner, inner[0]]);
  drawOuterRing(sketch, rays, angles);
  return sketch;
}

function addNode(sketch: Sketch, x: number, y: number): number {
  sketch.x.push(x);
  sketch.y.push(y);
  return sketch.x.length - 1;
}

function addStreet(sketch: Sketch, name: string, kind: StreetKind, nodes: number[]): void {
  if (nodes.length > 1) sketch.streets.push({ name, kind, limitKmph: LIMIT_KMPH[kind], nodes });
}

/** Rows and columns of node numbers; undefined outside the round city. */
function drawGridNodes(sketch: Sketch, rnd: Random, turnDeg: number): (number | undefined)[][] {
  const half = Math.ceil(CITY_M.grid / CITY_M.block);
  const turn = (turnDeg * Math.PI) / 180;
  const rows: (number | undefined)[][] = [];
  for (let r = -half; r <= half; r++) {
    const row: (number | undefined)[] = [];
    for (let c = -half; c <= half; c++) {
      const gx = (c + (rnd() - 0.5) * 0.22) * CITY_M.block;
      const gy = (r + (rnd() - 0.5) * 0.22) * CITY_M.block;
      const inside = Math.hypot(gx, gy) < CITY_M.grid;
      row.push(
        inside
          ? addNode(sketch, gx * Math.cos(turn) + gy * Math.sin(turn), gy * Math.cos(turn) - gx * Math.sin(turn))
          : undefined,
      );
    }
    rows.push(row);
  }
  return rows;
}

/** Moves the grid nodes nearest to a circle onto it, so that the ring meets the streets it crosses; in order of angle. */
function snapRing(sketch: Sketch, radius: number): number[] {
  const near: { node: number; angle: number }[] = [];
  for (let node = 0; node < sketch.x.length; node++) {
    const r = Math.hypot(sketch.x[node], sketch.y[node]);
    if (Math.abs(r - radius) < CITY_M.block / 2) near.push({ node, angle: Math.atan2(sketch.y[node], sketch.x[node]) });
  }
  near.sort((a, b) => a.angle - b.angle);
  const minGap = (CITY_M.block * 0.55) / radius;
  const ring: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { node, angle } of near) {
    if (angle - last < minGap || (ring.length > 0 && near[0].angle + 2 * Math.PI - angle < minGap)) continue;
    sketch.x[node] = radius * Math.cos(angle);
    sketch.y[node] = radius * Math.sin(angle);
    ring.push(node);
    last = angle;
  }
  return ring;
}

/** The nodes of a radial from the inner ring outwards, moved onto the ray where they are near it. */
function snapRay(sketch: Sketch, angle: number, ring: ReadonlySet<number>): number[] {
  const ux = Math.cos(angle);
  const uy = Math.sin(angle);
  const near: { node: number; along: number }[] = [];
  let start: { node: number; off: number } | undefined;
  for (let node = 0; node < sketch.x.length; node++) {
    const along = sketch.x[node] * ux + sketch.y[node] * uy;
    const off = Math.abs(sketch.x[node] * uy - sketch.y[node] * ux);
    if (along <= 0) continue;
    if (ring.has(node)) {
      if (!start || off < start.off) start = { node, off };
    } else if (along > CITY_M.innerRing + CITY_M.block * 0.6 && off < CITY_M.block / 2) near.push({ node, along });
  }
  near.sort((a, b) => a.along - b.along);
  const ray = start ? [start.node] : [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { node, along } of near) {
    if (along - last < CITY_M.block * 0.55) continue;
    sketch.x[node] = along * ux;
    sketch.y[node] = along * uy;
    ray.push(node);
    last = along;
  }
  return ray;
}

/** Streets along the grid lines; one block in twelve of the narrow ones is missing, so that it looks grown. */
function drawGridStreets(sketch: Sketch, rnd: Random, grid: (number | undefined)[][]): void {
  const lines = [
    ...grid.map((nodes, i) => ({ nodes, i, suffix: 'Street' })),
    ...grid[0].map((_, c) => ({ nodes: grid.map((row) => row[c]), i: c, suffix: 'Avenue' })),
  ];
  for (const { nodes, i, suffix } of lines) {
    const wide = i % MEDIUM_EVERY === 0;
    const name = wide ? `${ordinal(i + 1)} ${suffix}` : `${ordinal(i + 1)} ${suffix.slice(0, 2)}.`;
    let run: number[] = [];
    for (const node of [...nodes, undefined]) {
      const gap = node === undefined || (!wide && run.length > 0 && rnd() < 1 / 12);
      if (gap) {
        addStreet(sketch, name, wide ? 'medium' : 'minor', run);
        run = [];
      }
      if (node !== undefined) run.push(node);
    }
  }
}

/** The outer ring, the radials that lead to it, and the one road out of the operating area. */
function drawOuterRing(sketch: Sketch, rays: number[][], angles: number[]): void {
  const perSector = 12;
  const ring: number[] = [];
  for (let i = 0; i < rays.length * perSector; i++) {
    const angle = angles[0] + (i * 2 * Math.PI) / (rays.length * perSector);
    ring.push(addNode(sketch, CITY_M.outerRing * Math.cos(angle), CITY_M.outerRing * Math.sin(angle)));
  }
  for (const [i, ray] of rays.entries()) addStreet(sketch, `Radial ${i + 1}`, 'major', [...ray, ring[i * perSector]]);
  addStreet(sketch, 'Outer Ring', 'highway', [...ring, ring[0]]);
  const out = [ring[0]];
  for (let r = CITY_M.outerRing + 650; r <= CITY_M.spurEnd; r += 650) {
    out.push(addNode(sketch, r * Math.cos(angles[0]), r * Math.sin(angles[0])));
  }
  addStreet(sketch, 'Motorway 1', 'highway', out);
}

function ordinal(n: number): string {
  const teen = n % 100 > 10 && n % 100 < 14;
  return `${n}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}
