import { type Alert, type AlertTransition, isClosed, type TransitionKind } from '../../../model/alerts.ts';
import { hashId } from '../../../model/hash.ts';
import { NO_PLAN, type Notice, type NotifyPlan, type NotifyRoute } from '../../../model/notices.ts';
import { NoticePlanner } from '../planner.ts';

export const T0 = Date.UTC(2026, 10, 27, 12);
export const S = 1000;
export const MIN = 60 * S;

export const mail = (change: Partial<NotifyRoute> = {}): NotifyRoute => ({
  name: 'mail',
  channel: 'mail',
  to: ['room@example.org'],
  ...change,
});

export function planOf(routes: readonly NotifyRoute[], change: Partial<NotifyPlan> = {}): NotifyPlan {
  return { ...NO_PLAN, routes, ...change };
}

/** A planner with a small book of alerts of which every fact can be set; time passes in ticks of a second. */
export class NoticeDesk {
  planner = new NoticePlanner();
  readonly open = new Map<string, Alert>();
  readonly told: Notice[] = [];
  nowMs = T0;
  #transitions = 0;

  constructor(plan?: NotifyPlan) {
    if (plan) this.planner.use(plan);
  }

  readonly find = (id: string): Alert | undefined => this.open.get(id);

  raise(id: string, facts: Partial<Alert> = {}): Alert {
    const alert: Alert = {
      id,
      ruleId: 'engine-hot',
      ruleName: 'Engine hot',
      vehicleId: `BER-${id}`,
      priority: 2,
      onsetMs: this.nowMs - S,
      raisedMs: this.nowMs,
      condition: 'active',
      latched: false,
      acknowledged: false,
      unit: '°C',
      message: 'Engine at 112 °C.',
      ...facts,
    };
    this.open.set(id, alert);
    this.change(id, 'raised', {});
    return alert;
  }

  /** Sets facts of an alert and says so; a closed one leaves the book. */
  change(id: string, kind: TransitionKind, facts: Partial<Alert>, comment?: string): void {
    const alert = this.open.get(id)!;
    Object.assign(alert, facts);
    const transition: AlertTransition = {
      id: hashId('transition', id, kind, ++this.#transitions),
      alertId: id,
      kind,
      atMs: this.nowMs,
      by: 'engine',
      comment,
    };
    if (isClosed(alert)) this.open.delete(id);
    this.planner.transition(alert, transition);
  }

  acknowledge(id: string, by = 'ada'): void {
    this.change(id, 'acknowledged', { acknowledged: true, acknowledgedBy: by, acknowledgedMs: this.nowMs });
  }

  clear(id: string): void {
    this.change(id, 'cleared', { condition: 'cleared', clearedMs: this.nowMs });
  }

  /** The end of a record; answers what it had told. */
  settle(): Notice[] {
    this.planner.settle(this.nowMs, this.find);
    return this.#take();
  }

  /** Lets time pass; answers what was told meanwhile. */
  wait(ms: number): Notice[] {
    const notices = this.settle();
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      this.nowMs = Math.min(endMs, this.nowMs + S);
      this.planner.tick(this.nowMs, this.find);
      notices.push(...this.#take());
    }
    return notices;
  }

  /** Goes on from a checkpoint. */
  restart(): void {
    const stored = JSON.parse(JSON.stringify(this.planner.serialize()));
    this.planner = new NoticePlanner();
    this.planner.restore(stored);
  }

  #take(): Notice[] {
    const notices = this.planner.take();
    this.told.push(...notices);
    return notices;
  }
}

/** What was told on the routes of the plan, as `reason route subject`. */
export function spoken(notices: readonly Notice[], channels: readonly string[] = ['mail', 'webhook']): string[] {
  return notices.filter((n) => channels.includes(n.channel)).map((n) => `${n.reason} ${n.route} ${n.subject}`);
}
