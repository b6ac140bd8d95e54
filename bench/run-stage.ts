import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type Line, toLine } from './measurement.ts';
import type { FromStageProcess, ToStageProcess } from './stage-process.ts';

export interface StageResult {
  readonly lines: readonly Line[];
  /** Why the stage did not come to its end, or what it could not clean up. */
  readonly failures: readonly string[];
}

/** Runs one stage in a process of its own; `onLine` gets each line as it is measured. Never rejects: see `failures`. */
export async function runStage(
  what: ToStageProcess,
  onStart: (child: ChildProcess) => void,
  onLine: (line: Line) => void,
): Promise<StageResult> {
  const lines: Line[] = [];
  const failures: string[] = [];
  const child = fork(new URL('./stage-process.ts', import.meta.url));
  onStart(child);
  child.on('message', (message: FromStageProcess) => {
    if (message.type === 'failed') {
      failures.push(message.message);
      return;
    }
    const line = toLine(what.stage, message.measurement);
    lines.push(line);
    onLine(line);
  });
  child.send(what);
  const [code, signal] = await once(child, 'exit');
  if (code !== 0) failures.push(`its process ended with ${signal ?? code}`);
  return { lines, failures };
}
