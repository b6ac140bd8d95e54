import { type AlertFlood, FLOOD_ENDS_BELOW, FLOOD_SPAN_MS, FLOOD_STARTS_ABOVE } from '../../model/alert-floods.ts';

export interface StoredFloods {
  readonly entries: readonly (readonly [id: string, atMs: number])[];
  readonly flood?: AlertFlood;
}

/** Counts the entries that came into the queue lately, and tells the stretches in which they were too many. Engine time. */
export class Floods {
  /** When an entry came into the queue, by alert id; the oldest first. What was folded or hidden since is none. */
  readonly #entries = new Map<string, number>();
  #flood: AlertFlood | undefined;
  #rows = new Map<number, AlertFlood>();

  /** The flood that goes on. */
  get flood(): AlertFlood | undefined {
    return this.#flood;
  }

  /** Entries that came within the last FLOOD_SPAN_MS. */
  get count(): number {
    return this.#entries.size;
  }

  /** True when `take` would have something. */
  get hasRows(): boolean {
    return this.#rows.size > 0;
  }

  enter(id: string, nowMs: number): void {
    this.#entries.delete(id);
    this.#entries.set(id, nowMs);
    if (this.#flood) this.#set({ ...this.#flood, raised: this.#flood.raised + 1 });
  }

  leave(id: string): void {
    this.#entries.delete(id);
  }

  /** After entries came: a flood may have begun or grown. */
  check(nowMs: number): void {
    this.#forget(nowMs);
    const { count } = this;
    if (this.#flood) {
      if (count > this.#flood.peak) this.#set({ ...this.#flood, peak: count });
    } else if (count > FLOOD_STARTS_ABOVE) this.#set({ startMs: nowMs, raised: count, peak: count });
  }

  tick(nowMs: number): void {
    this.#forget(nowMs);
    if (!this.#flood || this.count >= FLOOD_ENDS_BELOW) return;
    this.#set({ ...this.#flood, endMs: nowMs });
    this.#flood = undefined;
  }

  /** Floods that began, went on or ended since the last call. */
  take(): AlertFlood[] {
    const rows = [...this.#rows.values()];
    if (rows.length > 0) this.#rows = new Map();
    return rows;
  }

  serialize(): StoredFloods {
    return { entries: [...this.#entries], flood: this.#flood };
  }

  restore({ entries, flood }: StoredFloods): void {
    for (const [id, atMs] of entries) this.#entries.set(id, atMs);
    this.#flood = flood;
  }

  #forget(nowMs: number): void {
    for (const [id, atMs] of this.#entries) {
      if (atMs > nowMs - FLOOD_SPAN_MS) return;
      this.#entries.delete(id);
    }
  }

  #set(flood: AlertFlood): void {
    this.#flood = flood;
    this.#rows.set(flood.startMs, flood);
  }
}
