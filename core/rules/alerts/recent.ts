export type StoredRecent<T> = readonly (readonly [key: string, atMs: number, value: T])[];

/** Values by key that are given up when they have not been touched for a while. Oldest touch first. */
export class Recent<T> {
  readonly #kept = new Map<string, { readonly atMs: number; readonly value: T }>();

  get(key: string): T | undefined {
    return this.#kept.get(key)?.value;
  }

  set(key: string, atMs: number, value: T): void {
    this.#kept.delete(key);
    this.#kept.set(key, { atMs, value });
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }

  /** Gives up what was touched before `beforeMs`. Costs only what it gives up. */
  sweep(beforeMs: number): void {
    for (const [key, { atMs }] of this.#kept) {
      if (atMs >= beforeMs) return;
      this.#kept.delete(key);
    }
  }

  /** Leaves out what `store` answers undefined for. */
  serialize<S>(store: (value: T) => S | undefined): StoredRecent<S> {
    return [...this.#kept].flatMap(([key, { atMs, value }]) => {
      const stored = store(value);
      return stored === undefined ? [] : [[key, atMs, stored] as const];
    });
  }

  restore<S>(stored: StoredRecent<S>, load: (value: S) => T): void {
    for (const [key, atMs, value] of stored) this.#kept.set(key, { atMs, value: load(value) });
  }
}
