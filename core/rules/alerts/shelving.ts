import type { Shelving } from '../../model/alerts.ts';
import { comeBack } from './changes.ts';
import { type Cause, ENGINE, type Ledger } from './ledger.ts';
import { inOrder, type OpenAlert, sourceKey } from './open-alert.ts';
import type { OpenAlerts } from './open-alerts.ts';

/** No shelf holds longer than a shift. */
export const MAX_SHELVING_MS = 12 * 3_600_000;

/** A rule on a vehicle that an operator has put aside. */
export interface ShelvedSource extends Shelving {
  readonly ruleId: string;
  readonly vehicleId: string;
  /** The alert on which it was pressed: also when that is closed, it names the shelf. */
  readonly alertId: string;
}

/** What is shelved: the open alerts of a rule on a vehicle and those that come before the time is up. */
export class Shelves {
  readonly #sources = new Map<string, ShelvedSource>();
  readonly #ledger: Ledger;
  readonly #open: OpenAlerts;
  #nextMs = Number.POSITIVE_INFINITY;

  constructor(ledger: Ledger, open: OpenAlerts) {
    this.#ledger = ledger;
    this.#open = open;
  }

  list(): ShelvedSource[] {
    return [...this.#sources.values()];
  }

  /** Shelves the source of an alert, or changes until when. Answers false without a reason or with a time that is not allowed. */
  shelve(open: OpenAlert, untilMs: number, reason: string, atMs: number, cause: Cause): boolean {
    if (reason.trim() === '' || !(untilMs > atMs) || untilMs > atMs + MAX_SHELVING_MS) return false;
    const { id: alertId, ruleId, vehicleId } = open.alert;
    const source = { ruleId, vehicleId, alertId, by: cause.by, reason: reason.trim(), untilMs };
    this.#sources.set(sourceKey(ruleId, vehicleId), source);
    this.#nextMs = Math.min(this.#nextMs, untilMs);
    for (const each of inOrder(this.#open.ofSource(ruleId, vehicleId))) this.#put(each, source, atMs, cause);
    return true;
  }

  /** Shelves a new alert if its source is. */
  meet(open: OpenAlert, atMs: number): void {
    const source = this.#sources.get(sourceKey(open.alert.ruleId, open.alert.vehicleId));
    if (source) this.#put(open, source, atMs, { by: source.by });
  }

  /** `alertId`: an open alert of the source, or the one on which it was shelved. */
  unshelve(alertId: string, atMs: number, cause: Cause): boolean {
    const alert = this.#open.get(alertId)?.alert;
    const key = alert && sourceKey(alert.ruleId, alert.vehicleId);
    const source = key === undefined ? this.list().find((s) => s.alertId === alertId) : this.#sources.get(key);
    if (!source) return false;
    this.#end(source, atMs, cause);
    return true;
  }

  /** Ends what is due. */
  tick(atMs: number): void {
    if (atMs < this.#nextMs) return;
    for (const source of this.list()) {
      if (source.untilMs <= atMs) this.#end(source, atMs, { ...ENGINE, comment: 'its time is up' });
    }
    this.#findNext();
  }

  serialize(): ShelvedSource[] {
    return this.list();
  }

  restore(stored: readonly ShelvedSource[]): void {
    for (const source of stored) this.#sources.set(sourceKey(source.ruleId, source.vehicleId), source);
    this.#findNext();
  }

  #put(open: OpenAlert, { by, reason, untilMs }: ShelvedSource, atMs: number, cause: Cause): void {
    open.alert.shelved = { by, reason, untilMs };
    const until = new Date(untilMs).toISOString().slice(0, 16).replace('T', ' ');
    this.#ledger.record(open, 'shelved', atMs, { ...cause, comment: `until ${until} UTC: ${reason}` });
  }

  #end({ ruleId, vehicleId }: ShelvedSource, atMs: number, cause: Cause): void {
    this.#sources.delete(sourceKey(ruleId, vehicleId));
    for (const open of inOrder(this.#open.ofSource(ruleId, vehicleId))) {
      if (!open.alert.shelved) continue;
      delete open.alert.shelved;
      comeBack(this.#ledger, open, 'unshelved', atMs, cause, true);
    }
  }

  #findNext(): void {
    this.#nextMs = Math.min(Number.POSITIVE_INFINITY, ...this.list().map((s) => s.untilMs));
  }
}
