import type { Vehicle } from './vehicle.ts';

/** Sideways acceleration of a healthy driver, m/s² (0.2 g); heavy vehicles are judged from 0.3 g on. */
const LATERAL_MPS2 = 2;
const MOST_DEG_PER_S = 60;
/** A turn begins this long before its corner. */
const AHEAD_S = 1.2;
const DEG = 180 / Math.PI;

/** Turns the vehicle towards where its way leads, no faster than its speed allows. One that stands does not turn. */
export function steer(v: Vehicle, dtS: number): void {
  const wantedDeg = wantedHeadingDeg(v);
  if (v.headingDeg === wantedDeg || v.speedMps === 0) return;
  const lateralMps2 = v.override.lateralMps2 ?? LATERAL_MPS2;
  const mostDeg = Math.min(MOST_DEG_PER_S, (lateralMps2 / v.speedMps) * DEG) * dtS;
  const gapDeg = ((wantedDeg - v.headingDeg + 540) % 360) - 180;
  if (Math.abs(gapDeg) <= mostDeg) v.headingDeg = wantedDeg;
  else v.headingDeg = (v.headingDeg + Math.sign(gapDeg) * mostDeg + 360) % 360;
}

function wantedHeadingDeg(v: Vehicle): number {
  const { graph } = v.place;
  const node = graph.to[v.edge];
  const turnsSoon = graph.lengthM[v.edge] - v.alongM < v.speedMps * AHEAD_S && node !== v.tree.destination;
  return graph.headingDeg[turnsSoon ? v.tree.nextEdge[node] : v.edge];
}
