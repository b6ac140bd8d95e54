import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compressSegment } from './compress-segment.ts';
import { type RetentionLimits, retain } from './retention.ts';
import { compressedPath, listSegments, plainPath, sizeOf, TEMPORARY } from './segment-files.ts';

/** What housekeeping asks of the journal it keeps. */
export interface Kept {
  readonly dir: string;
  readonly limits: RetentionLimits;
  /** Base of the segment being written: it and later ones are left alone. */
  currentBase(): number;
  retainFrom(): number;
  now(): number;
  /** Bytes of the closed segments, told after every change. */
  closedBytes(bytes: number): void;
}

/** Compression of closed segments and retention, one job at a time, all of it off the append path. */
export class Housekeeping {
  readonly #kept: Kept;
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;

  constructor(kept: Kept) {
    this.#kept = kept;
    for (const name of readdirSync(kept.dir))
      if (name.endsWith(TEMPORARY)) rmSync(join(kept.dir, name), { force: true });
  }

  /** Something was closed or may be deleted: look again, soon. */
  wake(): void {
    if (this.#abort.signal.aborted) return;
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when there is nothing left to do. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** Stops; a segment half compressed stays as it was. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.idle();
  }

  async #run(): Promise<void> {
    const signal = this.#abort.signal;
    while (this.#again && !signal.aborted) {
      this.#again = false;
      try {
        await this.#retain();
        for (const base of this.#uncompressed()) {
          await compressSegment(this.#kept.dir, base, signal);
          await this.#retain();
        }
      } catch {
        // A full disk or a file held open by a reader (Windows): what could not be done now is found again at the next roll.
        return;
      }
    }
  }

  /** Closed plain segments. One that also has a compressed file was interrupted before the plain one went: it is done again. */
  #uncompressed(): number[] {
    const current = this.#kept.currentBase();
    const plain = listSegments(this.#kept.dir).filter((s) => !s.compressed && s.base < current);
    return plain.map((s) => s.base);
  }

  async #retain(): Promise<void> {
    const { dir, limits } = this.#kept;
    const current = this.#kept.currentBase();
    const total = await retain(dir, limits, Math.min(current, this.#kept.retainFrom()), this.#kept.now());
    this.#kept.closedBytes(total - sizeOf(plainPath(dir, current)));
  }
}

/** Removes both forms of a segment that holds no record. */
export function removeSegment(dir: string, base: number): void {
  rmSync(plainPath(dir, base), { force: true });
  rmSync(compressedPath(dir, base), { force: true });
}
