import type { Alert, AlertWhy, Priority } from '../../model/alerts.ts';
import type { OpenAlert, SuppressedBy } from './open-alert.ts';

/** What a new alert is made of; the book adds its life cycle. */
export interface Onset {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly ruleVersion: string;
  readonly slot: number;
  readonly vehicleId: string;
  readonly priority: Priority;
  /** Event (or tick) times, Unix ms; see Alert. */
  readonly onsetMs: number;
  readonly raisedMs: number;
  /** It is held, whatever its condition does, until it is let go. */
  readonly latched: boolean;
  /** What lets it go; default `acknowledge`. */
  readonly latch?: 'acknowledge' | 'reset' | undefined;
  /** It stands for an event, which has no end of its own; default: when it latches. */
  readonly momentary?: boolean;
  readonly value: number | undefined;
  readonly unit: string;
  readonly message: string;
  readonly response?: string;
  readonly runbook?: string;
  readonly why?: AlertWhy;
  readonly depot?: string | undefined;
  /** Whose alerts explain it. */
  readonly suppress?: SuppressedBy;
  /** False: it is never folded under alerts of other rules or vehicles. */
  readonly group?: false;
  readonly lat: number | undefined;
  readonly lon: number | undefined;
}

/** An alert as it begins; `order` see OpenAlert. */
export function newAlert(onset: Onset, id: string, order: number): OpenAlert {
  const { slot, ruleVersion, value, latch, momentary = onset.latched, suppress, group, ...facts } = onset;
  const alert: Alert = {
    ...facts,
    id,
    condition: momentary ? 'cleared' : 'active',
    acknowledged: false,
    ...(onset.latched && { latch: latch ?? 'acknowledge' }),
    ...(value !== undefined && { value, peak: value }),
  };
  return {
    alert,
    order,
    slot,
    ruleVersion,
    momentary,
    folds: group !== false,
    ...(suppress && { suppress }),
    everShown: false,
    queued: false,
    explains: false,
  };
}
