import type { Summary } from '../../protocol/events.ts';
import { countVehicles, queueLoad } from '../health-meter.ts';
import type { ReplaySession } from './replay-session.ts';

const ALERT_SPAN_MS = 600_000;

/** The once-a-second figures of the moment a replay shows; its clock is the replay's. */
export function replaySummary(session: ReplaySession, messagesPerSecond: number): Summary {
  const { engine, queries, state } = session;
  const { processed, quarantined, duplicates, late } = engine.counters;
  return {
    status: 'ok',
    messages: { received: processed, journaled: processed, processed, quarantined, duplicates, late, dropped: 0 },
    vehicles: countVehicles(engine),
    alerts: { ...engine.alertTotals },
    lagMs: { p50: null, p99: null },
    broker: { state: 'stopped', detail: '' },
    recording: true,
    problems: [...state.problems, ...engine.ruleErrors.map((error) => `A rule pack was refused: ${error}`)],
    nowMs: state.timeMs,
    messagesPerSecond,
    alertsLast10Min: queries.alertsSince(state.timeMs - ALERT_SPAN_MS),
    ...queueLoad(engine),
  };
}
