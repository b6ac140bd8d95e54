import type { AlertFlood } from '../model/alert-floods.ts';
import type { AlertKpis } from '../model/alert-kpis.ts';
import type { Alert, AlertTransition, OutOfService, Priority, Shelving } from '../model/alerts.ts';
import type { StoredAction } from '../model/audit.ts';
import type { OperatorAction } from '../model/records.ts';

type Empty = Record<string, never>;

/** Shelving without a time lasts this long, and none lasts longer than the other, minutes. */
export const SHELVE_MINUTES = 60;
export const MAX_SHELVE_MINUTES = 720;

interface OnAlerts {
  /** At most 1,000; those that are closed, or that the action does not fit, are passed over. */
  alertIds: string[];
  operator: string;
}

/** A rule on a vehicle; without a rule all alerts of the vehicle. */
interface OnSource {
  vehicleId: string;
  ruleId?: string;
  operator: string;
}

/** What is put aside by operators, also where no alert of it is open. */
export interface SourcesAside {
  /** `alertId`: the alert on which it was shelved. */
  readonly shelved: readonly (Shelving & {
    readonly ruleId: string;
    readonly vehicleId: string;
    readonly alertId: string;
  })[];
  /** `ruleId`: empty = all rules of the vehicle. */
  readonly outOfService: readonly (OutOfService & { readonly ruleId: string; readonly vehicleId: string })[];
}

interface Span {
  /** Unix ms, included. */
  fromMs: number;
  /** Unix ms, not included. */
  toMs: number;
}

/** What operators do with alerts, and questions about them. Answers to actions come before the change is pushed. */
export interface AlertRequests {
  /** Alerts that are not closed, those put aside and folded too. */
  'alerts.open': { args: Empty; result: { alerts: Alert[] } };
  'alerts.aside': { args: Empty; result: SourcesAside };
  /** An alert that others are folded under stands for them: those are acknowledged too. */
  'alerts.acknowledge': { args: OnAlerts & { comment?: string }; result: { acknowledged: number } };
  'alerts.comment': { args: { alertId: string; operator: string; comment: string }; result: { ok: true } };
  /** An empty name takes the assignment back. */
  'alerts.assign': { args: OnAlerts & { assignee: string }; result: { assigned: number } };
  /**
   * Puts the rules of these alerts aside on their vehicles, with what they raise meanwhile. `minutes`: 60 unless said, at most 720. A
   * reason is needed.
   */
  'alerts.shelve': {
    args: OnAlerts & { reason: string; minutes?: number };
    result: { shelved: number; untilMs: number };
  };
  'alerts.unshelve': { args: OnAlerts & { comment?: string }; result: { unshelved: number } };
  /** Lets go of alerts that are held although they are over; they must have been acknowledged. */
  'alerts.reset': { args: OnAlerts & { comment?: string }; result: { reset: number } };
  /** Tells the next in line at once. */
  'alerts.escalate': { args: { alertId: string; operator: string; comment?: string }; result: { ok: true } };
  /** While the vehicle, or what the rule looks at, is worked on. A reason is needed. */
  'alerts.outOfService': { args: OnSource & { reason: string }; result: { ok: true } };
  'alerts.inService': { args: OnSource & { comment?: string }; result: { ok: true } };

  /** Newest first, from history, without `why`; all that is given must hold. `text`: in vehicle, rule, message or comment. */
  'alerts.history': {
    args: {
      limit: number;
      vehicleId?: string;
      ruleId?: string;
      priority?: Priority;
      groupId?: string;
      fromMs?: number;
      toMs?: number;
      text?: string;
    };
    result: { alerts: Alert[] };
  };
  /** One alert from history with all that is kept of it, `why` too; null when there is none. */
  'alerts.get': { args: { alertId: string }; result: { alert: Alert | null } };
  'alerts.transitions': { args: { alertId: string }; result: { transitions: AlertTransition[] } };
  /** Alerts folded under one, oldest first, at most 1,000, without `why`. */
  'alerts.members': { args: { groupId: string }; result: { alerts: Alert[] } };
  /** The figures of alarm quality over every 10 min that the span touches, at most 31 days; rates per operator. */
  'alerts.kpis': { args: Span & { operators?: number }; result: AlertKpis };
  /** Floods that reach into the span, newest first; at most 400 days. */
  'alerts.floods': { args: Span; result: { floods: AlertFlood[] } };
  /** Who did what when and why, newest first, at most 1,000; all that is given must hold. */
  'operator.actions': {
    args: {
      limit: number;
      operator?: string;
      vehicleId?: string;
      alertId?: string;
      type?: OperatorAction['type'];
      fromMs?: number;
      toMs?: number;
    };
    result: { actions: StoredAction[] };
  };
}
