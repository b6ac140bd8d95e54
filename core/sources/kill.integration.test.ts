import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startMosquitto } from '../../scripts/mosquitto.ts';
import { readJournal } from '../journal/read-journal.ts';

const MESSAGES = 60_000;
const RATE_PER_SECOND = 20_000;
const KILLS = 3;

interface Progress {
  readonly state?: string;
  readonly messages?: number;
}

function start(port: number, dir: string, durability: string): ChildProcess {
  const script = join(import.meta.dirname, 'testing', 'journaling-subscriber.ts');
  const child = fork(script, [String(port), dir, durability], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Resolves with the first thing the subscriber tells that fits. */
function told(child: ChildProcess, fits: (progress: Progress) => boolean): Promise<Progress> {
  return new Promise((resolve) => {
    const listen = (progress: Progress) => {
      if (!fits(progress)) return;
      child.off('message', listen);
      resolve(progress);
    };
    child.on('message', listen);
  });
}

function eventIds(dir: string, into: Set<string>): void {
  for (const record of readJournal(dir, { from: 0, onDamage: (damage) => expect.unreachable(damage.detail) })) {
    for (const [, id] of Buffer.from(record.payload)
      .toString('latin1')
      .matchAll(/"event_id":"([^"]+)"/g))
      into.add(id);
  }
}

it.each(['os', 'disk'])('loses nothing to kill -9 at speed (%s)', async (durability) => {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-kill-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const broker = await startMosquitto({ config: 'max_inflight_messages 5000\nmax_queued_messages 1000000' });
  onTestFinished(() => broker.stop());
  let subscriber = start(broker.port, dir, durability);
  await told(subscriber, (p) => p.state === 'connected');

  const script = join(import.meta.dirname, '../../bench/load/publisher.ts');
  const args = { 'broker-port': broker.port, messages: MESSAGES, rate: RATE_PER_SECOND, seed: 7 };
  const publisher = fork(
    script,
    Object.entries(args).flatMap(([k, v]) => [`--${k}`, `${v}`]),
    { execArgv: [], silent: true },
  );
  onTestFinished(() => void publisher.kill('SIGKILL'));
  const published = once(publisher, 'exit');

  for (let kill = 1; kill <= KILLS; kill++) {
    await told(subscriber, (p) => (p.messages ?? 0) >= (kill * MESSAGES) / (KILLS + 2));
    subscriber.kill('SIGKILL');
    await once(subscriber, 'exit');
    subscriber = start(broker.port, dir, durability);
  }
  expect(await published).toEqual([0, null]);

  const seen = new Set<string>();
  while (seen.size < MESSAGES) {
    // Redelivered messages are journaled twice, so the count says when to look and the ids when it is enough.
    await told(subscriber, (p) => (p.messages ?? 0) >= MESSAGES);
    eventIds(dir, seen);
  }
  expect(seen.size).toBe(MESSAGES);
  expect(seen).toContain(`00000007-0000-4000-8000-${(MESSAGES - 1).toString(16).padStart(12, '0')}`);
});
