import { PRIORITY } from '../../model/alerts.ts';
import type { NotifyRoute } from '../../model/notices.ts';
import { DEFAULT_PER_TEN_MINUTES } from './routes.ts';

/** Over which notices of a route are counted, and how long what is held back waits for its digest. */
export const LIMIT_SPAN_MS = 600_000;
/** Lines kept for one digest; what is more is only counted, the least urgent first. */
export const MAX_HELD = 500;

/** A notice that was not sent by itself. */
export interface HeldNotice {
  readonly alertId: string;
  readonly priority: number;
  readonly subject: string;
  readonly atMs: number;
}

/** What a digest has to tell. */
export interface Held {
  readonly firstMs: number;
  /** When the first critical one was held back; 0 = none. */
  criticalMs: number;
  readonly notices: HeldNotice[];
  /** All of them, the listed ones too. */
  count: number;
}

export interface StoredLimits {
  readonly sent: readonly (readonly [route: string, timesMs: readonly number[]])[];
  readonly held: readonly (readonly [route: string, held: Held])[];
}

/**
 * How many notices each route may still be sent, and what it is owed in a digest. Memory: for each route as many times as its limit,
 * and MAX_HELD lines.
 */
export class RouteLimits {
  readonly #sent = new Map<string, number[]>();
  readonly #held = new Map<string, Held>();

  /** True when one more may be sent now, which counts it. */
  admit(route: NotifyRoute, atMs: number): boolean {
    const times = this.#sent.get(route.name) ?? [];
    while (times.length > 0 && times[0] <= atMs - LIMIT_SPAN_MS) times.shift();
    if (times.length >= (route.perTenMinutes ?? DEFAULT_PER_TEN_MINUTES)) return false;
    times.push(atMs);
    this.#sent.set(route.name, times);
    return true;
  }

  hold(route: NotifyRoute, notice: HeldNotice): void {
    const held = this.#held.get(route.name) ?? { firstMs: notice.atMs, criticalMs: 0, notices: [], count: 0 };
    this.#held.set(route.name, held);
    held.count++;
    if (notice.priority === PRIORITY.critical && held.criticalMs === 0) held.criticalMs = notice.atMs;
    if (held.notices.length === MAX_HELD && !makeRoom(held.notices, notice.priority)) return;
    held.notices.push(notice);
  }

  /** When the route's digest is due, Unix ms; undefined when nothing is held back. Critical ones wait no longer than a group. */
  digestDueMs(route: string, groupWaitMs: number): number | undefined {
    const held = this.#held.get(route);
    if (!held) return undefined;
    const dueMs = held.firstMs + LIMIT_SPAN_MS;
    return held.criticalMs === 0 ? dueMs : Math.min(dueMs, held.criticalMs + groupWaitMs);
  }

  takeHeld(route: string): Held | undefined {
    const held = this.#held.get(route);
    this.#held.delete(route);
    return held;
  }

  /** Forgets routes that are not among these. */
  keepOnly(routes: readonly NotifyRoute[]): void {
    const names = new Set(routes.map((route) => route.name));
    for (const map of [this.#sent, this.#held]) for (const name of map.keys()) if (!names.has(name)) map.delete(name);
  }

  serialize(): StoredLimits {
    return { sent: [...this.#sent], held: [...this.#held] };
  }

  restore(stored: StoredLimits): void {
    for (const [route, times] of stored.sent) this.#sent.set(route, [...times]);
    for (const [route, held] of stored.held) this.#held.set(route, { ...held, notices: [...held.notices] });
  }
}

/** Takes out the newest of the least urgent, if it is less urgent than `priority`. */
function makeRoom(notices: HeldNotice[], priority: number): boolean {
  let worst = notices.length - 1;
  for (let i = worst - 1; i >= 0; i--) if (notices[i].priority > notices[worst].priority) worst = i;
  if (notices[worst].priority <= priority) return false;
  notices.splice(worst, 1);
  return true;
}
