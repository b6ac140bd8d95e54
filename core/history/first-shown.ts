import type { AlertTransition, TransitionKind } from '../model/alerts.ts';

const SHOWS: ReadonlySet<TransitionKind> = new Set(['raised', 'released', 'unshelved', 'in-service']);
const HIDES: ReadonlySet<TransitionKind> = new Set(['shelved', 'suppressed', 'out-of-service']);

/**
 * When each alert first came into the queue, Unix ms, of those of which the transitions say so: when it was raised, or, where it
 * was put aside in the same moment, when it was released without being closed at once. Batches are cut between records of the
 * journal and never inside a moment, so the answer does not depend on the cuts.
 */
export function firstShown(transitions: readonly AlertTransition[]): Map<string, number> {
  const shown = new Map<string, number>();
  for (const { alertId, kind, atMs, by } of transitions) {
    const hides = HIDES.has(kind) || (kind === 'acknowledged' && by === 'engine');
    if (SHOWS.has(kind) && !shown.has(alertId)) shown.set(alertId, atMs);
    else if (hides && shown.get(alertId) === atMs) shown.delete(alertId);
  }
  return shown;
}
