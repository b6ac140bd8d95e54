import type { Alert, AlertTransition, TransitionKind } from '../../model/alerts.ts';
import { hashId } from '../../model/hash.ts';
import type { OpenAlert } from './open-alert.ts';

export type OnTransition = (alert: Alert, transition: AlertTransition) => void;

/** Who or what makes a change, and why. */
export interface Cause {
  /** The operator, or `engine`. */
  readonly by: string;
  readonly comment?: string;
  readonly value?: number;
  /** Tells apart changes that are alike in all else: an operator's action, a count. */
  readonly key?: string | number;
}

export const ENGINE: Cause = { by: 'engine' };

/** What happened to alerts since the last `take`, and the alerts that have to be looked at again because of it. */
export class Ledger {
  #changed = new Map<string, Alert>();
  #transitions: AlertTransition[] = [];
  #touched: OpenAlert[] = [];
  readonly #onTransition: OnTransition | undefined;

  constructor(onTransition: OnTransition | undefined) {
    this.#onTransition = onTransition;
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0;
  }

  /** Notes that the alert shows something else, without a transition of its own. */
  changed({ alert }: OpenAlert): void {
    this.#changed.set(alert.id, alert);
  }

  record(open: OpenAlert, kind: TransitionKind, atMs: number, cause: Cause): void {
    const { alert } = open;
    const { by, comment, value, key } = cause;
    const apart = key === undefined ? [] : [key];
    const id = hashId('transition', alert.id, kind, atMs, by, comment ?? '', ...apart);
    const transition = { id, alertId: alert.id, kind, atMs, by, comment, value };
    this.#transitions.push(transition);
    this.changed(open);
    this.#touched.push(open);
    this.#onTransition?.(alert, transition);
  }

  /** Alerts with transitions since the last call, in order; some may be in it twice. */
  takeTouched(): OpenAlert[] {
    const touched = this.#touched;
    if (touched.length > 0) this.#touched = [];
    return touched;
  }

  /** What changed since the last call, closed alerts included once. */
  take(): { alerts: Alert[]; transitions: AlertTransition[] } {
    const alerts = [...this.#changed.values()].map((alert) => ({ ...alert }));
    const transitions = this.#transitions;
    this.#changed = new Map();
    this.#transitions = [];
    return { alerts, transitions };
  }
}
