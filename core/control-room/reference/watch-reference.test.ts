import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { watchReference } from './watch-reference.ts';

/** A folder that is watched before it is there; `seen` has what was in drivers.csv at each call. */
function watched(): { dir: string; seen: () => readonly string[] } {
  const parent = mkdtempSync(join(tmpdir(), 'watchfloor-reference-'));
  const dir = join(parent, 'reference');
  const drivers = join(dir, 'drivers.csv');
  const seen: string[] = [];
  const watch = watchReference(dir, () => seen.push(existsSync(drivers) ? readFileSync(drivers, 'utf8') : ''));
  onTestFinished(() => {
    watch.close();
    rmSync(parent, { recursive: true, force: true });
  });
  return { dir, seen: () => seen };
}

const PATIENCE = { timeout: 15_000, interval: 20 };

it('tells of files that come, change and go, also when the folder comes later', async () => {
  const { dir, seen } = watched();
  mkdirSync(dir);
  writeFileSync(join(dir, 'vehicles.csv'), 'vehicle_id\n');
  await vi.waitFor(() => expect(seen()).toHaveLength(1), PATIENCE);
  writeFileSync(join(dir, 'vehicles.csv'), 'vehicle_id\nV-1\n');
  await vi.waitFor(() => expect(seen()).toHaveLength(2), PATIENCE);
  rmSync(join(dir, 'vehicles.csv'));
  await vi.waitFor(() => expect(seen()).toHaveLength(3), PATIENCE);
});

it('tells once of a file that was written piece by piece, and of the folder going', async () => {
  const { dir, seen } = watched();
  mkdirSync(dir);
  const line = 'driver_id\n';
  for (let i = 1; i <= 10; i++) writeFileSync(join(dir, 'drivers.csv'), line.repeat(i));
  await vi.waitFor(() => expect(seen()).toHaveLength(1), PATIENCE);
  rmSync(dir, { recursive: true });
  await vi.waitFor(() => expect(seen().length).toBeGreaterThan(1), PATIENCE);
  expect(seen()).toEqual([line.repeat(10), '']);
});
