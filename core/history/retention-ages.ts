import { DAY_BASES, type DayBase } from './day-tables.ts';

const DAY_MS = 86_400_000;

/** Tables whose rows are deleted by age, and the indexed column that says how old a row is. */
export const AGED_TABLES = {
  utilisation_window: 'end_ms',
  vehicle_hour_store: 'start_ms',
  driver_hour_store: 'start_ms',
  alert_hour: 'hour_ms',
  alert_slot: 'slot_ms',
  alert_flood: 'start_ms',
  notice: 'at_ms',
  trip: 'start_ms',
  stop: 'start_ms',
  trip_summary: 'first_ms',
  break_violation: 'start_ms',
  driver_event: 'start_ms',
} as const;
export type AgedTable = keyof typeof AGED_TABLES;

export type KeptTable = Exclude<DayBase, 'vehicle_minute' | 'track'> | AgedTable;

/**
 * How long rows are kept, ms. Minutes, tracks and closed alerts go by `PruneArguments.olderThanMs`; days of vehicles and drivers
 * stay for good. Panes are kept a week longer than the longest score window needs them.
 */
export const KEEP_MS: Readonly<Record<KeptTable, number>> = {
  vehicle_window: 3 * DAY_MS,
  health_window: 3 * DAY_MS,
  late_event: 3 * DAY_MS,
  behaviour_run: 30 * DAY_MS,
  driver_pane: 35 * DAY_MS,
  utilisation_window: 90 * DAY_MS,
  vehicle_hour_store: 400 * DAY_MS,
  driver_hour_store: 400 * DAY_MS,
  alert_hour: 400 * DAY_MS,
  alert_slot: 400 * DAY_MS,
  alert_flood: 400 * DAY_MS,
  notice: 30 * DAY_MS,
  trip: 400 * DAY_MS,
  stop: 400 * DAY_MS,
  trip_summary: 400 * DAY_MS,
  break_violation: 400 * DAY_MS,
  driver_event: 400 * DAY_MS,
};

/** Age from which tracks are thinned, ms. */
export const THIN_AFTER_MS = 7 * DAY_MS;

export interface Ages {
  readonly olderThanMs: number;
  readonly keepMs?: Partial<Record<KeptTable, number>>;
}

/** How long each base by days is kept, ms. */
export function baseAges({ olderThanMs, keepMs }: Ages): [base: DayBase, ageMs: number][] {
  return DAY_BASES.map((base) => {
    const own = base !== 'vehicle_minute' && base !== 'track';
    return [base, own ? (keepMs?.[base] ?? KEEP_MS[base]) : olderThanMs];
  });
}

/** How long each table is kept whose rows are deleted one by one, ms. */
export function tableAges({ keepMs }: Ages): [table: AgedTable, ageMs: number][] {
  return (Object.keys(AGED_TABLES) as AgedTable[]).map((table) => [table, keepMs?.[table] ?? KEEP_MS[table]]);
}
