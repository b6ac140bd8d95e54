/** 1 is the most urgent. Stored: never renumber. */
export const PRIORITY = { critical: 1, high: 2, medium: 3, low: 4 } as const;
export type PriorityName = keyof typeof PRIORITY;
export type Priority = (typeof PRIORITY)[PriorityName];
export const PRIORITY_NAMES: readonly (PriorityName | 'none')[] = ['none', 'critical', 'high', 'medium', 'low'];

/** What the condition of an alert does now; `unknown` = the signal it needs went missing while it was firing. */
export type ConditionState = 'active' | 'unknown' | 'cleared';

/** A value of a sub-expression when the alert began, as it stands in the rule. */
export interface WhyTerm {
  readonly text: string;
  /** null = unknown. */
  readonly value: number | string | boolean | null;
  readonly unit: string;
}

/** What lay in a window that decided: readings, or the panes it is kept in, oldest first. */
export interface WhyWindow {
  readonly text: string;
  readonly unit: string;
  /** Event time (of a pane its start), Unix ms, and value. */
  readonly readings: readonly (readonly [timeMs: number, value: number])[];
}

/** Why an alert was raised: kept with it for as long as it is kept. */
export interface AlertWhy {
  /** The condition as written in the pack. */
  readonly condition: string;
  /** At the onset. */
  readonly terms: readonly WhyTerm[];
  readonly windows: readonly WhyWindow[];
  /** Journal positions of the records that began and that raised it. */
  readonly onsetPosition: number;
  readonly raisedPosition: number;
}

/** Put aside by an operator until a time; its condition is followed and logged meanwhile. */
export interface Shelving {
  readonly by: string;
  readonly reason: string;
  /** Unix ms. */
  readonly untilMs: number;
}

/** Kept from the queue because another alert that explains it is active. */
export interface DesignSuppression {
  readonly alertId: string;
  readonly ruleId: string;
}

/** Kept from the queue for as long as the vehicle (or its sensor) is being worked on. */
export interface OutOfService {
  readonly by: string;
  readonly reason: string;
}

/**
 * What folds alerts with a common cause under the first of them: one rule across a depot or an area, the consequences of one
 * vehicle's trouble, or a sensor that chatters.
 */
export interface AlertGroup {
  readonly kind: 'area' | 'vehicle' | 'chatter';
  /** The depot, the area or the vehicle, for people. */
  readonly label: string;
  /** Alerts in it, the first one too, and those of them that are not closed. */
  readonly count: number;
  readonly open: number;
}

/**
 * One episode of one rule on one vehicle. `condition`, `acknowledged`, `latched` and what suppresses it are separate facts
 * (ISA-18.2); what a screen calls the state is derived from them by `alertState`.
 */
export interface Alert {
  /** Hash of rule id, rule version, vehicle and onset: the same episode has the same id in every run. */
  readonly id: string;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly vehicleId: string;
  /** The worst since the raise, for rules whose priority is an expression. */
  priority: Priority;
  /** Event time of the first sample at which the condition held, Unix ms. */
  readonly onsetMs: number;
  /** Event (or tick) time at which it was raised, after the rule's `for`, Unix ms. */
  readonly raisedMs: number;
  clearedMs?: number;
  condition: ConditionState;
  /** True while it is held although its condition may be over: until it is acknowledged or reset, see `latch`. */
  latched: boolean;
  /** What lets go of a latch; undefined for alerts that do not latch. */
  readonly latch?: 'acknowledge' | 'reset';
  acknowledged: boolean;
  acknowledgedBy?: string;
  acknowledgedMs?: number;
  comment?: string;
  assignedTo?: string;
  shelved?: Shelving;
  suppressed?: DesignSuppression;
  outOfService?: OutOfService;
  /** The alert it is folded under. */
  groupId?: string;
  /** Of the alert that others are folded under. */
  group?: AlertGroup;
  /** Times the event behind it came again, or a chattering condition began anew, since the raise. */
  repeats?: number;
  /** True while its condition comes and goes so often (EEMUA 191: 3 times in a minute) that its end is held back. */
  chattering?: boolean;
  /** Of a chattering alert: event time since which its condition has been over, its end being held back; Unix ms. */
  quietMs?: number;
  /** Value at the raise and the worst since; undefined for alerts that have no value. */
  value?: number;
  peak?: number;
  readonly unit: string;
  /** One plain sentence with the values in it. */
  readonly message: string;
  /** What to do about it, with values in it. */
  readonly response?: string;
  /** A link to the full procedure. */
  readonly runbook?: string;
  readonly why?: AlertWhy;
  /** Depot of the vehicle when it was raised, where reference data knows one. */
  readonly depot?: string;
  /** Where the vehicle was, degrees; undefined when no position was known. */
  lat?: number;
  lon?: number;
}

/** The eight states of ISA-18.2; `closed` is its Normal: only then an alert leaves the room. */
export type AlertState =
  | 'unacknowledged'
  | 'acknowledged'
  | 'returned'
  | 'latched'
  | 'shelved'
  | 'suppressed'
  | 'out-of-service'
  | 'closed';

type StateFacts = Pick<Alert, 'condition' | 'acknowledged' | 'latched' | 'shelved' | 'suppressed' | 'outOfService'>;

/** True when nothing keeps the alert: its condition is over, nothing latches it, and somebody has seen it. */
export function isClosed(alert: StateFacts): boolean {
  return alert.condition === 'cleared' && !alert.latched && alert.acknowledged;
}

/** The state an operator sees. What is suppressed in one of the three ways is not in the queue. */
export function alertState(alert: StateFacts): AlertState {
  if (isClosed(alert)) return 'closed';
  if (alert.outOfService) return 'out-of-service';
  if (alert.suppressed) return 'suppressed';
  if (alert.shelved) return 'shelved';
  const on = alert.condition !== 'cleared';
  if (!alert.acknowledged) return on || alert.latched ? 'unacknowledged' : 'returned';
  return on ? 'acknowledged' : 'latched';
}

/** True while the alert is among those that operators are shown: not suppressed in any way. */
export function isShown(alert: StateFacts): boolean {
  const state = alertState(alert);
  return state !== 'closed' && state !== 'shelved' && state !== 'suppressed' && state !== 'out-of-service';
}

export type TransitionKind =
  | 'raised'
  | 'worsened'
  | 'unknown'
  | 'resumed'
  | 'repeated'
  | 'cleared'
  | 'acknowledged'
  | 'commented'
  | 'assigned'
  | 'shelved'
  | 'unshelved'
  | 'suppressed'
  | 'released'
  | 'out-of-service'
  | 'in-service'
  | 'reset'
  | 'grouped'
  | 'chattering'
  | 'settled'
  | 'escalated';

/** One change of one alert: who, when, why. */
export interface AlertTransition {
  /** Hash of alert id, kind and cause. */
  readonly id: string;
  readonly alertId: string;
  readonly kind: TransitionKind;
  readonly atMs: number;
  /** The operator, or `engine`. */
  readonly by: string;
  readonly comment?: string;
  readonly value?: number;
}

/** Queue order: what waits for an acknowledgement first, then priority, then the oldest. */
export function compareAlerts(a: Alert, b: Alert): number {
  return (
    Number(a.acknowledged) - Number(b.acknowledged) ||
    a.priority - b.priority ||
    a.raisedMs - b.raisedMs ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
