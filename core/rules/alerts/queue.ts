import { isClosed } from '../../model/alerts.ts';
import { Areas, type StoredAreas } from './areas.ts';
import { Floods, type StoredFloods } from './floods.ts';
import { Groups, type StoredGroup } from './groups.ts';
import type { Ledger } from './ledger.ts';
import { inOrder, type OpenAlert } from './open-alert.ts';
import type { OpenAlerts } from './open-alerts.ts';
import type { StoredRecent } from './recent.ts';
import { Vehicles } from './vehicles.ts';

export interface StoredQueue {
  readonly groups: readonly StoredGroup[];
  readonly areas: StoredAreas;
  readonly vehicles: StoredRecent<string[]>;
  readonly floods: StoredFloods;
}

/** What operators have before their eyes: which alerts are entries of their own, which are folded, and how many come. */
export class Queue {
  readonly floods = new Floods();
  readonly #groups: Groups;
  readonly #areas: Areas;
  readonly #vehicles: Vehicles;
  readonly #open: OpenAlerts;
  readonly #plain: boolean;

  /** `plain`: nothing is folded. */
  constructor(ledger: Ledger, open: OpenAlerts, plain: boolean) {
    this.#open = open;
    this.#plain = plain;
    this.#groups = new Groups(ledger);
    this.#areas = new Areas(this.#groups);
    this.#vehicles = new Vehicles(this.#groups);
  }

  /** After a change of an alert: `open.queued` says whether it is shown, `enters` whether it was not before. */
  update(open: OpenAlert, enters: boolean, nowMs: number, atMs: number): void {
    if (enters && !this.#plain) this.#place(open, nowMs, atMs);
    this.#groups.update(open, atMs);
    const { alert, group, queued } = open;
    if (isClosed(alert)) return;
    if (!queued || (group && group.head !== open)) this.floods.leave(alert.id);
    else if (enters) this.floods.enter(alert.id, nowMs);
  }

  /** Folds the other alerts of a chattering one's source under it. */
  gather(open: OpenAlert, atMs: number): void {
    const { ruleId, vehicleId } = open.alert;
    for (const each of inOrder(this.#open.ofSource(ruleId, vehicleId))) {
      const isFree = !each.group || (each.group.head === each && each.group.kind !== 'area');
      if (each === open || !each.queued || !isFree || (each.group && each.group === open.group)) continue;
      this.#groups.join(open.group ?? this.#groups.start('chatter', vehicleId, open), each, atMs);
    }
  }

  tick(nowMs: number): void {
    this.#areas.sweep(nowMs);
    this.#vehicles.sweep(nowMs);
    this.floods.tick(nowMs);
  }

  serialize(): StoredQueue {
    return {
      groups: this.#groups.serialize(),
      areas: this.#areas.serialize(),
      vehicles: this.#vehicles.serialize(),
      floods: this.floods.serialize(),
    };
  }

  /** After the open alerts. */
  restore(stored: StoredQueue): void {
    this.#groups.restore(stored.groups, this.#open);
    this.#areas.restore(stored.areas, this.#open);
    this.#vehicles.restore(stored.vehicles, this.#open);
    this.floods.restore(stored.floods);
  }

  #place(open: OpenAlert, nowMs: number, atMs: number): void {
    if (!open.group && !this.#areas.place(open, nowMs, atMs)) this.#vehicles.place(open, atMs);
    if (open.alert.chattering) this.gather(open, atMs);
    this.#vehicles.note(open, nowMs);
  }
}
