import type { Keyframe } from './keyframe-format.ts';
import type { Keyframes } from './keyframes.ts';

/** A keyframe is due when this much engine time … */
const EVERY_MS = 5 * 60_000;
/** … or this much journal lies behind the last one. */
const EVERY_BYTES = 128 * 2 ** 20;

/** Of the checkpoints that a room takes anyway, keeps one every now and then as a keyframe. */
export class KeyframeWriter {
  readonly #keyframes: Keyframes;
  readonly #journalStart: () => number;
  #last: { readonly position: number; readonly engineMs: number } | undefined;
  #writing: Promise<void> | undefined;

  /** `journalStart`: where the journal begins now; keyframes before it are deleted. */
  constructor(keyframes: Keyframes, journalStart: () => number) {
    this.#keyframes = keyframes;
    this.#journalStart = journalStart;
    this.#last = keyframes.newest();
  }

  /** Keeps the checkpoint when it is time and none is being written. Its bytes must not change afterwards. */
  offer(checkpoint: Keyframe): void {
    if (this.#writing || !this.#isDue(checkpoint)) return;
    const { position, engineMs } = checkpoint;
    this.#writing = this.#keyframes
      .write(checkpoint)
      .then(() => {
        this.#last = { position, engineMs };
        this.#keyframes.prune(this.#journalStart());
      })
      // A disk that refuses is the journal's and the history's to report; the next checkpoint is another chance.
      .catch(() => {})
      .finally(() => {
        this.#writing = undefined;
      });
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  #isDue({ position, engineMs }: Keyframe): boolean {
    const last = this.#last;
    // A clock that was put back counts as time passed.
    return !last || position - last.position >= EVERY_BYTES || !(Math.abs(engineMs - last.engineMs) < EVERY_MS);
  }
}
