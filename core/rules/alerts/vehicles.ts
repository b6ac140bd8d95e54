import { isClosed } from '../../model/alerts.ts';
import type { Groups } from './groups.ts';
import { isOn, mayFold, type OpenAlert } from './open-alert.ts';
import type { OpenAlerts } from './open-alerts.ts';
import { Recent, type StoredRecent } from './recent.ts';

/** What comes on a vehicle within this time after something as urgent is a consequence of it. Event time. */
export const CONSEQUENCE_MS = 60_000;
/** Alerts of a vehicle that are remembered as possible causes. */
const MAX_CAUSES = 8;
/** After this long without a new alert a vehicle's are forgotten. Engine time. */
const FORGET_MS = 600_000;

/** Folds the consequences of one vehicle's trouble under its first alert. */
export class Vehicles {
  /** The newest alerts of a vehicle that came into the queue, oldest first. */
  readonly #causes = new Recent<readonly OpenAlert[]>();
  readonly #groups: Groups;

  constructor(groups: Groups) {
    this.#groups = groups;
  }

  /** Folds an alert that has come into the queue. Answers false when it stands by itself. */
  place(open: OpenAlert, atMs: number): boolean {
    if (!mayFold(open)) return false;
    const cause = (this.#causes.get(open.alert.vehicleId) ?? []).find((each) => isCauseOf(each, open));
    if (!cause) return false;
    const group = cause.group ?? this.#groups.start('vehicle', open.alert.vehicleId, cause);
    this.#groups.join(group, open, atMs);
    return true;
  }

  /** Remembers an alert that came into the queue as a possible cause of others. */
  note(open: OpenAlert, nowMs: number): void {
    const { vehicleId } = open.alert;
    const before = (this.#causes.get(vehicleId) ?? []).filter((each) => each !== open && !isClosed(each.alert));
    this.#causes.set(vehicleId, nowMs, [...before, open].slice(-MAX_CAUSES));
  }

  sweep(nowMs: number): void {
    this.#causes.sweep(nowMs - FORGET_MS);
  }

  serialize(): StoredRecent<string[]> {
    return this.#causes.serialize((list) => {
      const open = list.filter(({ alert }) => !isClosed(alert));
      return open.length > 0 ? open.map(({ alert }) => alert.id) : undefined;
    });
  }

  restore(stored: StoredRecent<string[]>, open: OpenAlerts): void {
    this.#causes.restore(stored, (ids) => ids.flatMap((id) => open.get(id) ?? []));
  }
}

/** True while `cause` is on, in the queue and not acknowledged: what comes after an acknowledgement is not covered by it. */
function isCauseOf(cause: OpenAlert, { alert }: OpenAlert): boolean {
  const gapMs = alert.raisedMs - cause.alert.raisedMs;
  const head = cause.group?.head ?? cause;
  return (
    gapMs >= 0 &&
    gapMs <= CONSEQUENCE_MS &&
    cause.queued &&
    isOn(cause.alert) &&
    cause.alert.ruleId !== alert.ruleId &&
    cause.alert.priority <= alert.priority &&
    head.queued &&
    !head.alert.acknowledged
  );
}
