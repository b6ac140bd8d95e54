import { openSync, writeSync } from 'node:fs';
import type { TruthLine } from '../faults/truth.ts';

/**
 * Opens a truth file anew and answers a function that adds a line to it. A line is on its way to the disk when the function
 * returns, so that a run that is killed leaves what it had injected. Throws a sentence when the file cannot be written.
 */
export function truthFile(path: string): (line: TruthLine) => void {
  let file: number;
  try {
    file = openSync(path, 'w');
  } catch (error) {
    throw new Error(`--truth: cannot write ${path}: ${(error as NodeJS.ErrnoException).code}.`);
  }
  return (line) => {
    writeSync(file, `${JSON.stringify(line)}\n`);
  };
}
