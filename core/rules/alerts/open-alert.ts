import { type Alert, type AlertGroup, isClosed, isShown, PRIORITY } from '../../model/alerts.ts';

/** Rules whose alerts explain this one, on the same vehicle or anywhere in its depot. */
export interface SuppressedBy {
  readonly rules: readonly string[];
  readonly on: 'vehicle' | 'depot';
}

/** An alert that is not closed, and what the room keeps of it beside what it shows. */
export interface OpenAlert {
  readonly alert: Alert;
  /** Grows with every raise: the order in which things are done to several alerts. */
  readonly order: number;
  readonly slot: number;
  readonly ruleVersion: string;
  /** It stands for an event and has no end of its own. */
  readonly momentary: boolean;
  /** It may be folded under others. */
  readonly folds: boolean;
  readonly suppress?: SuppressedBy;
  /** Worst value since the raise; the alert shows it from its next transition on. */
  peak?: number;
  /** Operators have had it before their eyes. */
  everShown: boolean;
  /** Among what operators are shown, when it was looked at last. */
  queued: boolean;
  /** Could explain other alerts, when it was looked at last. */
  explains: boolean;
  /** What it is folded into or stands for. */
  group?: Group;
}

/** Alerts that operators see as one entry: the head stands for it, the members are folded under the head. */
export interface Group {
  readonly kind: AlertGroup['kind'];
  readonly label: string;
  head: OpenAlert;
  /** Open alerts but the head. */
  readonly members: Set<OpenAlert>;
  /** All that ever came into it and did not leave it. */
  count: number;
}

/** True while its condition, or what latches it, goes on. */
export function isOn({ condition, latched }: Alert): boolean {
  return condition !== 'cleared' || latched;
}

/** True while it is shelved, suppressed by design or out of service. */
export function isHidden(alert: Alert): boolean {
  return !isClosed(alert) && !isShown(alert);
}

/** True while it can explain others: a sensor that is being worked on explains nothing. */
export function explains(alert: Alert): boolean {
  return isOn(alert) && alert.outOfService === undefined;
}

/** Identifies what shelving, chatter and latches are about: a rule on a vehicle. */
export function sourceKey(ruleId: string, vehicleId: string): string {
  return `${ruleId}\u0000${vehicleId}`;
}

/** In the order in which they were raised. */
export function inOrder(alerts: Iterable<OpenAlert>): OpenAlert[] {
  return [...alerts].sort((a, b) => a.order - b.order);
}

/** Critical alerts and events always stand by themselves. */
export function mayFold({ alert, momentary, folds }: OpenAlert): boolean {
  return folds && !momentary && alert.priority !== PRIORITY.critical;
}

/** Who stands for others: what is shown, then what waits for an acknowledgement, the most urgent, and the first that was raised. */
export function byRank(a: OpenAlert, b: OpenAlert): number {
  return (
    Number(isShown(b.alert)) - Number(isShown(a.alert)) ||
    Number(a.alert.acknowledged) - Number(b.alert.acknowledged) ||
    a.alert.priority - b.alert.priority ||
    a.order - b.order
  );
}
