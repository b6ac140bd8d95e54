import {
  type Alert,
  type AlertTransition,
  isClosed,
  isShown,
  PRIORITY,
  type TransitionKind,
} from '../../model/alerts.ts';
import { NO_PLAN, type Notice, type NoticeReason, type NotifyPlan, type NotifyRoute } from '../../model/notices.ts';
import { againMs, type Followed, follow, groupCount, inherit, isOn, toldNow } from './followed.ts';
import { MqttStates } from './mqtt-states.ts';
import { type Members, NoticeMaker } from './notice-maker.ts';
import type { StoredLimits } from './route-limits.ts';
import { delayMs, isEscalation, isFor, isPrompt, NEVER, opensMs, routesOf, silentUntilMs } from './routes.ts';

/** Finds an alert that is open. */
export type FindAlert = (id: string) => Alert | undefined;

/** What happened to an alert since the last `settle`. */
interface Touched {
  readonly alert: Alert;
  readonly transitions: AlertTransition[];
}

export interface StoredPlanner {
  readonly plan: NotifyPlan;
  readonly followed: readonly Followed[];
  readonly limits: StoredLimits;
}

/**
 * Who is told what of which alert, and when: a pure function of the transitions and ticks it is given. Whether somebody still has
 * to be told is asked of the alert itself at the moment of telling. Keeps one entry for every open alert that has been shown, so
 * its memory is bounded as the alert book's is, and RouteLimits'. Not thread-safe.
 */
export class NoticePlanner {
  #plan = NO_PLAN;
  #routes = routesOf(NO_PLAN);
  readonly #followed = new Map<string, Followed>();
  /** Ids of what is folded under an alert. */
  readonly #members = new Map<string, Set<string>>();
  readonly #maker = new NoticeMaker();
  readonly #mqtt = new MqttStates();
  #touched = new Map<string, Touched>();
  /** No entry is due before. */
  #nextMs = NEVER;

  get plan(): NotifyPlan {
    return this.#plan;
  }

  /** True when `take` would have something. */
  get hasNotices(): boolean {
    return this.#maker.hasNotices;
  }

  /** Puts a plan in force: alerts that call are told to its routes, unless a route of the same name was. */
  use(plan: NotifyPlan): void {
    this.#plan = plan;
    this.#routes = routesOf(plan);
    this.#maker.keepOnly(this.#routes);
    const names = new Set(this.#routes.map((route) => route.name));
    for (const followed of this.#followed.values()) {
      for (const name of Object.keys(followed.told)) if (!names.has(name)) delete followed.told[name];
      followed.dueMs = 0;
    }
    this.#nextMs = 0;
  }

  /** Notes a change of an alert, as it happens. */
  transition(alert: Alert, transition: AlertTransition): void {
    const touched = this.#touched.get(alert.id);
    if (touched) touched.transitions.push(transition);
    else this.#touched.set(alert.id, { alert, transitions: [transition] });
  }

  /**
   * Draws the conclusions from the transitions since the last call: to be called after every journal record, with its time, so
   * that what one record does to an alert is told once. Unix ms.
   */
  settle(atMs: number, find: FindAlert): void {
    if (this.#touched.size === 0) return;
    const touched = this.#touched;
    this.#touched = new Map();
    const groups: Members = { members: (id) => this.#members.get(id) ?? [], find };
    const heads = new Set<string>();
    for (const { alert, transitions } of touched.values()) {
      const followed = this.#look(alert, transitions, atMs, find);
      if (followed) heads.add(followed.headId || followed.id);
      if (isClosed(alert)) this.#regroup(alert.id, atMs, find, heads);
    }
    for (const id of heads) {
      const head = touched.get(id)?.alert ?? find(id);
      if (head) this.#look(head, [], atMs, find);
    }
    for (const { alert, transitions } of touched.values()) {
      const followed = this.#followed.get(alert.id);
      if (!followed) continue;
      const escalated = transitions.find((t) => t.kind === 'escalated');
      if (escalated) this.#escalate(alert, followed, escalated, atMs, groups);
      if (this.#plan.mqtt !== false)
        this.#mqtt.changed(alert, followed, transitions[transitions.length - 1], atMs, this.#maker);
    }
    for (const id of heads) this.#tellIfDue(id, touched.get(id)?.alert ?? find(id), atMs, groups);
    for (const { alert } of touched.values()) if (isClosed(alert)) this.#forget(alert.id);
    this.#maker.flushSounds(atMs);
  }

  /** Once a second, with the time of the tick, Unix ms: tells what has become due. */
  tick(atMs: number, find: FindAlert): void {
    this.settle(atMs, find);
    if (atMs >= this.#nextMs) {
      const groups: Members = { members: (id) => this.#members.get(id) ?? [], find };
      this.#nextMs = NEVER;
      for (const followed of this.#followed.values()) {
        if (followed.dueMs <= atMs) this.#tellIfDue(followed.id, find(followed.id), atMs, groups);
        this.#nextMs = Math.min(this.#nextMs, followed.dueMs);
      }
    }
    this.#maker.digests(this.#routes, this.#plan, atMs);
    this.#maker.flushSounds(atMs);
  }

  /** The notices since the last call, in order. */
  take(): Notice[] {
    return this.#maker.take();
  }

  /** State between two records: `settle` has been called. */
  serialize(): StoredPlanner {
    return {
      plan: this.#plan,
      followed: [...this.#followed.values()].map((f) => ({ ...f, told: { ...f.told } })),
      limits: this.#maker.serialize(),
    };
  }

  /** Fills an empty planner with what `serialize` gave. */
  restore(stored: StoredPlanner): void {
    this.#plan = stored.plan;
    this.#routes = routesOf(stored.plan);
    this.#maker.restore(stored.limits);
    for (const entry of stored.followed) {
      const followed = structuredClone(entry);
      this.#followed.set(followed.id, followed);
      if (followed.headId) this.#join(followed.headId, followed.id);
      this.#nextMs = Math.min(this.#nextMs, followed.dueMs);
    }
  }

  /** Brings the entry of an alert up to date; undefined when it has never been shown. */
  #look(alert: Alert, transitions: readonly AlertTransition[], atMs: number, find: FindAlert): Followed | undefined {
    const followed = this.#followed.get(alert.id) ?? (isShown(alert) ? follow(alert.id) : undefined);
    if (!followed) return undefined;
    this.#followed.set(alert.id, followed);
    const has = (kind: TransitionKind): boolean => transitions.some((t) => t.kind === kind);
    const formerHead = this.#fold(followed, alert.groupId ?? '');
    const wasCalling = followed.calling;
    followed.calling = this.#calls(alert, find);
    if (followed.calling && (!wasCalling || has('worsened'))) {
      followed.call++;
      followed.sinceMs = atMs;
      followed.why = has('worsened') ? 'worsened' : 'raised';
    }
    if (formerHead && !find(formerHead.id)) inherit(followed, formerHead);
    const staysOn =
      isShown(alert) && alert.acknowledged && alert.condition !== 'cleared' && alert.priority === PRIORITY.critical;
    if (!staysOn) followed.reminderMs = NEVER;
    else if (has('acknowledged')) followed.reminderMs = atMs + this.#plan.reminderMs;
    return followed;
  }

  /** True while somebody has to be told of the alert, or of one that was folded under it after it was acknowledged. */
  #calls(alert: Alert, find: FindAlert): boolean {
    if (!isShown(alert) || alert.groupId !== undefined) return false;
    if (!alert.acknowledged) return true;
    for (const id of this.#members.get(alert.id) ?? []) {
      const member = find(id);
      if (member && isShown(member) && !member.acknowledged) return true;
    }
    return false;
  }

  /** The alert that others were folded under is closed: they are now under another, or stand by themselves. */
  #regroup(headId: string, atMs: number, find: FindAlert, heads: Set<string>): void {
    for (const id of [...(this.#members.get(headId) ?? [])]) {
      const member = find(id);
      const followed = member && this.#look(member, [], atMs, find);
      if (followed) heads.add(followed.headId || followed.id);
    }
  }

  /** Notes under which alert this one is folded; answers the entry of the one it was folded under, when it now stands by itself. */
  #fold(followed: Followed, headId: string): Followed | undefined {
    const before = followed.headId;
    if (before === headId) return undefined;
    if (before) this.#members.get(before)?.delete(followed.id);
    if (this.#members.get(before)?.size === 0) this.#members.delete(before);
    if (headId) this.#join(headId, followed.id);
    followed.headId = headId;
    return headId === '' ? this.#followed.get(before) : undefined;
  }

  #join(headId: string, id: string): void {
    this.#members.set(headId, (this.#members.get(headId) ?? new Set()).add(id));
  }

  #forget(id: string): void {
    const followed = this.#followed.get(id);
    if (!followed) return;
    this.#fold(followed, '');
    this.#followed.delete(id);
  }

  /** Tells every route that is due, and works out when the next one is. */
  #tellIfDue(id: string, alert: Alert | undefined, atMs: number, groups: Members): void {
    const followed = this.#followed.get(id);
    if (!followed) return;
    followed.dueMs = NEVER;
    if (!alert) return;
    const goesOn = isOn(alert) || this.#anyMemberOn(id, groups);
    if (!goesOn) this.#tellOver(alert, followed, atMs, groups);
    for (const route of this.#routes) {
      if (!isFor(route, alert)) continue;
      const dueMs = followed.calling ? this.#step(route, alert, followed, goesOn, atMs, groups) : NEVER;
      followed.dueMs = Math.min(followed.dueMs, dueMs);
    }
    this.#remind(alert, followed, atMs, groups);
    followed.dueMs = Math.min(followed.dueMs, followed.reminderMs);
    this.#nextMs = Math.min(this.#nextMs, followed.dueMs);
  }

  /** Tells one route of an alert that calls, if it is time to; answers when it has to be looked at again. */
  #step(route: NotifyRoute, alert: Alert, followed: Followed, goesOn: boolean, atMs: number, groups: Members): number {
    const told = toldNow(followed, route, goesOn);
    const dueMs = told ? againMs(route, told, alert, this.#plan) : followed.sinceMs + delayMs(route, alert, this.#plan);
    if (atMs < dueMs) return dueMs;
    // What is over is told late only where nobody has seen that it was critical.
    if (!goesOn && (told || alert.priority !== PRIORITY.critical)) return NEVER;
    const untilMs = this.#barredUntilMs(route, alert, atMs);
    if (untilMs > atMs) return untilMs;
    const grew = told !== undefined && groupCount(alert) > told.count;
    const first: NoticeReason = isEscalation(route) ? 'escalated' : followed.why;
    this.#tell(route, alert, followed, told && !grew ? 'reminder' : first, atMs, groups);
    return againMs(route, followed.told[route.name], alert, this.#plan);
  }

  /** The end of a silence or the route's next opening, Unix ms; `atMs` when nothing bars it. */
  #barredUntilMs(route: NotifyRoute, alert: Alert, atMs: number): number {
    return Math.max(silentUntilMs(this.#plan, alert, atMs), opensMs(route, this.#plan.utcOffsetMin, atMs));
  }

  #tellOver(alert: Alert, followed: Followed, atMs: number, groups: Members): void {
    for (const route of this.#routes) {
      const told = followed.told[route.name];
      if (!told || told.over || !route.cleared || isPrompt(route)) continue;
      if (this.#barredUntilMs(route, alert, atMs) === atMs) this.#tell(route, alert, followed, 'cleared', atMs, groups);
      followed.told[route.name] = { ...told, over: true };
    }
  }

  /** A critical alert that was acknowledged and still goes on. */
  #remind(alert: Alert, followed: Followed, atMs: number, groups: Members): void {
    if (atMs < followed.reminderMs) return;
    followed.reminderMs = NEVER;
    for (const route of this.#routes) {
      if (isEscalation(route) || !isFor(route, alert) || this.#barredUntilMs(route, alert, atMs) > atMs) continue;
      this.#tell(route, alert, followed, 'reminder', atMs, groups);
    }
  }

  /** An operator passes the alert on: whoever would be told later is told now. A silence does not bar it, being off duty does. */
  #escalate(alert: Alert, followed: Followed, by: AlertTransition, atMs: number, groups: Members): void {
    for (const route of this.#routes) {
      if (!isEscalation(route) || !isFor(route, alert)) continue;
      if (opensMs(route, this.#plan.utcOffsetMin, atMs) > atMs) continue;
      this.#tell(route, alert, followed, 'escalated', atMs, groups, by);
    }
  }

  #tell(
    route: NotifyRoute,
    alert: Alert,
    followed: Followed,
    reason: NoticeReason,
    atMs: number,
    groups: Members,
    by?: AlertTransition,
  ): void {
    followed.told[route.name] = { call: followed.call, atMs, count: groupCount(alert) };
    const cause = `${followed.call} ${by?.id ?? ''}`;
    const { utcOffsetMin } = this.#plan;
    this.#maker.tell({ route, alert, reason, cause, atMs, utcOffsetMin, comment: by?.comment }, groups);
  }

  #anyMemberOn(id: string, { find }: Members): boolean {
    for (const member of this.#members.get(id) ?? []) {
      const alert = find(member);
      if (alert && isOn(alert)) return true;
    }
    return false;
  }
}
