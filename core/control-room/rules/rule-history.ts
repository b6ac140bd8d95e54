import type { Link } from '../../protocol/client.ts';
import type { RuleHistory } from './rule-handlers.ts';

/** Answers what windows ask about rules from the room's own history. */
export function ruleHistory(history: Pick<Link, 'request'>): RuleHistory {
  return {
    async raisedSince(fromMs, toMs) {
      try {
        const { hours } = await history.request('alerts.hours', { fromMs, toMs });
        const raised = new Map<string, number>();
        for (const hour of hours) raised.set(hour.ruleId, (raised.get(hour.ruleId) ?? 0) + hour.raised);
        return raised;
      } catch {
        // A list of rules without these counts is better than none; the history's own troubles are told by the room's health.
        return undefined;
      }
    },
    async packsAt(position) {
      return (await history.request('rules.version', { position })).packs;
    },
  };
}
