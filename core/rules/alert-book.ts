import type { AlertFlood } from '../model/alert-floods.ts';
import { type Alert, type AlertTransition, isClosed, isShown, type Priority } from '../model/alerts.ts';
import { hashId } from '../model/hash.ts';
import type { OperatorAction } from '../model/records.ts';
import { acknowledgeWithGroup, act } from './alerts/actions.ts';
import { acknowledge, repeat, repeatLatched, setCondition, worsen } from './alerts/changes.ts';
import { Chatter } from './alerts/chatter.ts';
import { ENGINE, Ledger, type OnTransition } from './alerts/ledger.ts';
import { newAlert, type Onset } from './alerts/onset.ts';
import { isHidden, isOn, type OpenAlert } from './alerts/open-alert.ts';
import { OpenAlerts } from './alerts/open-alerts.ts';
import { Queue } from './alerts/queue.ts';
import { Service, type SourceOutOfService } from './alerts/service.ts';
import { type ShelvedSource, Shelves } from './alerts/shelving.ts';
import { Standing } from './alerts/standing.ts';
import { loadOpen, type StoredAlertBook, storeOpen } from './alerts/stored.ts';
import { Suppression } from './alerts/suppression.ts';
import { RecentIds } from './recent-ids.ts';
import { WaitingAlerts } from './waiting-alerts.ts';

export type { Onset } from './alerts/onset.ts';
export type { StoredAlertBook } from './alerts/stored.ts';

/** Of what operators are shown; the total of all that were ever raised. */
export interface AlertTotals {
  active: number;
  unacknowledged: number;
  total: number;
}

/**
 * Of the alerts that are over and wait only for an acknowledgement, the engine keeps this many: beyond it the oldest of the
 * least urgent are closed, and say so. What still goes on is bounded by vehicles × rules and is never closed.
 */
export const MAX_WAITING_ALERTS = 20_000;

/** Closed alerts whose ids are remembered, so that the same onset sent again (a retained message) does not reopen them. */
export const REMEMBERED_CLOSED = 8192;

/** Operators' actions whose ids are remembered, so that one read twice is done once. */
const REMEMBERED_ACTIONS = 1024;

export interface AlertBookOptions {
  /** Every onset is an alert of its own and nothing is folded: what rules do rather than what operators see. */
  readonly plain?: boolean;
}

/**
 * The open alerts, their life cycle, and what happened to them since the last `take`. An alert is open until it is over,
 * acknowledged and held by nothing; a closed alert never reopens, a new onset is a new alert. A pure function of its calls: engine
 * time comes from `tick`. Not thread-safe.
 */
export class AlertBook {
  readonly #open = new OpenAlerts();
  readonly #ledger: Ledger;
  readonly #shelves: Shelves;
  readonly #service: Service;
  readonly #suppression: Suppression;
  readonly #chatter: Chatter;
  readonly #queue: Queue;
  readonly #waiting = new WaitingAlerts();
  readonly #standing = new Standing();
  readonly #closed = new RecentIds(REMEMBERED_CLOSED);
  readonly #actions = new RecentIds(REMEMBERED_ACTIONS);
  readonly #onSlotChange: (slot: number) => void;
  #total = 0;
  /** Time of the newest tick, 0 before the first. */
  #tickMs = 0;

  /**
   * `onSlotChange` is told each vehicle whose most urgent alert may have changed; `onTransition` of every transition, as it
   * happens and in order.
   */
  constructor(
    onSlotChange: (slot: number) => void,
    onTransition?: OnTransition,
    { plain = false }: AlertBookOptions = {},
  ) {
    this.#onSlotChange = onSlotChange;
    this.#ledger = new Ledger(onTransition);
    this.#shelves = new Shelves(this.#ledger, this.#open);
    this.#service = new Service(this.#ledger, this.#open);
    this.#suppression = new Suppression(this.#ledger, this.#open);
    this.#chatter = new Chatter(this.#ledger, plain);
    this.#queue = new Queue(this.#ledger, this.#open, plain);
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** True when `take` would have something. */
  get hasChanges(): boolean {
    return this.#ledger.hasChanges || this.#queue.floods.hasRows;
  }

  /** The flood that goes on; undefined when there is none. */
  get flood(): AlertFlood | undefined {
    return this.#queue.floods.flood;
  }

  /** Entries that came into the queue within the last ten minutes. */
  get recentEntries(): number {
    return this.#queue.floods.count;
  }

  /** What is shelved, also where no alert is open. */
  get shelved(): readonly ShelvedSource[] {
    return this.#shelves.list();
  }

  /** What is out of service, also where no alert is open. */
  get outOfService(): readonly SourceOutOfService[] {
    return this.#service.list();
  }

  openAlerts(): Alert[] {
    return Array.from(this.#open.values(), ({ alert }) => alert);
  }

  get(id: string): Alert | undefined {
    return this.#open.get(id)?.alert;
  }

  /** True for an alert of this room that is open or was closed lately. */
  knows(id: string): boolean {
    return this.#open.get(id) !== undefined || this.#closed.has(id);
  }

  /** Open alerts of one vehicle. */
  of(slot: number): Iterable<Alert> {
    return Array.from(this.#open.ofSlot(slot), ({ alert }) => alert);
  }

  /** Most urgent alert of a vehicle that is shown: those that wait for an acknowledgement first. 0 = none. */
  worst(slot: number): { priority: number; unacknowledged: boolean } {
    let priority = 0;
    let unacknowledged = false;
    for (const { alert } of this.#open.ofSlot(slot)) {
      if (!isShown(alert)) continue;
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
   * closed and the answer is undefined. While one of the same rule and vehicle chatters, or is held by its latch after its end, a
   * new onset is a repeat of that one.
   */
  raise(onset: Onset): Alert | undefined {
    const id = hashId('alert', onset.ruleId, onset.ruleVersion, onset.vehicleId, onset.onsetMs);
    const { raisedMs } = onset;
    const known = this.#open.get(id);
    if (known) this.#resume(known, raisedMs);
    else if (this.#closed.has(id)) return undefined;
    const open = known ?? this.#standing.find(onset);
    if (open) {
      if (open !== known) this.#again(open, onset);
      this.#settle(raisedMs);
      return open.alert;
    }
    const fresh = newAlert(onset, id, this.#total++);
    this.#insert(fresh);
    this.#ledger.record(fresh, 'raised', raisedMs, { ...ENGINE, value: onset.value });
    this.#service.meet(fresh, raisedMs);
    this.#shelves.meet(fresh, raisedMs);
    this.#suppression.meet(fresh, raisedMs);
    this.#chatter.began(fresh, raisedMs, this.#nowMs(raisedMs));
    this.#settle(raisedMs);
    return fresh.alert;
  }

  /** Notes a value of a firing alert. */
  note(alert: Alert, value: number, worse: 'higher' | 'lower'): void {
    const open = this.#open.get(alert.id);
    if (!open) return;
    const peak = open.peak ?? alert.peak ?? value;
    if (worse === 'higher' ? value >= peak : value <= peak) open.peak = value;
  }

  /** The condition went unknown, came back, or ended. The end of a chattering alert is held back. */
  setCondition(alert: Alert, kind: 'unknown' | 'resumed' | 'cleared', atMs: number, why?: string): void {
    const open = this.#open.get(alert.id);
    if (!open) return;
    if (kind === 'cleared' && alert.chattering) this.#chatter.hold(open, atMs, this.#nowMs(atMs), why);
    else {
      this.#chatter.resume(open);
      setCondition(this.#ledger, open, kind, atMs, why);
    }
    this.#settle(atMs);
  }

  /** The alert is more urgent than when it was raised: it has to be acknowledged again. It never becomes less urgent. */
  worsen(alert: Alert, priority: Priority, atMs: number): void {
    const open = this.#open.get(alert.id);
    if (open && worsen(this.#ledger, open, priority, atMs)) this.#settle(atMs);
  }

  /** The event behind an alert happened again before it was over or let go. */
  repeat(alert: Alert, atMs: number): void {
    const open = this.#open.get(alert.id);
    if (!open) return;
    repeat(this.#ledger, open, atMs);
    this.#settle(atMs);
  }

  /**
   * Acknowledges an alert and what is folded under it at this moment. Answers false when there is no such open alert or all is
   * acknowledged already.
   */
  acknowledge(id: string, operator: string, atMs: number, comment?: string): boolean {
    const open = this.#open.get(id);
    const done = open !== undefined && acknowledgeWithGroup(this.#ledger, open, atMs, { by: operator, comment });
    this.#settle(atMs);
    return done;
  }

  /**
   * Does what an operator asks for, once for each action. Answers false when that is not possible (any more): the alert is closed, a
   * reset of what goes on, a shelf without a reason or for more than MAX_SHELVING_MS.
   */
  operator(action: OperatorAction, atMs: number): boolean {
    if (this.#actions.has(action.id)) return false;
    this.#actions.add(action.id);
    const desk = { ledger: this.#ledger, open: this.#open, shelves: this.#shelves, service: this.#service };
    const done = act(action, atMs, desk);
    this.#settle(atMs);
    return done;
  }

  /** Once a second of engine time (Unix ms), before the rules of that second: ends shelves, settles chatter, counts floods. */
  tick(atMs: number): void {
    this.#tickMs = atMs;
    this.#shelves.tick(atMs);
    this.#chatter.tick(atMs, this.#open);
    this.#settle(atMs);
    this.#queue.tick(atMs);
  }

  /** What changed since the last call, closed alerts included once. */
  take(): { alerts: Alert[]; transitions: AlertTransition[]; floods: AlertFlood[] } {
    return { ...this.#ledger.take(), floods: this.#queue.floods.take() };
  }

  totals(): AlertTotals {
    let active = 0;
    let unacknowledged = 0;
    for (const { alert, queued } of this.#open.values()) {
      if (!queued) continue;
      if (isOn(alert)) active++;
      if (!alert.acknowledged) unacknowledged++;
    }
    return { active, unacknowledged, total: this.#total };
  }

  serialize(): StoredAlertBook {
    return {
      total: this.#total,
      waiting: this.#waiting.ids(),
      closed: this.#closed.list(),
      open: Array.from(this.#open.values(), storeOpen),
      tickMs: this.#tickMs,
      actions: this.#actions.list(),
      shelves: this.#shelves.serialize(),
      service: this.#service.serialize(),
      chatter: this.#chatter.serialize(),
      queue: this.#queue.serialize(),
    };
  }

  /** Fills an empty book with what `serialize` gave. */
  restore(stored: StoredAlertBook): void {
    this.#total = stored.total;
    this.#tickMs = stored.tickMs ?? 0;
    stored.open.forEach((row, order) => {
      this.#insert(loadOpen(row, order));
    });
    for (const id of stored.closed) this.#closed.add(id);
    for (const id of stored.actions ?? []) this.#actions.add(id);
    for (const id of stored.waiting) {
      const open = this.#open.get(id);
      if (open) this.#waiting.update(open.alert);
    }
    this.#shelves.restore(stored.shelves ?? []);
    this.#service.restore(stored.service ?? []);
    if (stored.chatter) this.#chatter.restore(stored.chatter);
    if (stored.queue) this.#queue.restore(stored.queue);
  }

  /** Engine time; before the first tick, the time of what happens. */
  #nowMs(atMs: number): number {
    return this.#tickMs || atMs;
  }

  /** The same onset again. */
  #resume(open: OpenAlert, atMs: number): void {
    const { alert } = open;
    if (alert.quietMs !== undefined) {
      this.#chatter.resume(open);
      repeat(this.#ledger, open, atMs);
    } else if (alert.condition === 'cleared' && !open.momentary) {
      if (alert.acknowledged) repeatLatched(this.#ledger, open, atMs);
      else setCondition(this.#ledger, open, 'resumed', atMs);
    }
  }

  #again(open: OpenAlert, { raisedMs, priority }: Onset): void {
    const nowMs = this.#nowMs(raisedMs);
    this.#chatter.resume(open);
    if (open.alert.condition === 'cleared' && !open.momentary) repeatLatched(this.#ledger, open, raisedMs);
    else repeat(this.#ledger, open, raisedMs);
    if (this.#chatter.began(open, raisedMs, nowMs) && open.queued) this.#queue.gather(open, raisedMs);
    worsen(this.#ledger, open, priority, raisedMs);
  }

  #insert(open: OpenAlert): void {
    this.#open.insert(open);
    this.#suppression.insert(open);
    this.#standing.update(open);
  }

  /** Draws the conclusions from what was recorded, until nothing new follows. */
  #settle(atMs: number): void {
    for (let touched = this.#ledger.takeTouched(); touched.length > 0; touched = this.#ledger.takeTouched()) {
      for (const open of touched) this.#look(open, atMs);
      if (this.#waiting.size > MAX_WAITING_ALERTS) this.#closeOldest(atMs);
    }
    this.#queue.floods.check(this.#nowMs(atMs));
  }

  #look(open: OpenAlert, atMs: number): void {
    const { alert } = open;
    if (this.#open.get(alert.id) !== open) return;
    if (!open.everShown && isHidden(alert) && !isOn(alert)) {
      acknowledge(this.#ledger, open, atMs, { ...ENGINE, comment: 'closed: over before it was shown' });
    }
    this.#suppression.update(open, atMs);
    const shown = isShown(alert);
    const enters = shown && !open.queued;
    open.queued = shown;
    if (shown) open.everShown = true;
    this.#queue.update(open, enters, this.#nowMs(atMs), atMs);
    this.#waiting.update(alert);
    this.#standing.update(open);
    if (isClosed(alert)) {
      this.#open.remove(open);
      this.#suppression.remove(open);
      this.#closed.add(alert.id);
    }
    this.#onSlotChange(open.slot);
  }

  #closeOldest(atMs: number): void {
    const comment = `closed: more than ${MAX_WAITING_ALERTS} alerts waited for an acknowledgement`;
    const oldest = this.#waiting.first();
    const open = oldest && this.#open.get(oldest.id);
    if (open) acknowledge(this.#ledger, open, atMs, { ...ENGINE, comment });
  }
}
