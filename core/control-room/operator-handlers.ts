import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import type { Alert } from '../model/alerts.ts';
import type { OperatorAction } from '../model/records.ts';
import {
  type AlertRequests,
  MAX_SHELVE_MINUTES,
  SHELVE_MINUTES,
  type SourcesAside,
} from '../protocol/alert-requests.ts';
import { RoomError } from '../protocol/errors.ts';
import type { RequestHandlers } from '../protocol/requests.ts';
import type { LiveSession } from './live-session.ts';
import { MAX_NAME, optionalText, requiredText } from './operator-text.ts';

const MAX_ALERTS = 1000;
const MINUTE_MS = 60_000;

/** What the handlers look at, and where what was asked goes. */
export interface OperatorDesk {
  readonly engine: Pick<Engine, 'book' | 'vehicles'>;
  readonly live: Pick<LiveSession, 'operator'>;
}

type Answered =
  | 'alerts.aside'
  | 'alerts.acknowledge'
  | 'alerts.comment'
  | 'alerts.assign'
  | 'alerts.shelve'
  | 'alerts.unshelve'
  | 'alerts.reset'
  | 'alerts.escalate'
  | 'alerts.outOfService'
  | 'alerts.inService';

/** What operators do, checked here and journaled: the engine acts on the journal, never on the request. */
export function operatorHandlers(
  engine: OperatorDesk['engine'],
  live: OperatorDesk['live'],
): RequestHandlers<Answered & keyof AlertRequests> {
  const { book } = engine;
  const openAlert = (alertId: string): Alert => {
    const alert = book.get(alertId);
    if (!alert) throw new RoomError('closed-alert', 'This alert is closed; nothing more can be done with it.');
    return alert;
  };
  /** Does it to each alert that is open and that it fits; the fitting is asked again each time, since one may change another. */
  const onEach = (
    alertIds: readonly string[],
    fits: (alert: Alert) => boolean,
    action: (alertId: string) => OperatorAction,
  ): number => {
    if (!Array.isArray(alertIds) || alertIds.length > MAX_ALERTS) {
      throw new RoomError('bad-arguments', `Choose at most ${MAX_ALERTS} alerts at a time.`);
    }
    let done = 0;
    for (const alertId of new Set(alertIds)) {
      const alert = book.get(alertId);
      if (!alert || !fits(alert)) continue;
      live.operator(action(alertId));
      done++;
    }
    return done;
  };

  return {
    'alerts.aside': () => sourcesAside(book),
    'alerts.acknowledge': ({ alertIds, operator, comment }) => {
      const rest = { operator: nameOf(operator), comment: optionalText(comment, 'the comment') };
      // What is folded under an alert is acknowledged with it, so an acknowledged one may still stand for others.
      const fits = (alert: Alert): boolean => !alert.acknowledged || (alert.group?.open ?? 0) > 1;
      return {
        acknowledged: onEach(alertIds, fits, (alertId) => ({ ...newAction(), type: 'acknowledge', alertId, ...rest })),
      };
    },
    'alerts.comment': ({ alertId, operator, comment }) => {
      openAlert(alertId);
      const rest = { operator: nameOf(operator), comment: requiredText(comment, 'the comment') };
      live.operator({ ...newAction(), type: 'comment', alertId, ...rest });
      return { ok: true };
    },
    'alerts.assign': ({ alertIds, operator, assignee }) => {
      const to = optionalText(assignee, 'the name of whom it is for', MAX_NAME) ?? '';
      const rest = { operator: nameOf(operator), assignee: to };
      const fits = (alert: Alert): boolean => (alert.assignedTo ?? '') !== to;
      return { assigned: onEach(alertIds, fits, (alertId) => ({ ...newAction(), type: 'assign', alertId, ...rest })) };
    },
    'alerts.shelve': ({ alertIds, operator, reason, minutes }) => {
      const untilMs = Date.now() + minutesOf(minutes) * MINUTE_MS;
      const rest = { operator: nameOf(operator), reason: requiredText(reason, 'the reason'), untilMs };
      const always = (): boolean => true;
      const shelved = onEach(alertIds, always, (alertId) => ({ ...newAction(), type: 'shelve', alertId, ...rest }));
      if (shelved === 0) throw new RoomError('closed-alert', 'These alerts are closed; they cannot be shelved.');
      return { shelved, untilMs };
    },
    'alerts.unshelve': ({ alertIds, operator, comment }) => {
      const rest = { operator: nameOf(operator), comment: optionalText(comment, 'the comment') };
      const action = (alertId: string): OperatorAction => ({ ...newAction(), type: 'unshelve', alertId, ...rest });
      const unshelved = onEach(alertIds, (alert) => alert.shelved !== undefined, action);
      // An alert that is closed still names the shelf that was made on it.
      const named = new Set(alertIds.filter((alertId) => book.shelved.some((source) => source.alertId === alertId)));
      for (const alertId of named) live.operator(action(alertId));
      return { unshelved: unshelved + named.size };
    },
    'alerts.reset': ({ alertIds, operator, comment }) => {
      const rest = { operator: nameOf(operator), comment: optionalText(comment, 'the comment') };
      const reset = onEach(
        alertIds,
        (alert) => whyNoReset(alert) === undefined,
        (alertId) => ({
          ...newAction(),
          type: 'reset',
          alertId,
          ...rest,
        }),
      );
      if (reset === 0 && alertIds.length > 0) {
        throw new RoomError('not-possible', whyNoReset(openAlert(alertIds[0])) ?? 'There is nothing to reset.');
      }
      return { reset };
    },
    'alerts.escalate': ({ alertId, operator, comment }) => {
      openAlert(alertId);
      const rest = { operator: nameOf(operator), comment: optionalText(comment, 'the comment') };
      live.operator({ ...newAction(), type: 'escalate', alertId, ...rest });
      return { ok: true };
    },
    'alerts.outOfService': ({ vehicleId, ruleId, operator, reason }) => {
      const source = sourceOf(engine, vehicleId, ruleId);
      const rest = { operator: nameOf(operator), reason: requiredText(reason, 'the reason') };
      live.operator({ ...newAction(), type: 'out-of-service', ...source, ...rest });
      return { ok: true };
    },
    'alerts.inService': ({ vehicleId, ruleId, operator, comment }) => {
      const source = { vehicleId, ...(ruleId && { ruleId }) };
      const isOut = book.outOfService.some((out) => out.vehicleId === vehicleId && (!ruleId || out.ruleId === ruleId));
      if (!isOut)
        throw new RoomError('not-possible', `${vehicleId} is not out of service${ruleId ? ' for this rule' : ''}.`);
      const rest = { operator: nameOf(operator), comment: optionalText(comment, 'the comment') };
      live.operator({ ...newAction(), type: 'in-service', ...source, ...rest });
      return { ok: true };
    },
  };
}

/** What operators have put aside, also where no alert of it is open. */
export function sourcesAside(book: Engine['book']): SourcesAside {
  return { shelved: [...book.shelved], outOfService: [...book.outOfService] };
}

const newAction = (): { id: string } => ({ id: randomUUID() });

const nameOf = (operator: unknown): string => requiredText(operator, 'your name', MAX_NAME);

function minutesOf(minutes: unknown): number {
  if (minutes === undefined) return SHELVE_MINUTES;
  if (typeof minutes === 'number' && minutes >= 1 && minutes <= MAX_SHELVE_MINUTES) return minutes;
  throw new RoomError('bad-arguments', `Alerts can be shelved for 1 to ${MAX_SHELVE_MINUTES} minutes.`);
}

/** Why an alert cannot be reset; undefined when it can. */
function whyNoReset(alert: Alert): string | undefined {
  if (!alert.latched) return 'This alert is not held; there is nothing to reset.';
  if (alert.condition !== 'cleared') return 'This alert still goes on; it can be reset when it is over.';
  return alert.acknowledged ? undefined : 'Acknowledge this alert first; then reset it.';
}

function sourceOf(
  engine: OperatorDesk['engine'],
  vehicleId: string,
  ruleId: string | undefined,
): { vehicleId: string; ruleId?: string } {
  if (typeof vehicleId !== 'string' || engine.vehicles.find(vehicleId) === undefined) {
    throw new RoomError('bad-arguments', `The room does not know the vehicle ${vehicleId}.`);
  }
  return { vehicleId, ...(ruleId && { ruleId }) };
}
