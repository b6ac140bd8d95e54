import { emptyColumns, encodeFrame, type FleetColumns } from '../protocol/frame.ts';
import type { AlertBook } from '../rules/alert-book.ts';
import { COLUMN } from '../stream/columns.ts';
import type { FleetState } from '../stream/fleet-state.ts';

/** Makes fleet frames of what changed since a version of the state. One scratch buffer for all windows. */
export class FrameMaker {
  #columns: FleetColumns = emptyColumns(1024);
  readonly #state: FleetState;
  readonly #book: AlertBook;

  constructor(state: FleetState, book: AlertBook) {
    this.#state = state;
    this.#book = book;
  }

  /** An encoded frame of the vehicles changed after `sinceVersion`, or undefined when none has. */
  make(sinceVersion: number, sequence: number, merged: number): Uint8Array | undefined {
    const state = this.#state;
    if (this.#columns.slot.length < state.count) this.#columns = emptyColumns(state.capacity);
    const out = this.#columns;
    const speed = state.values[COLUMN.speedKmph];
    const heading = state.values[COLUMN.heading];
    let n = 0;
    for (let slot = 0; slot < state.count; slot++) {
      if (state.changedAt[slot] <= sinceVersion) continue;
      const worst = this.#book.worst(slot);
      out.slot[n] = slot;
      out.lon[n] = state.lon[slot];
      out.lat[n] = state.lat[slot];
      out.speedKmph[n] = speed[slot];
      out.headingDeg[n] = heading[slot];
      out.eventMs[n] = state.clockMs[slot];
      out.movement[n] = state.movement[slot];
      out.priority[n] = worst.priority;
      out.unacknowledged[n] = worst.unacknowledged ? 1 : 0;
      n++;
    }
    if (n === 0) return undefined;
    out.count = n;
    return encodeFrame({ sequence, merged, sentMs: Date.now() }, out);
  }
}
