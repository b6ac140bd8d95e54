import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when what it printed so far contains the text; rejects when it ends without. */
  says(text: string): Promise<void>;
}

/** Starts one of the simulator's programs as a user would. */
export function start(program: 'fleet' | 'faults' | 'demo', args: string[], ipc = false): Running {
  const file = join(import.meta.dirname, `../cli/${program}.ts`);
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe', ipc ? 'ipc' : 'ignore'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  // Not the child's own `close`: it does not come when the IPC channel was let go on this side.
  const ended = [child.stdout, child.stderr].map((stream) => new Promise((resolve) => stream?.on('close', resolve)));
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const finished = Promise.all([exit, ...ended]).then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return {
    child,
    finished,
    says(text) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if ((stdout + stderr).includes(text)) resolve();
        };
        child.stdout?.on('data', look);
        child.stderr?.on('data', look);
        child.on('exit', () => reject(new Error(`it ended without saying "${text}": ${stdout}${stderr}`)));
        look();
      });
    },
  };
}

/** The number in `published N`, the last line a fleet prints. */
export function publishedBy({ stdout }: Finished): number {
  return Number(/published (\d+)\n$/.exec(stdout)?.[1]);
}
