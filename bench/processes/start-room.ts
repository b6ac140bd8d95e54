import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { RoomOptions } from '../../core/control-room/options.ts';
import type { Health } from '../../core/protocol/health.ts';
import { RULES_DIR } from '../fleet/rule-sets.ts';
import type { FromRoomProcess, RoomCpu, ToRoomProcess } from './room-messages.ts';

const ASK_EVERY_MS = 20;

/** A room in a process of its own. */
export interface RoomProcess {
  readonly openMs: number;
  /** Until its health was no longer `starting`, ms. */
  readonly startedMs: number;
  cpu(): Promise<RoomCpu>;
  /** Asks again and again until its health is as wanted. Throws when it is not within `withinMs`, with what it last was. */
  healthUntil(wanted: (health: Health) => boolean, withinMs: number): Promise<Health>;
  close(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

export interface RoomProcessOptions extends Pick<RoomOptions, 'dataDir' | 'durability'> {
  /** Port of the broker on 127.0.0.1. */
  readonly brokerPort: number;
}

/** Starts a room against a broker on this machine; resolves when it has started. */
export async function startRoomProcess(options: RoomProcessOptions): Promise<RoomProcess> {
  const { dataDir, durability, brokerPort } = options;
  const child = fork(new URL('./room.ts', import.meta.url), { serialization: 'advanced' });
  const broker = { url: `mqtt://127.0.0.1:${brokerPort}` };
  const roomOptions = { version: 'bench', dataDir, broker, demo: false, rulesDir: RULES_DIR, durability };
  const opened = await ask(child, { type: 'open', options: roomOptions }, 'opened');
  return {
    openMs: opened.openMs,
    startedMs: opened.startedMs,
    cpu: async () => (await ask(child, { type: 'cpu' }, 'cpu')).cpu,
    async healthUntil(wanted, withinMs) {
      const deadlineMs = performance.now() + withinMs;
      for (;;) {
        const { health } = await ask(child, { type: 'health' }, 'health');
        if (wanted(health)) return health;
        if (performance.now() > deadlineMs) {
          throw new Error(`the room did not get there in ${withinMs} ms: ${JSON.stringify(health)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
    },
    async close() {
      if (ended(child)) return;
      await ask(child, { type: 'close' }, 'closed');
      if (!ended(child)) await once(child, 'exit');
    },
    async kill() {
      if (ended(child)) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

type Answer<T extends FromRoomProcess['type']> = Extract<FromRoomProcess, { type: T }>;

function ask<T extends FromRoomProcess['type']>(child: ChildProcess, message: ToRoomProcess, type: T) {
  return new Promise<Answer<T>>((resolve, reject) => {
    const done = (settle: () => void): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      settle();
    };
    const onMessage = (answer: FromRoomProcess): void => {
      if (answer.type === 'failed') done(() => reject(new Error(answer.message)));
      else if (answer.type === type) done(() => resolve(answer as Answer<T>));
    };
    const onExit = (): void => done(() => reject(new Error(`the room's process ended while asked to ${message.type}`)));
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.send(message);
  });
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
