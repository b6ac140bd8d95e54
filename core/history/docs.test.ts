import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { SCHEMA_VERSION } from './migrations/all.ts';
import { SIGNAL_COLUMNS } from './signal-columns.ts';
import { T0_MS, temporaryFile } from './testing/batches.ts';
import { toyBatch } from './testing/toy-engine.ts';
import { toyRun } from './testing/toy-run.ts';
import { openHistory } from './writer.ts';

const text = readFileSync(new URL('../../docs/history.md', import.meta.url), 'utf8');

function withHistory<T>(look: (db: Database.Database) => T): T {
  const file = temporaryFile();
  const writer = openHistory({ file });
  writer.commit(toyBatch(toyRun(3), 0, 400, true));
  writer.close();
  const db = new Database(file, { readonly: true });
  try {
    return look(db);
  } finally {
    db.close();
  }
}

describe('docs/history.md', () => {
  it('describes every table and every column, and none that is not there', () => {
    withHistory((db) => {
      const tables = db
        .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .pluck()
        .all();
      const sections = [...text.matchAll(/^### `(\w+)` –/gm)].map((match) => match[1]);
      const described = (section: string) =>
        section
          .split('\n')
          .filter((line) => line.startsWith('| `'))
          .flatMap((line) => [...line.split('|')[1].matchAll(/`(\w+)`/g)].map((match) => match[1]));
      expect(sections.toSorted()).toEqual(tables.toSorted());
      for (const table of tables) {
        const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
        const own = columns.filter((column) => !SIGNAL_COLUMNS.includes(column));
        const shown = text.split(`### \`${table}\` –`)[1]?.split(/^##/m)[0] ?? '';
        expect([table, ...described(shown).toSorted()]).toEqual([table, ...own.toSorted()]);
      }
      for (const column of SIGNAL_COLUMNS) expect(text).toContain(`\`${column}\``);
      expect(text).toContain(`described here, **${SCHEMA_VERSION}**`);
    });
  });

  const examples = [...text.matchAll(/^```sql\n([\s\S]*?)^```/gm)].map((match) => match[1]);

  it.each(examples)('example %#', (sql) => {
    withHistory((db) => {
      const rows = db.prepare(sql.replace('V-00001', 'V-1').replace('engine_temp_c > 100', 'max_speed_kmph > 0')).all();
      expect(rows.length).toBeGreaterThan(0);
    });
  });

  it('has examples, and a fleet to try them on', () => {
    expect(examples.length).toBeGreaterThan(6);
    expect(withHistory((db) => db.prepare('SELECT max(raised_ms) FROM alert').pluck().get())).toBeGreaterThan(T0_MS);
  });
});
