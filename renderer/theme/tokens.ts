import type { PriorityName } from '../../core/model/alerts.ts';
import type { MovementName } from '../../core/model/movement.ts';

/**
 * Every colour and size of the screens. The ground is grey and so is everything that is as it should be; the four alert
 * colours (after Okabe and Ito, told apart with any common colour vision) are used for alerts only (ISA-101).
 */
export const GROUND = {
  page: '#17191c',
  panel: '#1f2226',
  raised: '#282c31',
  control: '#30353b',
  line: '#353a41',
} as const;

export const TEXT = {
  main: '#e4e7ea',
  soft: '#b4bbc3',
  faint: '#979fa8',
  /** A selected row, a focus ring: brightness, never a hue. */
  accent: '#f5f6f7',
} as const;

export const ALERT_COLORS: Readonly<Record<PriorityName, string>> = {
  critical: '#ff7350',
  high: '#f2a134',
  medium: '#f0e442',
  low: '#6bbcf0',
};

/** The shape that goes with each colour, so that colour is never the only sign. */
export const ALERT_SHAPES: Readonly<Record<PriorityName, string>> = {
  critical: '◆',
  high: '▲',
  medium: '■',
  low: '●',
};

export const ALERT_LABELS: Readonly<Record<PriorityName, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};

/** Something about the room itself needs attention: a value outside its band, a lost message, a broker that is away. */
export const CAUTION = '#e6c896';

/** Vehicles without an alert: greys only. */
export const VEHICLE_COLORS: Readonly<Record<MovementName, string>> = {
  moving: '#d3d8dd',
  idling: '#aab1b9',
  stopped: '#8b939c',
  offline: '#646b74',
  noData: '#555b63',
};

export const MOVEMENT_LABELS: Readonly<Record<MovementName, string>> = {
  noData: 'No data yet',
  moving: 'Moving',
  idling: 'Idling',
  stopped: 'Stopped',
  offline: 'Offline',
};

export const FONT_FAMILY = "'Inter', system-ui, sans-serif";

export const SIZES = {
  topBarPx: 52,
  queueWidthPx: 348,
  vehicleWidthPx: 372,
  radiusPx: 4,
} as const;
