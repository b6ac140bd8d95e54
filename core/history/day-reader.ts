import type Database from 'better-sqlite3';

/** Statements kept prepared; more days than this are asked for seldom. */
const MAX_PREPARED = 500;

/** A reading statement that is the same for all tables but for their name. */
export function perTable<P extends unknown[], Row>(
  db: Database.Database,
  sql: (table: string) => string,
): (table: string) => Database.Statement<P, Row> {
  const prepared = new Map<string, Database.Statement<P, Row>>();
  return (table) => {
    let statement = prepared.get(table);
    if (!statement) {
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      statement = db.prepare<P, Row>(sql(table));
      prepared.set(table, statement);
    }
    return statement;
  };
}
