import { SIGNALS } from '../model/signals.ts';
import {
  BEHAVIOUR_COLUMNS,
  DRIVER_PANE_COLUMNS,
  HEALTH_WINDOW_COLUMNS,
  UTILISATION_COLUMNS,
  VEHICLE_ROLLUP_COLUMNS,
  VEHICLE_WINDOW_COLUMNS,
} from '../model/stream-outputs.ts';

/** A number kept as a whole number: `scale` of them are one unit, counted from the column `since` where there is one. */
export interface StoredColumn {
  readonly name: string;
  readonly scale: number;
  readonly since?: string;
}

/**
 * Whole numbers to a unit, by name of signal or measure; what is not here is kept in whole units. Stored: never change one. Small
 * numbers take fewer bytes: up to ±32,767 two, up to ±8,388,607 three; a fraction in binary takes eight.
 */
const SCALE: Readonly<Record<string, number>> = {
  speed_kmph: 100,
  max_speed_kmph: 100,
  avg_speed_kmph: 100,
  min_speed_kmph: 100,
  heading: 10,
  battery_v: 1000,
  min_battery_v: 1000,
  fuel_pct: 100,
  fuel_used_pct: 100,
  engine_temp_c: 100,
  max_engine_temp_c: 100,
  odometer_km: 100,
  coolant_level_pct: 100,
  oil_temp_c: 100,
  oil_pressure_kpa: 10,
  fuel_pressure_kpa: 10,
  cargo_temp_c: 100,
  tyre_pressure_kpa_1: 10,
  tyre_pressure_kpa_2: 10,
  tyre_pressure_kpa_3: 10,
  tyre_pressure_kpa_4: 10,
  accel_g_x: 1000,
  accel_g_y: 1000,
  accel_g_z: 1000,
  ecu_cpu_pct: 100,
  ecu_mem_pct: 100,
  ecu_temp_c: 100,
  rpm: 1,
  distance_m: 10,
};

/** Times within a window are kept as the time since its start. */
const SINCE: Readonly<Record<string, string>> = {
  first_ms: 'start_ms',
  last_ms: 'start_ms',
  last_end_ms: 'first_end_ms',
};

function stored(names: readonly string[]): StoredColumn[] {
  return names.map((name) => ({
    name,
    scale: SCALE[name] ?? 1,
    ...(names.includes(SINCE[name]) && { since: SINCE[name] }),
  }));
}

export const SIGNALS_STORED = stored(SIGNALS.map((signal) => signal.name));
export const MAX_SPEED_STORED = stored(['max_speed_kmph'])[0];
export const WINDOW_STORED = stored(VEHICLE_WINDOW_COLUMNS);
export const HEALTH_STORED = stored(HEALTH_WINDOW_COLUMNS);
export const BEHAVIOUR_STORED = stored(BEHAVIOUR_COLUMNS);
export const UTILISATION_STORED = stored(UTILISATION_COLUMNS);
export const PANE_STORED = stored(DRIVER_PANE_COLUMNS);
export const ROLLUP_STORED = stored(VEHICLE_ROLLUP_COLUMNS);

/** The stored number of a value; NaN, which is kept as NULL, stays NaN. `since` = the value of the column it is counted from. */
export function toStored(value: number, column: StoredColumn, since: number): number {
  return Math.round((column.since === undefined ? value : value - since) * column.scale);
}

/** The value of a column in its unit, as SQL; `of` is the table's name or alias with its dot. Dividing gives back the decimal that was rounded. */
export function valueSql({ name, scale, since }: StoredColumn, of = ''): string {
  if (since !== undefined) return `${of}${since} + ${of}${name}`;
  return scale === 1 ? `${of}${name}` : `${of}${name} / ${scale.toFixed(1)}`;
}

/** `value AS name` of every column. */
export function valuesSql(columns: readonly StoredColumn[], of = ''): string {
  return columns.map((column) => `${valueSql(column, of)} AS ${column.name}`).join(', ');
}
