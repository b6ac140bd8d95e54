import { type Alert, PRIORITY_NAMES } from '../../model/alerts.ts';
import { hashId } from '../../model/hash.ts';
import type { Notice, NoticeReason, NotifyPlan, NotifyRoute } from '../../model/notices.ts';
import { digestPayload, webhookPayload } from './payloads.ts';
import { type Held, RouteLimits, type StoredLimits } from './route-limits.ts';
import { bodyOf, digestLine, subjectOf } from './texts.ts';

/** Ids that one notice names at most. */
const MAX_ALERT_IDS = 100;
/** A notification on the desktop has room for these. */
const DESKTOP_LINES = 5;

/** What is folded under an alert. */
export interface Members {
  members(headId: string): Iterable<string>;
  find(id: string): Alert | undefined;
}

/** Who is told what. */
export interface Telling {
  readonly route: NotifyRoute;
  readonly alert: Alert;
  readonly reason: NoticeReason;
  /** Tells notices of one alert, route and reason apart that fall on one time. */
  readonly cause: string;
  /** Engine time, Unix ms. */
  readonly atMs: number;
  readonly utcOffsetMin: number;
  readonly comment?: string;
}

interface Tone {
  readonly route: string;
  readonly priority: number;
  readonly cause: string;
  readonly alerts: Alert[];
}

/** Writes notices, within the limits of their routes. */
export class NoticeMaker {
  #notices: Notice[] = [];
  readonly #limits = new RouteLimits();
  /** Tones of the present record by route and priority: many alerts at once are one tone. */
  readonly #sounds = new Map<string, Tone>();

  get hasNotices(): boolean {
    return this.#notices.length > 0;
  }

  take(): Notice[] {
    const notices = this.#notices;
    this.#notices = [];
    return notices;
  }

  add(notice: Notice): void {
    this.#notices.push(notice);
  }

  /** Tells a route, or holds it back for the route's digest. */
  tell(telling: Telling, groups: Members): void {
    const { route, alert, reason, atMs } = telling;
    if (route.channel === 'sound') this.#sound(telling);
    else if (this.#limits.admit(route, atMs)) this.add(noticeOf(telling, groups));
    else
      this.#limits.hold(route, {
        alertId: alert.id,
        priority: alert.priority,
        subject: subjectOf(alert, reason),
        atMs,
      });
  }

  /** Gives out the tones of the record that ends. */
  flushSounds(atMs: number): void {
    for (const { route, priority, cause, alerts } of this.#sounds.values()) {
      const [first] = alerts;
      this.add({
        id: hashId('notice', 'sound', route, priority, first.id, cause, atMs),
        channel: 'sound',
        route,
        to: [],
        reason: 'raised',
        priority,
        alertIds: alerts.slice(0, MAX_ALERT_IDS).map((alert) => alert.id),
        vehicleId: first.vehicleId,
        subject: PRIORITY_NAMES[priority],
        body: '',
        payload: '',
        atMs,
      });
    }
    this.#sounds.clear();
  }

  /** Gives out the digests that are due. */
  digests(routes: readonly NotifyRoute[], plan: NotifyPlan, atMs: number): void {
    for (const route of routes) {
      const dueMs = this.#limits.digestDueMs(route.name, plan.groupWaitMs);
      if (dueMs === undefined || atMs < dueMs) continue;
      const held = this.#limits.takeHeld(route.name);
      if (held) this.add(digestOf(route, held, plan.utcOffsetMin, atMs));
    }
  }

  keepOnly(routes: readonly NotifyRoute[]): void {
    this.#limits.keepOnly(routes);
  }

  serialize(): StoredLimits {
    return this.#limits.serialize();
  }

  restore(stored: StoredLimits): void {
    this.#limits.restore(stored);
  }

  #sound({ route: { name: route }, alert, reason, cause }: Telling): void {
    const key = `${alert.priority} ${route}`;
    const sound = this.#sounds.get(key) ?? {
      route,
      priority: alert.priority,
      cause: `${reason} ${cause}`,
      alerts: [],
    };
    sound.alerts.push(alert);
    this.#sounds.set(key, sound);
  }
}

function noticeOf({ route, alert, reason, cause, atMs, utcOffsetMin, comment }: Telling, groups: Members): Notice {
  const alerts = groupOf(alert, groups);
  const vehicleIds = [...new Set(alerts.map(({ vehicleId }) => vehicleId))];
  const notice: Notice = {
    id: hashId('notice', route.channel, route.name, alert.id, reason, cause, atMs),
    channel: route.channel,
    route: route.name,
    to: route.to,
    reason,
    priority: alert.priority,
    alertIds: alerts.slice(0, MAX_ALERT_IDS).map(({ id }) => id),
    vehicleId: alert.vehicleId,
    subject: subjectOf(alert, reason),
    body: route.channel === 'desktop' ? alert.message : bodyOf(alert, { reason, utcOffsetMin, vehicleIds, comment }),
    payload: '',
    atMs,
  };
  return route.channel === 'webhook' ? { ...notice, payload: webhookPayload(notice, alert, vehicleIds) } : notice;
}

/** The alert, then those folded under it, the first raised first. */
function groupOf(alert: Alert, { members, find }: Members): Alert[] {
  const alerts: Alert[] = [];
  for (const id of members(alert.id)) {
    const member = find(id);
    if (member) alerts.push(member);
  }
  alerts.sort((a, b) => a.raisedMs - b.raisedMs || (a.id < b.id ? -1 : 1));
  return [alert, ...alerts];
}

function digestOf(route: NotifyRoute, held: Held, utcOffsetMin: number, atMs: number): Notice {
  const notices = held.notices.toSorted((a, b) => a.priority - b.priority || a.atMs - b.atMs);
  const alertIds = [...new Set(notices.map(({ alertId }) => alertId))].slice(0, MAX_ALERT_IDS);
  const lines = notices.map(({ subject, atMs: heldMs }) => digestLine(subject, heldMs, utcOffsetMin));
  if (route.channel === 'desktop') lines.splice(DESKTOP_LINES);
  const more = held.count - lines.length;
  if (more > 0) lines.push(`… and ${more} more.`);
  const priority = notices[0].priority;
  const notice: Notice = {
    id: hashId('notice', route.channel, route.name, 'digest', atMs, notices[0].alertId),
    channel: route.channel,
    route: route.name,
    to: route.to,
    reason: 'digest',
    priority,
    alertIds,
    vehicleId: '',
    subject: `[${PRIORITY_NAMES[priority].toUpperCase()}] ${held.count} more alerts`,
    body: `There were more notices than this route takes. These were held back:\n\n${lines.join('\n')}`,
    payload: '',
    atMs,
  };
  return route.channel === 'webhook' ? { ...notice, payload: digestPayload(notice, alertIds, held.count) } : notice;
}
