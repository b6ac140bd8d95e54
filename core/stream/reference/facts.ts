import type { FactValue, ReferenceData, ReferenceReservation } from '../../model/reference.ts';

export type FactRow = Readonly<Record<string, FactValue>>;

const NO_FACTS: FactRow = {};

/** What is known of vehicles and drivers by their ids, and which vehicles are reserved when. */
export class Facts {
  readonly #vehicles: ReadonlyMap<string, FactRow>;
  readonly #drivers: ReadonlyMap<string, FactRow>;
  readonly #reservations: ReadonlyMap<string, readonly ReferenceReservation[]>;

  constructor({ vehicles, drivers, reservations }: ReferenceData) {
    this.#vehicles = new Map(vehicles.map(({ vehicleId, facts }) => [vehicleId, facts]));
    this.#drivers = new Map(drivers.map(({ driverId, facts }) => [driverId, facts]));
    this.#reservations = Map.groupBy(reservations, ({ vehicleId }) => vehicleId);
  }

  vehicle(vehicleId: string): FactRow {
    return this.#vehicles.get(vehicleId) ?? NO_FACTS;
  }

  driver(driverId: string): FactRow {
    return this.#drivers.get(driverId) ?? NO_FACTS;
  }

  /** 1 when a reservation of the vehicle is known, of whatever time. */
  reservationKnown(vehicleId: string): number {
    return this.#reservations.has(vehicleId) ? 1 : 0;
  }

  /** Whether the vehicle is reserved at `atMs` (Unix ms): 1 or 0; NaN when no reservation of it is known. */
  reservationActive(vehicleId: string, atMs: number): number {
    const reservations = this.#reservations.get(vehicleId);
    if (reservations === undefined) return Number.NaN;
    return reservations.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs) ? 1 : 0;
  }
}

/** A fact as a number; NaN when it is none. */
export function numberOf(value: FactValue | undefined): number {
  return typeof value === 'number' ? value : Number.NaN;
}
