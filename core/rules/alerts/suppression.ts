import { Buckets } from './buckets.ts';
import { comeBack } from './changes.ts';
import { ENGINE, type Ledger } from './ledger.ts';
import { explains, inOrder, type OpenAlert, sourceKey } from './open-alert.ts';
import type { OpenAlerts } from './open-alerts.ts';

/**
 * Suppression by design: an alert whose rule names others stays out of the queue while an alert of those is on, whichever came
 * first. What is itself suppressed still explains others, but never what explains it.
 */
export class Suppression {
  /** Alerts that can be explained, by the rule and the vehicle or depot that would do it. */
  readonly #consequences = new Buckets<string, OpenAlert>();
  /** Alerts that explain others, by their rule and their vehicle and depot. */
  readonly #causes = new Buckets<string, OpenAlert>();
  /** By id of the alert that explains them. */
  readonly #explained = new Buckets<string, OpenAlert>();
  readonly #ledger: Ledger;
  readonly #open: OpenAlerts;

  constructor(ledger: Ledger, open: OpenAlerts) {
    this.#ledger = ledger;
    this.#open = open;
  }

  insert(open: OpenAlert): void {
    for (const key of causeKeys(open)) this.#consequences.add(key, open);
    if (open.explains) for (const key of placeKeys(open)) this.#causes.add(key, open);
    if (open.alert.suppressed) this.#explained.add(open.alert.suppressed.alertId, open);
  }

  remove(open: OpenAlert): void {
    for (const key of causeKeys(open)) this.#consequences.delete(key, open);
    if (open.alert.suppressed) this.#explained.delete(open.alert.suppressed.alertId, open);
  }

  /** Suppresses a new alert if one that explains it is on. */
  meet(open: OpenAlert, atMs: number): void {
    const cause = this.#causeOf(open);
    if (cause) this.#suppress(open, cause, atMs);
  }

  /** Draws the conclusions when an alert began or ceased to explain others. */
  update(open: OpenAlert, atMs: number): void {
    const now = explains(open.alert);
    if (now === open.explains) return;
    open.explains = now;
    if (now) {
      const keys = placeKeys(open);
      for (const key of keys) this.#causes.add(key, open);
      const found = keys.flatMap((key) => [...this.#consequences.get(key)]);
      for (const each of inOrder(found)) {
        if (!each.alert.suppressed && !this.#isExplainedBy(open, each)) this.#suppress(each, open, atMs);
      }
      return;
    }
    for (const key of placeKeys(open)) this.#causes.delete(key, open);
    for (const each of inOrder(this.#explained.get(open.alert.id))) {
      this.#explained.delete(open.alert.id, each);
      const cause = this.#causeOf(each);
      if (cause) this.#suppress(each, cause, atMs);
      else {
        delete each.alert.suppressed;
        comeBack(this.#ledger, each, 'released', atMs, { ...ENGINE, comment: 'what explains it is over' }, false);
      }
    }
  }

  #suppress(open: OpenAlert, { alert: cause }: OpenAlert, atMs: number): void {
    open.alert.suppressed = { alertId: cause.id, ruleId: cause.ruleId };
    this.#explained.add(cause.id, open);
    const comment = `explained by ${cause.ruleName} of ${cause.vehicleId}`;
    this.#ledger.record(open, 'suppressed', atMs, { ...ENGINE, comment, key: cause.id });
  }

  /** The first alert that is on and explains this one, by the order of the rules and then of the raise. */
  #causeOf(open: OpenAlert): OpenAlert | undefined {
    for (const key of causeKeys(open)) {
      let first: OpenAlert | undefined;
      for (const cause of this.#causes.get(key)) {
        if ((!first || cause.order < first.order) && !this.#isExplainedBy(cause, open)) first = cause;
      }
      if (first) return first;
    }
    return undefined;
  }

  /** True when `open` is `by` or suppressed because of it, also over others. */
  #isExplainedBy(open: OpenAlert, by: OpenAlert): boolean {
    for (let at: OpenAlert | undefined = open; at; ) {
      if (at === by) return true;
      const causeId: string | undefined = at.alert.suppressed?.alertId;
      at = causeId === undefined ? undefined : this.#open.get(causeId);
    }
    return false;
  }
}

function placeKey(on: 'vehicle' | 'depot', ruleId: string, place: string): string {
  return `${on}\u0000${sourceKey(ruleId, place)}`;
}

/** Where an alert explains others. */
function placeKeys({ alert: { ruleId, vehicleId, depot } }: OpenAlert): string[] {
  const onVehicle = placeKey('vehicle', ruleId, vehicleId);
  return depot === undefined ? [onVehicle] : [onVehicle, placeKey('depot', ruleId, depot)];
}

/** Where an alert can be explained, in the order of the rules. */
function causeKeys({ suppress, alert }: OpenAlert): string[] {
  const place = suppress?.on === 'depot' ? alert.depot : alert.vehicleId;
  if (!suppress || place === undefined) return [];
  return suppress.rules.map((rule) => placeKey(suppress.on, rule, place));
}
