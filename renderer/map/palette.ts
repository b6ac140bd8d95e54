import type { PriorityName } from '../../core/model/alerts.ts';

/** Greys of vehicles for which all is well: the more there is to see, the brighter. */
export const QUIET = {
  moving: '#c9d3de',
  idling: '#98a4b3',
  stopped: '#6b7786',
  offline: '#5b6673',
} as const;

/** Only alerts carry colour (after Okabe and Ito, told apart by colour-blind people too), and each its own shape. */
export const ALERT_COLORS = {
  critical: '#ff5a36',
  high: '#e69f00',
  medium: '#f0e442',
  low: '#56b4e9',
} as const satisfies Record<PriorityName, string>;

export const ALERT_SIGNS = {
  critical: '◆',
  high: '▲',
  medium: '■',
  low: '●',
} as const satisfies Record<PriorityName, string>;

/** Dark outline around everything that is drawn over the basemap, and ink on coloured badges. */
export const INK = '#0b0f14';
/** Inside of a badge whose alert is acknowledged. */
export const BADGE_GROUND = '#1a222c';
export const RING = '#ffffff';
/** Travelled way of the selected vehicle. */
export const TRACK = '#e8eef5';

/** `#rrggbb` as a GLSL constant. */
export function glslColor(hex: string): string {
  const channel = (at: number): string => (Number.parseInt(hex.slice(at, at + 2), 16) / 255).toFixed(4);
  return `vec3(${channel(1)}, ${channel(3)}, ${channel(5)})`;
}
