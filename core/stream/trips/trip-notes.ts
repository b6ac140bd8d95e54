import type { TripRow } from '../../model/stream-outputs.ts';
import type { TripHolds } from './trip-holds.ts';

/** What a sender says of a trip; 0 and NaN = not said. */
export interface TripEvent {
  readonly slot: number;
  readonly type: 'trip_start' | 'trip_end';
  /** Numbers of the trip id and of the driver. */
  readonly trip: number;
  readonly driver: number;
  readonly timeMs: number;
  readonly lat: number;
  readonly lon: number;
  readonly distanceM: number;
  readonly durationS: number;
  readonly cancelled: boolean;
}

/** The trip a vehicle made last, as long as it can still be corrected. */
export interface ClosedTrip {
  row: TripRow;
  /** Number of its sender's trip id, 0 = none. */
  trip: number;
  /** What its id is made of; a stop that began with it carries the same. 0: events alone tell of it. */
  readonly idMs: number;
  /** Forgotten when the vehicle's clock gets here. */
  untilMs: number;
}

/** What does not happen at every step and is kept as objects. */
export interface Notes {
  /** Events ahead of the telemetry, in order of time, equal ones as they came. */
  pending: TripEvent[];
  /** A start for which no movement has been seen. */
  start: TripEvent | undefined;
  closed: ClosedTrip | undefined;
}

export type StoredNotes = [slot: number, notes: Notes][];

/** Bytes a vehicle's notes take, roughly: a closed trip and its row. */
const NOTES_BYTES = 600;

/** The notes of those vehicles that have any. */
export class TripNotes {
  readonly #notes = new Map<number, Notes>();
  readonly #holds: TripHolds;

  constructor(holds: TripHolds) {
    this.#holds = holds;
  }

  get bytes(): number {
    return this.#notes.size * NOTES_BYTES;
  }

  get(slot: number): Notes | undefined {
    return this.#notes.get(slot);
  }

  /** Puts an event in its place among those that wait. Answers false when it is there already. */
  wait(event: TripEvent): boolean {
    const { pending } = this.#make(event.slot);
    const same = (e: TripEvent) => e.type === event.type && e.trip === event.trip && e.timeMs === event.timeMs;
    if (pending.some(same)) return false;
    let at = pending.length;
    while (at > 0 && pending[at - 1].timeMs > event.timeMs) at--;
    pending.splice(at, 0, event);
    this.#holds.take(event.trip);
    return true;
  }

  /** Takes out the first waiting event at or before `untilMs`. Its trip number stays held: drop it when done. */
  next(slot: number, untilMs: number): TripEvent | undefined {
    const notes = this.#notes.get(slot);
    if (!notes || notes.pending.length === 0 || notes.pending[0].timeMs > untilMs) return undefined;
    const event = notes.pending.shift();
    this.#tidy(slot, notes);
    return event;
  }

  setStart(slot: number, start: TripEvent | undefined): void {
    const notes = this.#make(slot);
    if (start) this.#holds.take(start.trip);
    if (notes.start) this.#holds.drop(slot, notes.start.trip);
    notes.start = start;
    this.#tidy(slot, notes);
  }

  setClosed(slot: number, closed: ClosedTrip | undefined): void {
    const notes = this.#make(slot);
    if (closed) this.#holds.take(closed.trip);
    if (notes.closed) this.#holds.drop(slot, notes.closed.trip);
    notes.closed = closed;
    this.#tidy(slot, notes);
  }

  serialize(): StoredNotes {
    return [...this.#notes].sort(([a], [b]) => a - b);
  }

  /** Takes over what `serialize` gave, through JSON or not: numbers that are null there are NaN. */
  restore(stored: StoredNotes): void {
    this.#notes.clear();
    for (const [slot, notes] of stored) {
      this.#notes.set(slot, {
        pending: notes.pending.map(withNaN),
        start: notes.start && withNaN(notes.start),
        closed: notes.closed && { ...notes.closed, row: withNaN(notes.closed.row) },
      });
    }
  }

  #make(slot: number): Notes {
    let notes = this.#notes.get(slot);
    if (!notes) {
      notes = { pending: [], start: undefined, closed: undefined };
      this.#notes.set(slot, notes);
    }
    return notes;
  }

  #tidy(slot: number, notes: Notes): void {
    if (notes.pending.length === 0 && !notes.start && !notes.closed) this.#notes.delete(slot);
  }
}

/** JSON has no NaN and writes null. No field of these objects is null otherwise. */
function withNaN<T extends object>(stored: T): T {
  return Object.fromEntries(Object.entries(stored).map(([key, value]) => [key, value ?? Number.NaN])) as T;
}
