import type { JournalRecord } from '../../model/records.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';

/** Reads a source one record ahead, so that it is known when the next one is due. */
export class RecordReader {
  /** The next record; undefined behind the last one. Its payload is valid until `advance` or `moveTo`. */
  next: JournalRecord | undefined;
  readonly #source: ReplaySource;
  readonly #onDamage: (sentence: string) => void;
  #records: Iterator<JournalRecord> | undefined;

  /** Where bytes cannot be read the source ends; `onDamage` is told why. */
  constructor(source: ReplaySource, onDamage: (sentence: string) => void) {
    this.#source = source;
    this.#onDamage = onDamage;
    this.moveTo(source.startPosition);
  }

  /** To the record that begins at `position`. */
  moveTo(position: number): void {
    this.close();
    this.#records = this.#source.records(position)[Symbol.iterator]();
    this.advance();
    if (!this.next || this.next.position === position) return;
    this.#onDamage(`What ${this.#source.name} held at ${position} was deleted meanwhile. Choose a later time.`);
    this.close();
  }

  advance(): void {
    this.next = undefined;
    try {
      const step = this.#records?.next();
      if (step && !step.done && step.value.position < this.#source.endPosition) this.next = step.value;
    } catch (error) {
      this.#onDamage(error instanceof Error ? error.message : String(error));
    }
  }

  close(): void {
    this.#records?.return?.();
    this.#records = undefined;
    this.next = undefined;
  }
}
