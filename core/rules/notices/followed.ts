import type { Alert } from '../../model/alerts.ts';
import type { NoticeReason, NotifyPlan, NotifyRoute } from '../../model/notices.ts';
import { isEscalation, isPrompt, NEVER } from './routes.ts';

/** What a route was told last about an alert. */
export interface Told {
  /** In which call of the alert; one that is over tells nobody any more. */
  call: number;
  atMs: number;
  /** Alerts of its group then. */
  count: number;
  /** It was told that the alert is over. */
  over?: boolean;
}

/**
 * What the planner keeps of an open alert that has been shown. An alert *calls* while it is shown, not folded under another, and
 * not acknowledged (nor all that is folded under it); each time it begins to is a call of its own.
 */
export interface Followed {
  readonly id: string;
  calling: boolean;
  /** Counts calls. */
  call: number;
  /** Engine time at which this call began, Unix ms. */
  sinceMs: number;
  why: Extract<NoticeReason, 'raised' | 'worsened'>;
  /** The alert it is folded under; empty when it is not. */
  headId: string;
  /** It has a retained message on the broker. */
  published: boolean;
  /** When a critical one that is acknowledged and goes on is to be recalled, Unix ms; NEVER when it is not. */
  reminderMs: number;
  /** Next time at which a route may have to be told, Unix ms. */
  dueMs: number;
  /** By name of route. */
  told: Record<string, Told>;
}

export function follow(id: string): Followed {
  return {
    id,
    calling: false,
    call: 0,
    sinceMs: 0,
    why: 'raised',
    headId: '',
    published: false,
    reminderMs: NEVER,
    dueMs: NEVER,
    told: {},
  };
}

/** True while its condition, or what latches it, goes on. */
export function isOn(alert: Alert): boolean {
  return alert.condition !== 'cleared' || alert.latched;
}

/** What the route was told in the present call; what is on again after its end was told is told anew. */
export function toldNow(followed: Followed, route: NotifyRoute, goesOn: boolean): Told | undefined {
  const told = followed.told[route.name];
  return told?.call === followed.call && !(told.over && goesOn) ? told : undefined;
}

/** What was told of a group goes over to the alert that stands for it now. */
export function inherit(followed: Followed, head: Followed): void {
  for (const [route, told] of Object.entries(head.told)) {
    if (told.call === head.call) followed.told[route] = { ...told, call: followed.call };
  }
  head.told = {};
}

/** Alertmanager's times for what was told already: a group that grew is told of again, and what stays on after a long while. */
export function againMs(route: NotifyRoute, told: Told, alert: Alert, plan: NotifyPlan): number {
  if (isPrompt(route) || isEscalation(route)) return NEVER;
  const grew = groupCount(alert) > told.count;
  return told.atMs + (grew ? plan.groupIntervalMs : plan.repeatMs);
}

export function groupCount(alert: Alert): number {
  return alert.group?.count ?? 1;
}
