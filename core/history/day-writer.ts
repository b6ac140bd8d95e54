import type Database from 'better-sqlite3';
import { addDay, type DayBase, dayOf, dayTables, MAX_DAYS } from './day-tables.ts';

const DAY_MS = 86_400_000;

/** The writer's knowledge of which days have tables. */
export interface DayWriter {
  /** The table for rows of a time, made when there is none; undefined when the time is so long before the newest day that its rows are beyond keeping. */
  tableAt(base: DayBase, ms: number): string | undefined;
  /** Must follow every rollback and every `dropDay`. */
  forget(): void;
  /** Grows with each `forget`: what was prepared for a table may be void. */
  readonly generation: number;
}

export function dayWriter(db: Database.Database): DayWriter {
  const known = new Map<DayBase, Map<number, string>>();
  let generation = 0;
  const tablesOf = (base: DayBase): Map<number, string> => {
    let tables = known.get(base);
    if (!tables) {
      tables = new Map(dayTables(db, base).map(({ dayMs, name }) => [dayMs, name]));
      known.set(base, tables);
    }
    return tables;
  };
  return {
    tableAt(base, ms) {
      if (!(ms >= 0)) return undefined;
      const tables = tablesOf(base);
      const dayMs = dayOf(ms);
      const there = tables.get(dayMs);
      if (there !== undefined) return there;
      if (dayMs < Math.max(...tables.keys()) - MAX_DAYS * DAY_MS) return undefined;
      const { name } = addDay(db, base, dayMs);
      tables.set(dayMs, name);
      return name;
    },
    forget() {
      known.clear();
      generation++;
    },
    get generation() {
      return generation;
    },
  };
}

/** A statement that is the same for the tables of all days but for their name. */
export function perDay<P extends unknown[]>(
  db: Database.Database,
  days: DayWriter,
  base: DayBase,
  sql: (table: string) => string,
): (ms: number) => Database.Statement<P> | undefined {
  const prepared = new Map<number, Database.Statement<P>>();
  let generation = days.generation;
  return (ms) => {
    if (generation !== days.generation) {
      prepared.clear();
      generation = days.generation;
    }
    const dayMs = dayOf(ms);
    const there = prepared.get(dayMs);
    if (there) return there;
    const table = days.tableAt(base, ms);
    if (table === undefined) return undefined;
    const statement = db.prepare<P>(sql(table));
    prepared.set(dayMs, statement);
    return statement;
  };
}
