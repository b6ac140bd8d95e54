import { Buckets } from './buckets.ts';
import { type OpenAlert, sourceKey } from './open-alert.ts';

/** All open alerts in the order of their raise, and the ways to find them without a search. */
export class OpenAlerts {
  readonly #byId = new Map<string, OpenAlert>();
  readonly #bySlot = new Buckets<number, OpenAlert>();
  readonly #byVehicle = new Buckets<string, OpenAlert>();
  readonly #bySource = new Buckets<string, OpenAlert>();

  get size(): number {
    return this.#byId.size;
  }

  values(): Iterable<OpenAlert> {
    return this.#byId.values();
  }

  get(id: string): OpenAlert | undefined {
    return this.#byId.get(id);
  }

  ofSlot(slot: number): Iterable<OpenAlert> {
    return this.#bySlot.get(slot);
  }

  ofVehicle(vehicleId: string): Iterable<OpenAlert> {
    return this.#byVehicle.get(vehicleId);
  }

  /** Those of a rule on a vehicle. */
  ofSource(ruleId: string, vehicleId: string): Iterable<OpenAlert> {
    return this.#bySource.get(sourceKey(ruleId, vehicleId));
  }

  insert(open: OpenAlert): void {
    const { id, ruleId, vehicleId } = open.alert;
    this.#byId.set(id, open);
    this.#bySlot.add(open.slot, open);
    this.#byVehicle.add(vehicleId, open);
    this.#bySource.add(sourceKey(ruleId, vehicleId), open);
  }

  remove(open: OpenAlert): void {
    const { id, ruleId, vehicleId } = open.alert;
    this.#byId.delete(id);
    this.#bySlot.delete(open.slot, open);
    this.#byVehicle.delete(vehicleId, open);
    this.#bySource.delete(sourceKey(ruleId, vehicleId), open);
  }
}
