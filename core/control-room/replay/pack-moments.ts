import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { changedPages } from './image-pages.ts';
import type { Moment } from './playhead.ts';

const zstd = promisify(zstdCompress);
/** The fastest level: a keyframe lives no longer than its replay. */
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Packs into memory of its own: small results share theirs, and then it cannot be given to another thread. */
async function pack(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await zstd(bytes, OPTIONS));
}

/** What goes over to another thread with a packed moment instead of being copied. */
export function memoryOf({ state, pages }: PackedMoment): ArrayBuffer[] {
  return [state, ...pages].map((bytes) => bytes.buffer as ArrayBuffer);
}

/** A moment, packed: the engine whole, of the history's image the pages that changed since the moment before. */
export interface PackedMoment {
  readonly position: number;
  readonly latestMs: number;
  readonly messages: number;
  readonly state: Uint8Array;
  readonly stateBytes: number;
  readonly imageBytes: number;
  /** True when the pages make up the whole image. */
  readonly isWhole: boolean;
  readonly pages: readonly Uint8Array[];
}

/**
 * Packs the moments of one replay one after the other. A history only grows at its ends and changes here and there, so its
 * pages are kept once, not once a moment: what all moments take together grows with the history, not with its square.
 */
export class MomentPacker {
  #before: Uint8Array = new Uint8Array(0);
  #changedBytes = 0;

  async pack({ state, image, ...place }: Moment): Promise<PackedMoment> {
    // So that unpacking any moment never takes much more than twice its size.
    const isWhole = this.#changedBytes >= this.#before.length;
    if (isWhole) this.#changedBytes = 0;
    const pieces = [...changedPages(isWhole ? new Uint8Array(0) : this.#before, image)];
    if (!isWhole) this.#changedBytes += pieces.reduce((sum, piece) => sum + piece.length, 0);
    this.#before = image;
    const sizes = { stateBytes: state.length, imageBytes: image.length };
    // All at once: the threads that pack work on while this one is busy.
    const [packedState, ...pages] = await Promise.all([state, ...pieces].map(pack));
    return { ...place, state: packedState, ...sizes, isWhole, pages };
  }
}
