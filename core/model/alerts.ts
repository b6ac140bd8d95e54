/** 1 is the most urgent. Stored: never renumber. */
export const PRIORITY = { critical: 1, high: 2, medium: 3, low: 4 } as const;
export type PriorityName = keyof typeof PRIORITY;
export type Priority = (typeof PRIORITY)[PriorityName];
export const PRIORITY_NAMES: readonly (PriorityName | 'none')[] = ['none', 'critical', 'high', 'medium', 'low'];

/** What the condition of an alert does now; `unknown` = the signal it needs went missing while it was firing. */
export type ConditionState = 'active' | 'unknown' | 'cleared';

/**
 * One episode of one rule on one vehicle. `active`, `acknowledged` and `latched` are separate facts (ISA-18.2);
 * what a screen calls the state is derived from them by `alertState`.
 */
export interface Alert {
  /** Hash of rule id, rule version, vehicle and onset: the same episode has the same id in every run. */
  readonly id: string;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly vehicleId: string;
  readonly priority: Priority;
  /** Event time of the first sample at which the condition held, Unix ms. */
  readonly onsetMs: number;
  /** Event (or tick) time at which it was raised, after the rule's `for`, Unix ms. */
  readonly raisedMs: number;
  clearedMs?: number;
  condition: ConditionState;
  /** True while an event without an end (SOS) waits for its acknowledgement. */
  latched: boolean;
  acknowledged: boolean;
  acknowledgedBy?: string;
  acknowledgedMs?: number;
  comment?: string;
  /** Value at the raise and the worst since; undefined for alerts that have no value. */
  value?: number;
  peak?: number;
  readonly unit: string;
  /** One plain sentence with the values in it. */
  readonly message: string;
  /** Where the vehicle was, degrees; undefined when no position was known. */
  lat?: number;
  lon?: number;
}

export type AlertState = 'unacknowledged' | 'acknowledged' | 'returned' | 'closed';

/** The state an operator sees. Only `closed` alerts leave the queue. */
export function alertState(alert: Pick<Alert, 'condition' | 'acknowledged' | 'latched'>): AlertState {
  const on = alert.condition !== 'cleared' || alert.latched;
  if (alert.acknowledged) return on ? 'acknowledged' : 'closed';
  return on ? 'unacknowledged' : 'returned';
}

export type TransitionKind = 'raised' | 'unknown' | 'resumed' | 'cleared' | 'acknowledged' | 'commented';

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
