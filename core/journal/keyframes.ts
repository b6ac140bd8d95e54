import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import {
  decodeKeyframe,
  encodeKeyframeHeader,
  KEYFRAME_HEADER_BYTES,
  type Keyframe,
  peekKeyframe,
} from './keyframe-format.ts';
import { isMissing, sizeOf, syncDirectory } from './segment-files.ts';

const pack = promisify(zstdCompress);

const SUFFIX = '.wfk';
const TEMPORARY = '.wfk.tmp';
const NAME = /^(\d{20})\.wfk$/;
const DEFAULT_MAX_BYTES = 2 * 2 ** 30;

export interface KeyframesOptions {
  /** Made when the first keyframe is written. */
  readonly dir: string;
  /** Beyond this total the older half is thinned to every second one; default 2 GiB. */
  readonly maxBytes?: number;
  /** Sentences about keyframes that cannot be read. They are passed over. */
  readonly onNote?: (sentence: string) => void;
}

/** One keyframe on disk; nothing is known yet about what is in it. */
export interface KeyframeFile {
  readonly position: number;
  readonly bytes: number;
  readonly path: string;
}

/**
 * Engine states along a journal, one file each, so that any stretch of it can be worked out from nearby. They hold nothing
 * that the journal does not: losing one costs time only. One writer at a time; reading beside it is safe.
 */
export class Keyframes {
  readonly #dir: string;
  readonly #maxBytes: number;
  readonly #onNote: (sentence: string) => void;

  constructor({ dir, maxBytes = DEFAULT_MAX_BYTES, onNote = () => {} }: KeyframesOptions) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
    this.#onNote = onNote;
  }

  /** Oldest first; none when there is no folder. */
  list(): KeyframeFile[] {
    return this.#positions().map((position) => {
      const path = this.#path(position);
      return { position, path, bytes: sizeOf(path) };
    });
  }

  /** The newest one at or before `position` that can be read and that `accept` does not refuse. */
  nearest(position: number, accept: (keyframe: Keyframe) => boolean = () => true): Keyframe | undefined {
    for (const at of this.#positions().reverse()) {
      const keyframe = at <= position ? this.load(at) : undefined;
      if (keyframe && accept(keyframe)) return keyframe;
    }
    return undefined;
  }

  /** Place and time of the newest one, without reading its state. */
  newest(): { readonly position: number; readonly engineMs: number } | undefined {
    const position = this.#positions().at(-1);
    if (position === undefined) return undefined;
    const head = Buffer.alloc(KEYFRAME_HEADER_BYTES);
    try {
      const fd = openSync(this.#path(position), 'r');
      try {
        readSync(fd, head);
      } finally {
        closeSync(fd);
      }
    } catch {
      // As one that is damaged: the next checkpoint becomes a keyframe.
    }
    return peekKeyframe(head);
  }

  /** The keyframe at exactly that position; undefined when there is none or it cannot be read. */
  load(position: number): Keyframe | undefined {
    const path = this.#path(position);
    try {
      const keyframe = decodeKeyframe(readFileSync(path));
      if (keyframe.position === position) return keyframe;
      this.#onNote(`The keyframe ${path} was not used: it belongs to position ${keyframe.position}.`);
    } catch (error) {
      if (isMissing(error)) return undefined;
      this.#onNote(`The keyframe ${path} was not used: ${error instanceof Error ? error.message : error}.`);
    }
    return undefined;
  }

  /** Packs the state off this thread, writes it and thins what is too much. Rejects when the disk refuses, and leaves nothing behind. */
  async write({ position, engineMs, state }: Keyframe): Promise<void> {
    const packed = await pack(state);
    const header = encodeKeyframeHeader({ position, engineMs, stateBytes: state.length }, packed);
    const temporary = join(this.#dir, `${nameOf(position)}${TEMPORARY}`);
    mkdirSync(this.#dir, { recursive: true });
    try {
      const file = await open(temporary, 'w');
      try {
        await file.writev([header, packed]);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path(position));
      syncDirectory(this.#dir);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    this.#thin();
  }

  /** Deletes those before a position, those after another, and what a crash left half written. */
  prune(beforePosition: number, afterPosition = Number.POSITIVE_INFINITY): void {
    for (const name of this.#names()) {
      const match = NAME.exec(name);
      const position = Number(match?.[1]);
      const isGone = match ? position < beforePosition || position > afterPosition : name.endsWith(TEMPORARY);
      if (isGone) rmSync(join(this.#dir, name), { force: true });
    }
  }

  #thin(): void {
    let files = this.list();
    while (files.length > 0 && files.reduce((sum, file) => sum + file.bytes, 0) > this.#maxBytes) {
      const half = Math.ceil(files.length / 2);
      const isKept = (i: number): boolean => i >= half || (files.length > 2 && i % 2 === 0);
      for (const [i, file] of files.entries()) if (!isKept(i)) rmSync(file.path, { force: true });
      files = files.filter((_, i) => isKept(i));
    }
  }

  #positions(): number[] {
    return this.#names()
      .map((name) => NAME.exec(name))
      .filter((match) => match !== null)
      .map((match) => Number(match[1]))
      .sort((a, b) => a - b);
  }

  #names(): string[] {
    try {
      return readdirSync(this.#dir);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  #path(position: number): string {
    return join(this.#dir, `${nameOf(position)}${SUFFIX}`);
  }
}

function nameOf(position: number): string {
  return String(position).padStart(20, '0');
}
