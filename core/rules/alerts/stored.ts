import { type Alert, isShown } from '../../model/alerts.ts';
import type { StoredChatter } from './chatter.ts';
import { explains, type OpenAlert, type SuppressedBy } from './open-alert.ts';
import type { StoredQueue } from './queue.ts';
import type { SourceOutOfService } from './service.ts';
import type { ShelvedSource } from './shelving.ts';

/** What is optional is missing in books stored before alerts were folded and shelved. */
export interface StoredOpenAlert {
  readonly alert: Alert;
  readonly slot: number;
  readonly peak: number | undefined;
  readonly ruleVersion?: string;
  readonly momentary?: boolean;
  readonly folds?: boolean;
  readonly suppress?: SuppressedBy;
  readonly everShown?: boolean;
}

export interface StoredAlertBook {
  readonly total: number;
  /** In the order of their raise. */
  readonly open: readonly StoredOpenAlert[];
  readonly waiting: readonly string[];
  readonly closed: readonly string[];
  readonly tickMs?: number;
  readonly actions?: readonly string[];
  readonly shelves?: readonly ShelvedSource[];
  readonly service?: readonly SourceOutOfService[];
  readonly chatter?: StoredChatter;
  readonly queue?: StoredQueue;
}

export function storeOpen(open: OpenAlert): StoredOpenAlert {
  const { alert, slot, peak, ruleVersion, momentary, folds, suppress, everShown } = open;
  return { alert, slot, peak, ruleVersion, momentary, folds, suppress, everShown };
}

export function loadOpen(stored: StoredOpenAlert, order: number): OpenAlert {
  const { alert, slot, peak, ruleVersion = '', momentary = alert.latched, folds = true, everShown = true } = stored;
  return {
    alert,
    order,
    slot,
    ruleVersion,
    momentary,
    folds,
    ...(stored.suppress && { suppress: stored.suppress }),
    ...(peak !== undefined && { peak }),
    everShown,
    queued: isShown(alert),
    explains: explains(alert),
  };
}
