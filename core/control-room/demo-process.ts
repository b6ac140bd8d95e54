import { type ChildProcess, fork } from 'node:child_process';
import { RoomError } from '../protocol/errors.ts';
import type { DemoOptions } from './cli.ts';

export interface DemoSettings extends DemoOptions {
  /** The demo's entry module. */
  readonly entry: string;
  /** Where the demo writes its street network as GeoJSON. */
  readonly streetsFile: string;
  /** Where the demo writes its reference data, unless somebody else's is there. */
  readonly referenceDir: string;
  /** How long the demo may take to answer; default 60 s. */
  readonly readyTimeoutMs?: number;
}

export interface DemoProcess {
  /** Address of the demo's own broker. */
  readonly url: string;
  /** Called once if the demo ends before `close`, with a plain sentence. */
  onEnded(listener: (reason: string) => void): void;
  /** Resolves when the process is gone. Safe to call twice. */
  close(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const KILL_AFTER_MS = 3_000;

/**
 * Starts the demo fleet and its broker in a process of their own, which ends with this one: its IPC channel closes.
 * Resolves when the broker takes connections; rejects with a RoomError `demo` when it does not come up.
 */
export async function startDemo(settings: DemoSettings): Promise<DemoProcess> {
  const child = fork(settings.entry, demoArgs(settings), {
    // The MQTT client still uses url.parse, which is none of the user's business.
    execArgv: ['--disable-warning=DEP0169'],
    // Inside Electron the executable is Electron; this makes it run as plain Node.
    env: process.versions.electron ? { ...process.env, ELECTRON_RUN_AS_NODE: '1' } : process.env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  try {
    const url = await brokerUrl(child, exited, settings.readyTimeoutMs ?? READY_TIMEOUT_MS);
    return running(child, exited, url);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function demoArgs({ vehicles, rate, streetsFile, referenceDir }: DemoSettings): string[] {
  const size = ['--vehicles', String(vehicles), '--rate', String(rate)];
  return [...size, '--streets-out', streetsFile, '--reference', referenceDir];
}

function brokerUrl(child: ChildProcess, exited: Promise<string>, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new RoomError('demo', `The demo fleet did not start: ${why}.`));
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    child.on('message', (message: unknown) => {
      if (!isReady(message)) return;
      clearTimeout(timer);
      resolve(message.url);
    });
    void exited.then((reason) => {
      clearTimeout(timer);
      fail(reason);
    });
  });
}

function isReady(message: unknown): message is { type: 'ready'; url: string } {
  const ready = message as { type?: unknown; url?: unknown } | null;
  return ready?.type === 'ready' && typeof ready.url === 'string';
}

function running(child: ChildProcess, exited: Promise<string>, url: string): DemoProcess {
  let closing = false;
  return {
    url,
    onEnded(listener) {
      void exited.then((reason) => {
        // Ctrl+C in a terminal reaches the demo too, before it reaches `close`.
        const asked = closing || reason === 'SIGINT' || reason === 'SIGTERM';
        if (!asked) listener(`The demo fleet ended (${reason}). Start Watchfloor again to bring it back.`);
      });
    },
    async close() {
      closing = true;
      if (child.connected) child.disconnect();
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await exited;
      clearTimeout(force);
    },
  };
}
