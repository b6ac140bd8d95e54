import type { VehicleFrame } from './vehicle-layer.ts';

/** Length of a chevron in CSS pixels by zoom. */
const SIZES: readonly (readonly [zoom: number, px: number])[] = [
  [2, 9],
  [8, 10],
  [11, 13],
  [14, 18],
  [17, 26],
];
const GLOW_PERIOD_S = 2.4;
const STEADY_GLOW = 0.6;

/** Linear between the steps of SIZES, constant outside them. */
export function vehicleSizePx(zoom: number): number {
  const next = SIZES.findIndex(([at]) => at > zoom);
  if (next === 0) return SIZES[0][1];
  if (next < 0) return SIZES[SIZES.length - 1][1];
  const [fromZoom, fromPx] = SIZES[next - 1];
  const [toZoom, toPx] = SIZES[next];
  return fromPx + ((zoom - fromZoom) / (toZoom - fromZoom)) * (toPx - fromPx);
}

/** How bright alerts glow that wait for an acknowledgement, 0–1: a slow breath, or steady for those who asked for less motion. */
export function glowAt(nowS: number, steady: boolean): number {
  return steady ? STEADY_GLOW : 0.5 - 0.5 * Math.cos((nowS * 2 * Math.PI) / GLOW_PERIOD_S);
}

export function vehicleFrame(nowS: () => number, zoom: () => number, reducedMotion: MediaQueryList): VehicleFrame {
  return {
    nowS,
    sizePx: () => vehicleSizePx(zoom()),
    glow: (atS) => glowAt(atS, reducedMotion.matches),
  };
}
