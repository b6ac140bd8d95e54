import { type Alert, type AlertTransition, alertState, isShown } from '../../../model/alerts.ts';
import type { OperatorAction } from '../../../model/records.ts';
import { AlertBook, type Onset, type StoredAlertBook } from '../../alert-book.ts';

export const T0 = Date.UTC(2026, 2, 1, 10);
export const S = 1000;
export const MIN = 60 * S;

/** An onset at T0 of rule `hot` on vehicle v0, and what is different about it. */
export function onset(change: Partial<Onset> = {}): Onset {
  return {
    ruleId: 'hot',
    ruleName: 'Hot',
    ruleVersion: '1',
    slot: 0,
    vehicleId: 'v0',
    priority: 2,
    onsetMs: T0,
    raisedMs: T0,
    latched: false,
    value: 111,
    unit: '°C',
    message: 'hot',
    lat: undefined,
    lon: undefined,
    ...change,
  };
}

/** What type, alert and reason stand in an action of kim; the rest is made up. */
type Asked = OperatorAction extends infer A ? (A extends OperatorAction ? Omit<A, 'id' | 'operator'> : never) : never;

/** A book with a clock of its own: what happens, happens now. */
export class AlertRoom {
  book: AlertBook;
  nowMs = T0;
  readonly heard: AlertTransition[] = [];
  #actions = 0;

  /** `like`: a room whose clock and operator this one goes on with, its book being in the same state. */
  constructor(book?: AlertBook, like?: AlertRoom) {
    this.book =
      book ??
      new AlertBook(
        () => {},
        (_alert, transition) => this.heard.push(transition),
      );
    if (like) {
      this.nowMs = like.nowMs;
      this.#actions = like.#actions;
    } else this.book.tick(this.nowMs);
  }

  raise(change: Partial<Onset> = {}): Alert {
    const alert = this.book.raise(onset({ onsetMs: this.nowMs, raisedMs: this.nowMs, ...change }));
    if (!alert) throw new Error('an alert that was closed');
    return alert;
  }

  /** A raise on vehicle number `n`. */
  raiseOn(n: number, change: Partial<Onset> = {}): Alert {
    return this.raise({ slot: n, vehicleId: `v${n}`, ...change });
  }

  clear(alert: Alert): void {
    this.book.setCondition(alert, 'cleared', this.nowMs);
  }

  /** Ticks once a second for `ms`. */
  wait(ms: number): void {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; ) {
      this.nowMs = Math.min(untilMs, this.nowMs + S);
      this.book.tick(this.nowMs);
    }
  }

  ask(asked: Asked): boolean {
    return this.book.operator({ ...asked, id: `a${this.#actions++}`, operator: 'kim' } as OperatorAction, this.nowMs);
  }

  acknowledge(alert: Alert): boolean {
    return this.ask({ type: 'acknowledge', alertId: alert.id });
  }

  shelve(alert: Alert, ms: number, reason = 'known'): boolean {
    return this.ask({ type: 'shelve', alertId: alert.id, reason, untilMs: this.nowMs + ms });
  }

  /** What operators see as entries of their own. */
  entries(): Alert[] {
    return this.book.openAlerts().filter((alert) => isShown(alert) && alert.groupId === undefined);
  }

  states(): string[] {
    return this.book.openAlerts().map(alertState);
  }

  /** Kinds of the transitions since the last look, those of one alert or of all. */
  kinds(alert?: Alert): string[] {
    const { transitions } = this.book.take();
    return transitions.filter((t) => !alert || t.alertId === alert.id).map((t) => t.kind);
  }

  /** Goes on with what was stored, through JSON as a checkpoint does. */
  restart(): void {
    this.book = restored(this.book);
  }
}

export function restored(book: AlertBook): AlertBook {
  const next = new AlertBook(() => {});
  next.restore(JSON.parse(JSON.stringify(book.serialize())) as StoredAlertBook);
  return next;
}
