import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { hashHistory, hashText } from './history-hash.ts';

const SCHEMA = `
  CREATE TABLE vehicle (id INTEGER PRIMARY KEY, vehicle_id TEXT NOT NULL UNIQUE, lat REAL) STRICT;
  CREATE TABLE track (id INTEGER PRIMARY KEY, vehicle INTEGER NOT NULL REFERENCES vehicle (id), start_ms INTEGER, data BLOB) STRICT;
  CREATE TABLE minute (at_ms INTEGER, vehicle INTEGER, speed REAL, PRIMARY KEY (at_ms, vehicle)) STRICT, WITHOUT ROWID;
  CREATE TABLE note (position INTEGER PRIMARY KEY, text TEXT) STRICT;
  CREATE TABLE checkpoint (position INTEGER PRIMARY KEY) STRICT;`;

const ROWS = `
  INSERT INTO vehicle (vehicle_id, lat) VALUES ('a', 52.5), ('b', 48.25);
  INSERT INTO track (vehicle, start_ms, data) VALUES (1, 10, x'01'), (2, 20, x'02'), (1, 30, x'03');
  INSERT INTO minute VALUES (60, 1, 5.0), (60, 2, 7.0), (120, 1, NULL);
  INSERT INTO note VALUES (7, 'seven');`;

function hashOf(rows: string): string {
  const db = new Database(':memory:');
  try {
    db.exec(SCHEMA);
    db.exec(rows);
    return hashHistory(db).sha256;
  } finally {
    db.close();
  }
}

const reference = hashOf(ROWS);

test('numbers that rows were given, and the order in which they came, do not count', () => {
  const other = `
    INSERT INTO vehicle (id, vehicle_id, lat) VALUES (1, 'b', 48.25), (9, 'a', 52.5);
    INSERT INTO track (vehicle, start_ms, data) VALUES (1, 20, x'02'), (9, 30, x'03'), (9, 10, x'01');
    INSERT INTO minute VALUES (120, 9, NULL), (60, 1, 7.0), (60, 9, 5.0);
    INSERT INTO note VALUES (7, 'seven');
    INSERT INTO checkpoint VALUES (1), (2);`;
  expect(hashOf(other)).toBe(reference);
});

test.each([
  ['the last bit of a number', "UPDATE vehicle SET lat = 52.50000000000001 WHERE vehicle_id = 'a'"],
  ['a byte of a blob', "UPDATE track SET data = x'04' WHERE start_ms = 30"],
  ['NULL instead of a value', 'UPDATE minute SET speed = NULL WHERE at_ms = 60 AND vehicle = 1'],
  ['whose row it is', 'UPDATE track SET vehicle = 2 WHERE start_ms = 10'],
  ['a position, which is no mere number', 'UPDATE note SET position = 8'],
  ['a row more', "INSERT INTO note VALUES (9, '')"],
  ['an empty table more', 'CREATE TABLE another (id INTEGER PRIMARY KEY) STRICT'],
])('%s counts', (_, change) => {
  expect(hashOf(`${ROWS}; ${change}`)).not.toBe(reference);
});

test('as text it has a line a table and the whole on the last', () => {
  const db = new Database(':memory:');
  db.exec(SCHEMA + ROWS);
  const lines = hashText(hashHistory(db)).split('\n');
  expect(lines.map((line) => line.split(/\s+/).slice(0, 2).join(' '))).toEqual([
    'minute 3',
    'note 1',
    'track 3',
    'vehicle 2',
    reference,
    '',
  ]);
  db.close();
});
