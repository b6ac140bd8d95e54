/**
 * The signal catalogue: every number or flag a vehicle can report in the default profile.
 * `column` is the signal's place in the fleet's columns and in stored checkpoints: append only, never renumber.
 * `min`/`max` bound what is physically possible: a value outside them quarantines its message.
 * `normalLow`/`normalHigh` are the band drawn on screen (Perkins engine data, FMVSS 138, EU 89/108/EEC; see docs/messages.md).
 */
export interface SignalSpec {
  readonly name: string;
  readonly column: number;
  readonly label: string;
  readonly unit: string;
  readonly flag: boolean;
  readonly min: number;
  readonly max: number;
  readonly normalLow?: number;
  readonly normalHigh?: number;
}

type Row = [
  name: string,
  label: string,
  unit: string,
  min: number,
  max: number,
  normalLow?: number,
  normalHigh?: number,
];

const NUMBERS: Row[] = [
  ['speed_kmph', 'Speed', 'km/h', 0, 350, 0, 90],
  ['heading', 'Heading', '°', 0, 360],
  ['sat_count', 'Satellites', '', 0, 100, 5, 100],
  ['battery_v', 'Battery', 'V', 0, 100, 12.2, 15],
  ['fuel_pct', 'Fuel', '%', 0, 100, 10, 100],
  ['engine_temp_c', 'Engine', '°C', -60, 250, 20, 104],
  ['odometer_km', 'Odometer', 'km', 0, 10_000_000],
  ['coolant_level_pct', 'Coolant level', '%', 0, 100, 60, 100],
  ['oil_temp_c', 'Oil', '°C', -60, 250, 20, 120],
  ['oil_pressure_kpa', 'Oil pressure', 'kPa', 0, 2000, 100, 600],
  ['fuel_pressure_kpa', 'Fuel pressure', 'kPa', 0, 300_000, 250, 500],
  ['cargo_temp_c', 'Cargo', '°C', -90, 120, -25, 8],
  ['tyre_pressure_kpa_1', 'Tyre FL', 'kPa', 0, 1500, 200, 320],
  ['tyre_pressure_kpa_2', 'Tyre FR', 'kPa', 0, 1500, 200, 320],
  ['tyre_pressure_kpa_3', 'Tyre RL', 'kPa', 0, 1500, 200, 320],
  ['tyre_pressure_kpa_4', 'Tyre RR', 'kPa', 0, 1500, 200, 320],
  ['accel_g_x', 'Accel x', 'g', -200, 200],
  ['accel_g_y', 'Accel y', 'g', -200, 200],
  ['accel_g_z', 'Accel z', 'g', -200, 200],
  ['ecu_cpu_pct', 'ECU CPU', '%', 0, 100, 0, 85],
  ['ecu_mem_pct', 'ECU memory', '%', 0, 100, 0, 90],
  ['ecu_temp_c', 'ECU', '°C', -60, 200, -20, 85],
  ['rpm', 'Engine speed', 'rpm', 0, 20_000, 0, 4500],
];

const FLAGS: [name: string, label: string][] = [
  ['ignition', 'Ignition'],
  ['ac_on', 'Air conditioning'],
  ['doors_open', 'Doors open'],
  ['headlights_on', 'Headlights'],
  ['seatbelt', 'Seatbelt'],
];

/** All signals, index = column. Flags are stored as 0 or 1; a signal never reported is NaN. */
export const SIGNALS: readonly SignalSpec[] = [
  ...NUMBERS.map(([name, label, unit, min, max, normalLow, normalHigh], column) => ({
    name,
    column,
    label,
    unit,
    flag: false,
    min,
    max,
    normalLow,
    normalHigh,
  })),
  ...FLAGS.map(([name, label], i) => ({
    name,
    column: NUMBERS.length + i,
    label,
    unit: '',
    flag: true,
    min: 0,
    max: 1,
  })),
];

const byName = new Map(SIGNALS.map((s) => [s.name, s]));

/** The signal of that name, or undefined when the catalogue has none. */
export function findSignal(name: string): SignalSpec | undefined {
  return byName.get(name);
}

/** The column of a signal that must exist. Throws on a name outside the catalogue: a programming error, not bad input. */
export function columnOf(name: string): number {
  const spec = byName.get(name);
  if (!spec) throw new Error(`no signal named ${name} in the catalogue`);
  return spec.column;
}

/** Array-valued fields of the default profile and the consecutive columns their elements go to. */
export const ARRAY_SIGNALS: Readonly<Record<string, readonly string[]>> = {
  tyre_pressure_kpa: ['tyre_pressure_kpa_1', 'tyre_pressure_kpa_2', 'tyre_pressure_kpa_3', 'tyre_pressure_kpa_4'],
  accel_g: ['accel_g_x', 'accel_g_y', 'accel_g_z'],
};
