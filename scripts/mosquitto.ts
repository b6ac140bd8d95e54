import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_TRIES = 500;
const READY_PAUSE_MS = 20;

export interface MosquittoOptions {
  /** Further lines of the configuration; those about a listener apply to the one on the free port. */
  readonly config?: string;
}

export interface Mosquitto {
  readonly port: number;
  /** Ends it properly, so that it writes its database, and removes its files. Safe to call twice. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Ends it properly until `restart`. */
  pause(): Promise<void>;
  /** Starts it again on the same port with the same database; ends it properly first when it runs. */
  restart(): Promise<void>;
}

/** Starts a real mosquitto on a free port of 127.0.0.1, anonymous and persistent unless the configuration says otherwise. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const dir = await mkdtemp(join(tmpdir(), 'watchfloor-mosquitto-'));
  const port = await freePort();
  const file = join(dir, 'mosquitto.conf');
  await writeFile(file, configuration(port, dir, options.config ?? ''));
  let running: ChildProcess;
  try {
    running = await launch(file, port);
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
  return {
    port,
    async stop() {
      await end(running, 'SIGTERM');
      await rm(dir, { recursive: true, force: true });
    },
    kill: () => end(running, 'SIGKILL'),
    pause: () => end(running, 'SIGTERM'),
    async restart() {
      await end(running, 'SIGTERM');
      running = await launch(file, port);
    },
  };
}

function configuration(port: number, dir: string, extra: string): string {
  const lines = [`listener ${port} 127.0.0.1`, 'persistence true', `persistence_location ${dir}/`];
  if (!extra.includes('allow_anonymous')) lines.push('allow_anonymous true');
  // Started as root it would become user mosquitto, who may not write to our folder.
  if (process.getuid?.() === 0) lines.push('user root');
  return `${lines.join('\n')}\n${extra}\n`;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

async function launch(file: string, port: number): Promise<ChildProcess> {
  // Debian puts it where only root's PATH looks.
  const command = existsSync('/usr/sbin/mosquitto') ? '/usr/sbin/mosquitto' : 'mosquitto';
  const child = spawn(command, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  let failure: Error | undefined;
  child.stderr.on('data', (data) => {
    said = (said + data).slice(-2000);
  });
  child.on('error', (error) => {
    failure = error;
  });
  for (let i = 0; i < READY_TRIES; i++) {
    if (failure)
      throw new Error(`mosquitto cannot be started (${failure.message}). Install it: apt-get install mosquitto`);
    if (child.exitCode !== null) throw new Error(`mosquitto ended at once: ${said}`);
    if (await answers(port)) return child;
    await new Promise((resolve) => setTimeout(resolve, READY_PAUSE_MS));
  }
  child.kill('SIGKILL');
  throw new Error(`mosquitto does not answer on port ${port}: ${said}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
