import { SIGNALS } from '../model/signals.ts';

/** A column of the fleet: a reported signal or one worked out from others. */
export interface ColumnSpec {
  readonly name: string;
  readonly column: number;
  readonly label: string;
  readonly unit: string;
  readonly flag: boolean;
  /** `event`: changes only when a message of the vehicle is applied; `tick`: changes every second without one. */
  readonly changesOn: 'event' | 'tick';
}

const derived = (name: string, label: string, unit: string, changesOn: 'event' | 'tick', i: number): ColumnSpec => ({
  name,
  column: SIGNALS.length + i,
  label,
  unit,
  flag: false,
  changesOn,
});

/** Signals first, then what is derived: append only, checkpoints hold column numbers. */
export const COLUMNS: readonly ColumnSpec[] = [
  ...SIGNALS.map((s) => ({
    name: s.name,
    column: s.column,
    label: s.label,
    unit: s.unit,
    flag: s.flag,
    changesOn: 'event' as const,
  })),
  // From two consecutive speeds 0.4–3 s apart; at 1 Hz speed, not accelerometer peaks, tells harsh driving.
  derived('accel_mps2', 'Acceleration', 'm/s²', 'event', 0),
  derived('prev_speed_kmph', 'Speed before', 'km/h', 'event', 1),
  // Since the last message of any kind, by the silence clock.
  derived('silent_s', 'Silent for', 's', 'tick', 2),
  // 1 while the vehicle was moving when it was last heard.
  { ...derived('was_moving', 'Moving when last heard', '', 'event', 3), flag: true },
];

const byName = new Map(COLUMNS.map((c) => [c.name, c]));

export function findColumn(name: string): ColumnSpec | undefined {
  return byName.get(name);
}

const column = (name: string): number => byName.get(name)!.column;

/** Columns the stream itself reads or writes. */
export const COLUMN = {
  speedKmph: column('speed_kmph'),
  heading: column('heading'),
  ignition: column('ignition'),
  rpm: column('rpm'),
  fuelPct: column('fuel_pct'),
  odometerKm: column('odometer_km'),
  engineTempC: column('engine_temp_c'),
  batteryV: column('battery_v'),
  accelMps2: column('accel_mps2'),
  prevSpeedKmph: column('prev_speed_kmph'),
  silentS: column('silent_s'),
  wasMoving: column('was_moving'),
} as const;
