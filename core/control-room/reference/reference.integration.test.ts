import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../../scripts/mosquitto.ts';
import { readJournal } from '../../journal/read-journal.ts';
import { RECORD_KIND, type ReferenceChange } from '../../model/records.ts';
import type { ControlRoom } from '../control-room.ts';
import { journalDirOf, referenceDirOf } from '../data-folders.ts';
import { openTestRoom, temporaryDataDir, untilHealth } from '../testing/room-bench.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function open(dir: string): Promise<ControlRoom> {
  const room = await openTestRoom(dir, `mqtt://127.0.0.1:${await freePort()}`);
  cleanups.push(() => room.close());
  return room;
}

function changes(dir: string): ReferenceChange[] {
  const records: ReferenceChange[] = [];
  for (const record of readJournal(journalDirOf(dir), { from: 0 })) {
    if (record.kind === RECORD_KIND.reference) records.push(JSON.parse(Buffer.from(record.payload).toString()));
  }
  return records;
}

test('reference files are journaled when they differ, read again when they change, and refused with their line', async () => {
  const { dir, remove } = await temporaryDataDir();
  cleanups.push(remove);
  const file = join(referenceDirOf(dir), 'vehicles.csv');
  mkdirSync(referenceDirOf(dir));
  writeFileSync(file, 'vehicle_id,class\nV-1,van\n');
  const first = await open(dir);
  await untilHealth(first, ({ status }) => status !== 'starting');
  writeFileSync(file, 'vehicle_id,limit_kmph\nV-1,fast\n');
  const refused = await untilHealth(first, ({ problems }) => problems.length > 0);
  expect(refused.problems).toEqual([
    'Reference data was refused: vehicles.csv:2: `limit_kmph` must be a number from 1 to 300 km/h, not "fast". What that file said before goes on.',
  ]);
  writeFileSync(file, 'vehicle_id,limit_kmph\nV-1,90\n');
  await untilHealth(first, ({ problems }) => problems.length === 0);
  await first.close();
  const second = await open(dir);
  await untilHealth(second, ({ status }) => status !== 'starting');
  await second.close();
  expect(changes(dir).map(({ by, data }) => [by, data.vehicles[0].facts])).toEqual([
    ['startup', { class: 'van' }],
    ['files', { limit_kmph: 90 }],
  ]);
});
