import { type AlertGroup, isClosed, isShown, PRIORITY } from '../../model/alerts.ts';
import { ENGINE, type Ledger } from './ledger.ts';
import { byRank, type Group, inOrder, type OpenAlert } from './open-alert.ts';
import type { OpenAlerts } from './open-alerts.ts';

export interface StoredGroup {
  readonly kind: AlertGroup['kind'];
  readonly label: string;
  readonly headId: string;
  readonly count: number;
}

/**
 * Who is folded under whom. A head is shown, and as urgent and as much in need of an acknowledgement as any shown member: when
 * that changes, another one takes its place. A critical alert is folded only under others of its own sensor.
 */
export class Groups {
  readonly #ledger: Ledger;
  readonly #groups = new Set<Group>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** A group of one that is in no group, or stands for one: its members come with it. */
  start(kind: Group['kind'], label: string, head: OpenAlert): Group {
    const own = head.group;
    if (own) this.#groups.delete(own);
    const group: Group = { kind, label, head, members: new Set(own?.members), count: own?.count ?? 1 };
    for (const each of [head, ...group.members]) each.group = group;
    this.#groups.add(group);
    return group;
  }

  /** Folds an alert that is in no group, or stands for one with all its members. */
  join(group: Group, open: OpenAlert, atMs: number): void {
    const own = open.group;
    group.count += own?.count ?? 1;
    if (own) {
      this.#groups.delete(own);
      delete open.alert.group;
      for (const member of inOrder(own.members)) this.#fold(group, member);
    }
    this.#fold(group, open);
    this.#recordFold(open, group, atMs);
    if (outranks(open, group.head)) this.#takePlace(group, open, atMs);
    else this.#show(group);
  }

  /** Draws the conclusions from a change of an alert. */
  update(open: OpenAlert, atMs: number): void {
    const { group, alert } = open;
    if (!group) return;
    if (group.head === open) this.#updateHead(group, open, atMs);
    else if (isClosed(alert)) {
      group.members.delete(open);
      open.group = undefined;
      this.#show(group);
    } else if (standsAlone(open, group.head)) this.#leave(group, open, atMs);
    else if (outranks(open, group.head)) this.#takePlace(group, open, atMs);
  }

  serialize(): StoredGroup[] {
    return [...this.#groups].map(({ kind, label, head, count }) => ({ kind, label, headId: head.alert.id, count }));
  }

  /** After the open alerts were: members know their heads. */
  restore(stored: readonly StoredGroup[], open: OpenAlerts): void {
    for (const { kind, label, headId, count } of stored) {
      const head = open.get(headId);
      if (!head) continue;
      head.group = { kind, label, head, members: new Set(), count };
      this.#groups.add(head.group);
    }
    for (const member of open.values()) {
      const group = member.alert.groupId === undefined ? undefined : open.get(member.alert.groupId)?.group;
      if (!group) continue;
      group.members.add(member);
      member.group = group;
    }
  }

  #updateHead(group: Group, head: OpenAlert, atMs: number): void {
    const closed = isClosed(head.alert);
    let heir: OpenAlert | undefined;
    for (const member of group.members) if (!heir || byRank(member, heir) < 0) heir = member;
    if (heir && (closed || outranks(heir, head))) this.#takePlace(group, heir, atMs);
    else if (closed) {
      this.#show(group);
      this.#groups.delete(group);
      head.group = undefined;
    }
  }

  #fold(group: Group, open: OpenAlert): void {
    group.members.add(open);
    open.group = group;
    open.alert.groupId = group.head.alert.id;
    this.#ledger.changed(open);
  }

  #leave(group: Group, open: OpenAlert, atMs: number): void {
    group.members.delete(open);
    group.count--;
    open.group = undefined;
    delete open.alert.groupId;
    this.#ledger.record(open, 'grouped', atMs, { ...ENGINE, comment: 'stands by itself: it is critical' });
    this.#show(group);
  }

  #takePlace(group: Group, open: OpenAlert, atMs: number): void {
    const before = group.head;
    group.members.delete(open);
    group.head = open;
    delete open.alert.groupId;
    delete before.alert.group;
    const comment = `stands for ${group.label} now`;
    this.#ledger.record(open, 'grouped', atMs, { ...ENGINE, comment, key: before.alert.id });
    for (const member of inOrder(group.members)) {
      if (standsAlone(member, open)) this.#leave(group, member, atMs);
      else this.#fold(group, member);
    }
    if (isShown(before.alert) && !standsAlone(before, open)) {
      this.#fold(group, before);
      this.#recordFold(before, group, atMs);
    } else {
      before.group = undefined;
      if (!isClosed(before.alert)) group.count--;
    }
    this.#show(group);
  }

  #recordFold(open: OpenAlert, { head: { alert: head } }: Group, atMs: number): void {
    const comment = `under ${head.ruleName} of ${head.vehicleId}`;
    this.#ledger.record(open, 'grouped', atMs, { ...ENGINE, comment, key: head.id });
  }

  #show({ kind, label, head, members, count }: Group): void {
    const open = members.size + (isClosed(head.alert) ? 0 : 1);
    head.alert.group = { kind, label, count, open };
    this.#ledger.changed(head);
  }
}

/** A critical alert is folded under others of its own sensor only. */
function standsAlone({ alert }: OpenAlert, { alert: head }: OpenAlert): boolean {
  const isSameSource = alert.ruleId === head.ruleId && alert.vehicleId === head.vehicleId;
  return alert.priority === PRIORITY.critical && !isSameSource;
}

/** True when a member has to be seen rather than the head it is folded under. */
function outranks({ alert }: OpenAlert, { alert: head }: OpenAlert): boolean {
  if (!isShown(alert)) return false;
  if (!isShown(head)) return true;
  if (alert.acknowledged !== head.acknowledged) return head.acknowledged;
  return alert.priority < head.priority;
}
