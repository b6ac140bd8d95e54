import { type Alert, PRIORITY, PRIORITY_NAMES, type PriorityName } from '../../model/alerts.ts';
import type { NotifyPlan, NotifyRoute } from '../../model/notices.ts';

const MINUTE_MS = 60_000;
const DAY_MIN = 1440;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;

/** Later than any time: for what is never due. A number that JSON keeps. */
export const NEVER = Number.MAX_SAFE_INTEGER;

/** Notices of a route in 10 min beyond which the rest is gathered in a digest, where the route does not say. */
export const DEFAULT_PER_TEN_MINUTES = 20;

const SOUND: NotifyRoute = { name: 'sound', channel: 'sound', to: [] };
const DESKTOP: NotifyRoute = {
  name: 'desktop',
  channel: 'desktop',
  to: [],
  priorities: ['critical', 'high'],
  perTenMinutes: 60,
};

/** Routes of a plan, with the built-in ones for sound and desktop where the plan has none of its own for them. */
export function routesOf(plan: NotifyPlan): readonly NotifyRoute[] {
  const builtIn = [SOUND, DESKTOP].filter(({ channel }) => !plan.routes.some((route) => route.channel === channel));
  return [...builtIn, ...plan.routes];
}

/** True when the route is for this alert, by priority, rule and depot. */
export function isFor(route: NotifyRoute, alert: Alert): boolean {
  const priority = PRIORITY_NAMES[alert.priority] as PriorityName;
  return (
    (route.priorities?.includes(priority) ?? true) &&
    (route.rules?.includes(alert.ruleId) ?? true) &&
    (route.depots === undefined || (alert.depot !== undefined && route.depots.includes(alert.depot)))
  );
}

/** True for routes that are told only of what nobody has acknowledged for a while. */
export function isEscalation(route: NotifyRoute): boolean {
  return (route.afterMs ?? 0) > 0;
}

/** True for what is shown or heard in the room: at once, and once. */
export function isPrompt(route: NotifyRoute): boolean {
  return route.channel === 'desktop' || route.channel === 'sound';
}

/**
 * How long an alert must call before this route is told, ms. A critical one waits for no others: it always stands by itself.
 */
export function delayMs(route: NotifyRoute, alert: Alert, plan: NotifyPlan): number {
  if (isEscalation(route)) return route.afterMs ?? 0;
  return isPrompt(route) || alert.priority === PRIORITY.critical ? 0 : plan.groupWaitMs;
}

/**
 * The first time from `atMs` on at which the route is open, Unix ms: `atMs` itself when it is open then. A window that runs over
 * midnight belongs to the weekday on which it begins.
 */
export function opensMs(route: NotifyRoute, utcOffsetMin: number, atMs: number): number {
  const { fromMin, toMin, weekdays } = route;
  if (fromMin === undefined && toMin === undefined && weekdays === undefined) return atMs;
  const from = fromMin ?? 0;
  const to = toMin ?? DAY_MIN;
  const lengthMin = to > from ? to - from : to - from + DAY_MIN;
  const localMin = Math.floor(atMs / MINUTE_MS) + utcOffsetMin;
  const today = Math.floor(localMin / DAY_MIN);
  // Yesterday's window may still be open.
  for (let day = today - 1; day <= today + 7; day++) {
    if (weekdays && !weekdays.includes(weekdayOf(day))) continue;
    const opens = day * DAY_MIN + from;
    if (localMin >= opens + lengthMin) continue;
    return localMin >= opens ? atMs : (opens - utcOffsetMin) * MINUTE_MS;
  }
  return NEVER;
}

/** Of a day counted from 1970-01-01; 0 = Sunday. */
function weekdayOf(day: number): number {
  return (((day + FIRST_WEEKDAY) % 7) + 7) % 7;
}

/** Until when silences keep the alert from being told, Unix ms; `atMs` when none does. */
export function silentUntilMs(plan: NotifyPlan, alert: Alert, atMs: number): number {
  let untilMs = atMs;
  for (const silence of plan.silences) {
    const matches =
      (silence.rules?.includes(alert.ruleId) ?? true) &&
      (silence.vehicles?.includes(alert.vehicleId) ?? true) &&
      (silence.depots === undefined || (alert.depot !== undefined && silence.depots.includes(alert.depot)));
    if (matches && silence.untilMs > untilMs) untilMs = silence.untilMs;
  }
  return untilMs;
}
