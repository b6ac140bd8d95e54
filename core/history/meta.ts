import type Database from 'better-sqlite3';

/**
 * - `committed_position`, `engine_ms`: how far the journal's outputs are in.
 * - `alerts_raised`: alerts since the history was made, those already pruned too.
 * - `alert_hour_from`: rows of alerts up to this one, from before version 4, are still to be counted by hour; 0 when they are.
 */
export type MetaName = 'committed_position' | 'engine_ms' | 'alerts_raised' | 'alert_hour_from';

export interface Meta {
  get(name: MetaName): number | undefined;
  set(name: MetaName, value: number): void;
  add(name: MetaName, amount: number): void;
}

/** The single numbers of the history. */
export function metaStore(db: Database.Database): Meta {
  const read = db.prepare<[string], number>('SELECT value FROM meta WHERE name = ?').pluck();
  const write = db.prepare<[string, number]>(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const get = (name: MetaName): number | undefined => read.get(name);
  const set = (name: MetaName, value: number): void => void write.run(name, value);
  return { get, set, add: (name, amount) => set(name, (get(name) ?? 0) + amount) };
}
