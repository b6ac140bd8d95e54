import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One of the tools of bench/load in a process of its own. */
export interface LoadTool {
  /** The next line it prints. Throws when it ends without one. */
  next<Line extends object>(): Promise<Line>;
  /** Resolves when the process has ended. */
  ended(): Promise<void>;
  kill(): void;
}

/** What a tool that sends says at its end. */
export interface Sent {
  readonly sent: number;
  readonly acked: number;
  /** From the first message to the last acknowledgement (QoS 0: to the last write). */
  readonly seconds: number;
}

export interface Received {
  readonly received: number;
  readonly seconds: number;
}

export function startLoadTool(
  name: 'fake-broker' | 'publisher' | 'bare-subscriber',
  options: Readonly<Record<string, number>>,
): LoadTool {
  const file = fileURLToPath(new URL(`../load/${name}.ts`, import.meta.url));
  const flags = Object.entries(options).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  const child = spawn(process.execPath, [file, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next<Line extends object>() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended without saying how it went`);
      return JSON.parse(value) as Line;
    },
    async ended() {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
