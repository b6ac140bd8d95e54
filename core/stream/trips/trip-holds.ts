/**
 * Counts who still needs a trip number. When nobody does it goes back to whoever gives the numbers out, who may give it to another
 * trip. A number belongs to one vehicle.
 */
export class TripHolds {
  #counts = new Uint32Array(256);
  readonly #release: (slot: number, trip: number) => void;

  constructor(release: (slot: number, trip: number) => void) {
    this.#release = release;
  }

  get bytes(): number {
    return this.#counts.byteLength;
  }

  held(trip: number): boolean {
    return trip < this.#counts.length && this.#counts[trip] > 0;
  }

  take(trip: number): void {
    if (trip === 0) return;
    if (trip >= this.#counts.length) this.#reserve(trip + 1);
    this.#counts[trip]++;
  }

  drop(slot: number, trip: number): void {
    if (trip !== 0 && --this.#counts[trip] === 0) this.#release(slot, trip);
  }

  arrays(): [name: string, array: Uint32Array][] {
    return [['trip.holds', this.#counts]];
  }

  restore(read: (name: string) => ArrayLike<number> | undefined): void {
    const stored = read('trip.holds');
    if (!stored) return;
    this.#reserve(stored.length);
    this.#counts.set(stored);
  }

  #reserve(count: number): void {
    if (count <= this.#counts.length) return;
    const bigger = new Uint32Array(Math.max(count, this.#counts.length * 2));
    bigger.set(this.#counts);
    this.#counts = bigger;
  }
}
