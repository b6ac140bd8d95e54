import type Database from 'better-sqlite3';

/** The numbers other tables use for drivers. */
export interface DriverNumbers {
  /** A driver that has no row yet gets one. */
  idOf(driverId: string): number;
  /** Must follow every rollback: numbers given out in it are void. */
  forget(): void;
}

/** Knows the drivers' numbers; keeps one map entry per driver seen since the start. */
export function driverNumbers(db: Database.Database): DriverNumbers {
  const ids = new Map<string, number>();
  const find = db.prepare<[string], number>('SELECT id FROM driver WHERE driver_id = ?').pluck();
  const insert = db.prepare<[string]>('INSERT INTO driver (driver_id) VALUES (?)');
  return {
    idOf(driverId) {
      const known = ids.get(driverId);
      if (known !== undefined) return known;
      const id = find.get(driverId) ?? Number(insert.run(driverId).lastInsertRowid);
      ids.set(driverId, id);
      return id;
    },
    forget: () => ids.clear(),
  };
}
