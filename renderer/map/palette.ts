/** Dark outline around everything that is drawn over the basemap, and ink on coloured badges. */
export const INK = '#0c0d0f';
/** Inside of a badge whose alert is acknowledged, and of a count bubble. */
export const BADGE_GROUND = '#22262b';
export const RING = '#ffffff';
/** Travelled way of the selected vehicle. */
export const TRACK = '#e8eaec';

/** `#rrggbb` as a GLSL constant. */
export function glslColor(hex: string): string {
  const channel = (at: number): string => (Number.parseInt(hex.slice(at, at + 2), 16) / 255).toFixed(4);
  return `vec3(${channel(1)}, ${channel(3)}, ${channel(5)})`;
}
