import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Line, toLine } from './measurement.ts';
import type { FromStageProcess, ToStageProcess } from './stage-process.ts';

/** Long enough for a stage to close what it has open. */
const STOP_WITHIN_MS = 10_000;

export interface StageResult {
  readonly lines: readonly Line[];
  /** Why the stage did not come to its end, or what it could not clean up. */
  readonly failures: readonly string[];
}

/**
 * Runs one stage in a process of its own, in a temporary folder of its own; afterwards neither is left, nor anything the stage
 * started. `onLine` gets each line as it is measured. Never rejects: see `failures`. Aborting has the stage stop early.
 */
export async function runStage(
  what: ToStageProcess,
  onLine: (line: Line) => void,
  signal: AbortSignal,
): Promise<StageResult> {
  const lines: Line[] = [];
  const failures: string[] = [];
  const dir = mkdtempSync(join(tmpdir(), `watchfloor-bench-${what.stage}-`));
  // A process group of its own: a Ctrl-C reaches us alone, and what the stage may leave can be found.
  const child = fork(new URL('./stage-process.ts', import.meta.url), {
    detached: process.platform !== 'win32',
    env: { ...process.env, TMPDIR: dir, TEMP: dir, TMP: dir },
  });
  child.on('message', (message: FromStageProcess) => {
    if (message.type === 'failed') {
      failures.push(message.message);
      return;
    }
    const line = toLine(what.stage, message.measurement);
    lines.push(line);
    onLine(line);
  });
  const stop = (): void => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS).unref();
  };
  signal.addEventListener('abort', stop);
  child.send(what);
  const [code, killedBy] = await once(child, 'exit');
  signal.removeEventListener('abort', stop);
  if (code !== 0) failures.push(`its process ended with ${killedBy ?? code}`);
  endGroup(child);
  rmSync(dir, { recursive: true, force: true, maxRetries: 10 });
  return { lines, failures };
}

/** Ends what the stage started and could not end itself. */
function endGroup(child: ChildProcess): void {
  if (process.platform === 'win32' || child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing is left: as it should be.
  }
}
