import { type Alert, type AlertTransition, alertState, type Priority, type TransitionKind } from '../model/alerts.ts';
import { hashId } from '../model/hash.ts';
import { RecentIds } from './recent-ids.ts';
import { WaitingAlerts } from './waiting-alerts.ts';

/** What a new alert is made of; the book adds its life cycle. */
export interface Onset {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly ruleVersion: string;
  readonly slot: number;
  readonly vehicleId: string;
  readonly priority: Priority;
  readonly onsetMs: number;
  readonly raisedMs: number;
  readonly latched: boolean;
  readonly value: number | undefined;
  readonly unit: string;
  readonly message: string;
  readonly lat: number | undefined;
  readonly lon: number | undefined;
}

export interface AlertTotals {
  active: number;
  unacknowledged: number;
  /** Ever raised. */
  total: number;
}

/**
 * Of the alerts that are over and wait only for an acknowledgement, the engine keeps this many: beyond it the oldest of the
 * least urgent are closed, and say so. What still goes on is bounded by vehicles × rules and is never closed.
 */
export const MAX_WAITING_ALERTS = 20_000;

/** Closed alerts whose ids are remembered, so that the same onset sent again (a retained message) does not reopen them. */
export const REMEMBERED_CLOSED = 8192;

export interface StoredAlertBook {
  readonly total: number;
  readonly open: readonly { readonly alert: Alert; readonly slot: number; readonly peak: number | undefined }[];
  readonly waiting: readonly string[];
  readonly closed: readonly string[];
}

/**
 * The open alerts and what happened to them since the last `take`. An alert is open until it is both over and acknowledged;
 * a closed alert never reopens, a new onset is a new alert.
 */
export class AlertBook {
  readonly #open = new Map<string, Alert>();
  readonly #bySlot = new Map<number, Set<Alert>>();
  readonly #slotOf = new Map<string, number>();
  /** Worst values since the raise. An alert shows them from its next transition on, so that when it is read changes nothing. */
  readonly #peaks = new Map<string, number>();
  readonly #waiting = new WaitingAlerts();
  readonly #closed = new RecentIds(REMEMBERED_CLOSED);
  #changed = new Map<string, Alert>();
  #transitions: AlertTransition[] = [];
  #total = 0;
  readonly #onSlotChange: (slot: number) => void;

  /** `onSlotChange` is told each vehicle whose most urgent alert may have changed. */
  constructor(onSlotChange: (slot: number) => void) {
    this.#onSlotChange = onSlotChange;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** True when `take` would have something. */
  get hasChanges(): boolean {
    return this.#changed.size > 0;
  }

  openAlerts(): Alert[] {
    return [...this.#open.values()];
  }

  get(id: string): Alert | undefined {
    return this.#open.get(id);
  }

  /** Open alerts of one vehicle. */
  of(slot: number): Iterable<Alert> {
    return this.#bySlot.get(slot) ?? [];
  }

  /** Most urgent open alert of a vehicle: those that wait for an acknowledgement first. 0 = none. */
  worst(slot: number): { priority: number; unacknowledged: boolean } {
    let priority = 0;
    let unacknowledged = false;
    for (const alert of this.of(slot)) {
      const waits = !alert.acknowledged;
      const beats = waits === unacknowledged ? alert.priority < priority : waits;
      if (priority === 0 || beats) {
        priority = alert.priority;
        unacknowledged = waits;
      }
    }
    return { priority, unacknowledged };
  }

  /**
   * Opens an alert. The same onset twice is the same alert: one that has returned goes on, one that was closed lately stays
   * closed and the answer is undefined.
   */
  raise(onset: Onset): Alert | undefined {
    const id = hashId('alert', onset.ruleId, onset.ruleVersion, onset.vehicleId, onset.onsetMs);
    const known = this.#open.get(id);
    if (known) {
      if (known.condition === 'cleared' && !known.latched) this.setCondition(known, 'resumed', onset.raisedMs);
      return known;
    }
    if (this.#closed.has(id)) return undefined;
    const { slot, ruleVersion: _, value, ...facts } = onset;
    const condition = onset.latched ? 'cleared' : 'active';
    const alert: Alert = { ...facts, id, condition, acknowledged: false };
    if (value !== undefined) Object.assign(alert, { value, peak: value });
    this.#insert(alert, slot);
    this.#total++;
    this.#record(alert, 'raised', onset.raisedMs, 'engine', undefined, value);
    return alert;
  }

  /** Notes a value of a firing alert. */
  note(alert: Alert, value: number, worse: 'higher' | 'lower'): void {
    const peak = this.#peaks.get(alert.id) ?? alert.peak ?? value;
    if (worse === 'higher' ? value >= peak : value <= peak) this.#peaks.set(alert.id, value);
  }

  /** The condition went unknown, came back, or ended. */
  setCondition(alert: Alert, kind: 'unknown' | 'resumed' | 'cleared', atMs: number, why?: string): void {
    alert.condition = kind === 'resumed' ? 'active' : kind;
    const peak = this.#peaks.get(alert.id);
    if (peak !== undefined) alert.peak = peak;
    if (kind === 'cleared') alert.clearedMs = atMs;
    else delete alert.clearedMs;
    this.#record(alert, kind, atMs, 'engine', why, alert.peak);
  }

  /** Answers false when there is no such open alert or it is acknowledged already. */
  acknowledge(id: string, operator: string, atMs: number, comment?: string): boolean {
    const alert = this.#open.get(id);
    if (!alert || alert.acknowledged) return false;
    alert.acknowledged = true;
    alert.acknowledgedBy = operator;
    alert.acknowledgedMs = atMs;
    if (comment) alert.comment = comment;
    if (alert.latched) {
      alert.latched = false;
      alert.clearedMs = atMs;
    }
    this.#record(alert, 'acknowledged', atMs, operator, comment);
    return true;
  }

  comment(id: string, operator: string, atMs: number, comment: string): boolean {
    const alert = this.#open.get(id);
    if (!alert) return false;
    alert.comment = comment;
    this.#record(alert, 'commented', atMs, operator, comment);
    return true;
  }

  /** The event behind a latched alert happened again before anybody acknowledged it. */
  repeat(alert: Alert, atMs: number): void {
    this.#record(alert, 'resumed', atMs, 'engine', 'happened again');
  }

  /** What changed since the last call, closed alerts included once. */
  take(): { alerts: Alert[]; transitions: AlertTransition[] } {
    const alerts = [...this.#changed.values()].map((a) => ({ ...a }));
    const transitions = this.#transitions;
    this.#changed = new Map();
    this.#transitions = [];
    return { alerts, transitions };
  }

  totals(): AlertTotals {
    let active = 0;
    let unacknowledged = 0;
    for (const alert of this.#open.values()) {
      if (alert.condition !== 'cleared' || alert.latched) active++;
      if (!alert.acknowledged) unacknowledged++;
    }
    return { active, unacknowledged, total: this.#total };
  }

  serialize(): StoredAlertBook {
    return {
      total: this.#total,
      waiting: this.#waiting.ids(),
      closed: this.#closed.list(),
      open: [...this.#open.values()].map((alert) => ({
        alert,
        slot: this.#slotOf.get(alert.id)!,
        peak: this.#peaks.get(alert.id),
      })),
    };
  }

  /** Fills an empty book with what `serialize` gave. */
  restore(stored: StoredAlertBook): void {
    this.#total = stored.total;
    for (const { alert, slot, peak } of stored.open) {
      this.#insert(alert, slot);
      if (peak !== undefined) this.#peaks.set(alert.id, peak);
    }
    for (const id of stored.closed) this.#closed.add(id);
    for (const id of stored.waiting) {
      const alert = this.#open.get(id);
      if (alert) this.#waiting.update(alert);
    }
  }

  #insert(alert: Alert, slot: number): void {
    this.#open.set(alert.id, alert);
    this.#slotOf.set(alert.id, slot);
    const set = this.#bySlot.get(slot) ?? new Set();
    this.#bySlot.set(slot, set.add(alert));
    this.#onSlotChange(slot);
  }

  #record(alert: Alert, kind: TransitionKind, atMs: number, by: string, comment?: string, value?: number): void {
    const id = hashId('transition', alert.id, kind, atMs, by, comment ?? '');
    this.#transitions.push({ id, alertId: alert.id, kind, atMs, by, comment, value });
    this.#changed.set(alert.id, alert);
    const slot = this.#slotOf.get(alert.id)!;
    this.#waiting.update(alert);
    if (alertState(alert) === 'closed') this.#remove(alert, slot);
    this.#onSlotChange(slot);
    if (this.#waiting.size > MAX_WAITING_ALERTS) this.#closeOldest(atMs);
  }

  #remove(alert: Alert, slot: number): void {
    this.#open.delete(alert.id);
    this.#slotOf.delete(alert.id);
    this.#peaks.delete(alert.id);
    this.#closed.add(alert.id);
    const set = this.#bySlot.get(slot);
    set?.delete(alert);
    if (set?.size === 0) this.#bySlot.delete(slot);
  }

  #closeOldest(atMs: number): void {
    const why = `closed: more than ${MAX_WAITING_ALERTS} alerts waited for an acknowledgement`;
    const oldest = this.#waiting.first();
    if (oldest) this.acknowledge(oldest.id, 'engine', atMs, why);
  }
}
