import { closeSync, fdatasync } from 'node:fs';

interface Lot {
  readonly fd: number;
  waiting: (() => void)[];
  messages: number;
  dirty: boolean;
  retired: boolean;
}

/**
 * Makes written records survive a power cut before they are acknowledged: one fdatasync at a time, and everything written
 * while it runs is covered by the next one. Files are synced in the order they were written in and closed when retired.
 */
export class GroupCommit {
  readonly #onFailure: (error: Error, messages: number) => void;
  #lots: Lot[] = [];
  #busy = false;
  #idle: (() => void)[] = [];

  constructor(onFailure: (error: Error, messages: number) => void) {
    this.#onFailure = onFailure;
  }

  /** `onDurable` is called once what was written to `fd` up to now is on the disk (or the disk has failed to take it). */
  written(fd: number, messages: number, onDurable: (() => void) | undefined): void {
    const lot = this.#lotOf(fd);
    lot.dirty = true;
    lot.messages += messages;
    if (onDurable) lot.waiting.push(onDurable);
    this.#pump();
  }

  /** Nothing more will be written to `fd`: sync what is left and close it. */
  retire(fd: number): void {
    this.#lotOf(fd).retired = true;
    this.#pump();
  }

  /** Resolves when everything written is synced and every retired file is closed. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#pump();
    });
  }

  #lotOf(fd: number): Lot {
    const last = this.#lots.at(-1);
    if (last?.fd === fd && !last.retired) return last;
    const lot: Lot = { fd, waiting: [], messages: 0, dirty: false, retired: false };
    this.#lots.push(lot);
    return lot;
  }

  #pump(): void {
    if (this.#busy) return;
    const lot = this.#lots[0];
    if (lot?.dirty) {
      this.#sync(lot);
    } else if (lot?.retired) {
      closeSync(lot.fd);
      this.#lots.shift();
      this.#pump();
    } else {
      for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  #sync(lot: Lot): void {
    const { waiting, messages } = lot;
    lot.waiting = [];
    lot.messages = 0;
    lot.dirty = false;
    this.#busy = true;
    fdatasync(lot.fd, (error) => {
      this.#busy = false;
      if (error) this.#onFailure(error, messages);
      for (const onDurable of waiting) onDurable();
      this.#pump();
    });
  }
}
