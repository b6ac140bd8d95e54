import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** Writes a text file so that it has its old or its new content, whatever happens. Throws what the disk refuses. */
export function writeFileAtomically(path: string, text: string): void {
  const unfinished = `${path}.part`;
  try {
    const fd = openSync(unfinished, 'w');
    try {
      const bytes = Buffer.from(text, 'utf8');
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
