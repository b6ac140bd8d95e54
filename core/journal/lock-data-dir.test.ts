import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DataDirInUseError, lockDataDir } from './lock-data-dir.ts';
import { temporaryDir } from './testing/journal-fixtures.ts';

const module = new URL('./lock-data-dir.ts', import.meta.url).href;

/** Starts a process that takes the lock, says how it went, and stays. */
async function other(dir: string) {
  const script = `import { lockDataDir } from ${JSON.stringify(module)};
    try { lockDataDir(${JSON.stringify(dir)}); console.log('taken'); } catch (e) { console.log(e.message); }
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { said: String(said).trim(), kill };
}

it('is held by one process at a time and taken over from one that was killed', async () => {
  const dir = temporaryDir();
  const first = await other(dir);
  expect(first.said).toBe('taken');
  expect(() => lockDataDir(dir)).toThrow(DataDirInUseError);
  expect(() => lockDataDir(dir)).toThrow(/is using .*--data/);
  await first.kill();
  const lock = lockDataDir(dir);
  expect(() => lockDataDir(dir)).toThrow(DataDirInUseError);
  lock.release();
  lock.release();
  lockDataDir(dir).release();
  expect(readdirSync(dir)).toEqual([]);
});

it('goes to one of many that start together over a stale lock', async () => {
  const dir = temporaryDir();
  const dead = await other(dir);
  await dead.kill();
  const all = await Promise.all(Array.from({ length: 4 }, () => other(dir)));
  expect(all.filter((p) => p.said === 'taken')).toHaveLength(1);
  expect(all.filter((p) => p.said.startsWith('Another Watchfloor'))).toHaveLength(3);
  await Promise.all(all.map((p) => p.kill()));
});

it('is not fooled by a pid that another process has now, nor by rubbish', () => {
  const dir = temporaryDir();
  const path = join(dir, 'watchfloor.lock');
  const first = lockDataDir(dir);
  const holder = JSON.parse(readFileSync(path, 'utf8'));
  first.release();
  for (const stale of [JSON.stringify({ ...holder, bootId: 'another', bootMs: 0 }), 'rubbish', '']) {
    writeFileSync(path, stale);
    lockDataDir(dir).release();
  }
  if (process.platform === 'linux') {
    writeFileSync(path, JSON.stringify({ ...holder, startTicks: '1' }));
    lockDataDir(dir).release();
  }
});
