import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { SCHEMA_VERSION } from './migrations/all.ts';
import { SIGNAL_COLUMNS } from './signal-columns.ts';
import { T0_MS, temporaryFile } from './testing/batches.ts';
import { toyBatch } from './testing/toy-engine.ts';
import { toyRun } from './testing/toy-run.ts';
import { openHistory } from './writer.ts';

/** Their signals are described together. */
const WITH_SIGNALS = ['vehicle', 'vehicle_minute'];

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
      const names = db
        .prepare<[], string>(
          "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'",
        )
        .pluck()
        .all();
      // What is behind a view is not described by itself.
      const tables = names.filter((name) => !/_(\d{8}|store)$/.test(name));
      const headings = [...text.matchAll(/^### (`\w+`(?:, `\w+`)*) –/gm)].map((match) => match[1]);
      const sections = headings.flatMap((heading) => [...heading.matchAll(/`(\w+)`/g)].map((match) => match[1]));
      const described = (section: string) =>
        section
          .split('\n')
          .filter((line) => line.startsWith('| `'))
          .flatMap((line) => [...line.split('|')[1].matchAll(/`(\w+)`/g)].map((match) => match[1]));
      expect(sections.toSorted()).toEqual(tables.toSorted());
      for (const table of tables) {
        const columns = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
        const own = columns.filter((column) => !(WITH_SIGNALS.includes(table) && SIGNAL_COLUMNS.includes(column)));
        const heading = headings.find((names) => names.includes(`\`${table}\``));
        const shown = text.split(`### ${heading} –`)[1]?.split(/^##/m)[0] ?? '';
        if (shown.includes('Columns as in `driver_pane`')) {
          const same = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all('driver_pane');
          expect(columns).toEqual(same);
          continue;
        }
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
