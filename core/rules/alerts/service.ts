import type { OutOfService } from '../../model/alerts.ts';
import { comeBack } from './changes.ts';
import type { Cause, Ledger } from './ledger.ts';
import { inOrder, type OpenAlert, sourceKey } from './open-alert.ts';
import type { OpenAlerts } from './open-alerts.ts';

/** A vehicle, or a rule on it, that is being worked on. */
export interface SourceOutOfService extends OutOfService {
  readonly vehicleId: string;
  /** Empty = all rules. */
  readonly ruleId: string;
}

/** What is out of service: alerts of it are followed and logged, and shown to nobody, until it is back. */
export class Service {
  readonly #out = new Map<string, SourceOutOfService>();
  readonly #ledger: Ledger;
  readonly #open: OpenAlerts;

  constructor(ledger: Ledger, open: OpenAlerts) {
    this.#ledger = ledger;
    this.#open = open;
  }

  list(): SourceOutOfService[] {
    return [...this.#out.values()];
  }

  /** Answers false without a vehicle or a reason. */
  takeOut(vehicleId: string, ruleId: string, reason: string, atMs: number, cause: Cause): boolean {
    if (vehicleId === '' || reason.trim() === '') return false;
    const source = { vehicleId, ruleId, by: cause.by, reason: reason.trim() };
    this.#out.set(sourceKey(ruleId, vehicleId), source);
    for (const open of this.#alertsOf(vehicleId, ruleId)) this.#put(open, source, atMs, cause);
    return true;
  }

  /** Takes a new alert out of service if its vehicle or its rule there is. */
  meet(open: OpenAlert, atMs: number): void {
    const source = this.#sourceOf(open);
    if (source) this.#put(open, source, atMs, { by: source.by });
  }

  /** Without a rule: the vehicle with all its rules. Answers false when nothing of it was out. */
  putBack(vehicleId: string, ruleId: string, atMs: number, cause: Cause): boolean {
    let found = false;
    for (const source of this.list()) {
      if (source.vehicleId !== vehicleId || (ruleId !== '' && source.ruleId !== ruleId)) continue;
      this.#out.delete(sourceKey(source.ruleId, vehicleId));
      found = true;
    }
    for (const open of this.#alertsOf(vehicleId, ruleId)) {
      if (!open.alert.outOfService || this.#sourceOf(open)) continue;
      delete open.alert.outOfService;
      comeBack(this.#ledger, open, 'in-service', atMs, cause, true);
    }
    return found;
  }

  serialize(): SourceOutOfService[] {
    return this.list();
  }

  restore(stored: readonly SourceOutOfService[]): void {
    for (const source of stored) this.#out.set(sourceKey(source.ruleId, source.vehicleId), source);
  }

  #sourceOf({ alert }: OpenAlert): SourceOutOfService | undefined {
    return this.#out.get(sourceKey('', alert.vehicleId)) ?? this.#out.get(sourceKey(alert.ruleId, alert.vehicleId));
  }

  #alertsOf(vehicleId: string, ruleId: string): OpenAlert[] {
    return inOrder(ruleId === '' ? this.#open.ofVehicle(vehicleId) : this.#open.ofSource(ruleId, vehicleId));
  }

  #put(open: OpenAlert, { by, reason }: SourceOutOfService, atMs: number, cause: Cause): void {
    open.alert.outOfService = { by, reason };
    this.#ledger.record(open, 'out-of-service', atMs, { ...cause, comment: reason });
  }
}
