import { zstdDecompressSync } from 'node:zlib';
import type { BlobStore } from './blob-store.ts';
import { applyPages } from './image-pages.ts';
import type { PackedMoment } from './pack-moments.ts';
import type { Moment } from './playhead.ts';

interface Kept {
  readonly position: number;
  readonly latestMs: number;
  readonly messages: number;
  readonly state: number;
  readonly stateBytes: number;
  readonly imageBytes: number;
  readonly isWhole: boolean;
  readonly pages: readonly number[];
}

/** The moments of a replay that it can go back to. */
export class MomentStore {
  /** Messages up to the newest moment. */
  messages = 0;
  readonly #blobs: BlobStore;
  readonly #kept: Kept[] = [];

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  get count(): number {
    return this.#kept.length;
  }

  /** Keeps the next moment. They come in order and none may be left out: each holds what changed since the one before. */
  add({ state, pages, ...rest }: PackedMoment): void {
    const kept = { ...rest, state: this.#blobs.put(state), pages: pages.map((piece) => this.#blobs.put(piece)) };
    this.#kept.push(kept);
    this.messages = kept.messages;
  }

  /** Position of the newest moment that has read nothing received at or after `ms`. */
  before(ms: number): number | undefined {
    return this.#kept.findLast((kept) => kept.latestMs < ms)?.position;
  }

  /** Unpacks the moment at exactly that position, yielding between pieces of some milliseconds. */
  *unpack(position: number): Generator<void, Moment, void> {
    const last = this.#kept.findIndex((kept) => kept.position === position);
    const wanted = this.#kept[last];
    const image = new Uint8Array(wanted.imageBytes);
    const whole = this.#kept.findLastIndex((kept, i) => kept.isWhole && i <= last);
    for (const { pages } of this.#kept.slice(whole, last + 1)) {
      for (const piece of pages) {
        applyPages(image, zstdDecompressSync(this.#blobs.get(piece)));
        yield;
      }
    }
    const state = new Uint8Array(wanted.stateBytes);
    state.set(zstdDecompressSync(this.#blobs.get(wanted.state)));
    yield;
    return { position, latestMs: wanted.latestMs, messages: wanted.messages, state, image };
  }

  close(): void {
    this.#kept.length = 0;
    this.#blobs.close();
  }
}
