import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import { RoomError } from '../protocol/errors.ts';
import type { RequestHandlers } from '../protocol/requests.ts';
import type { LiveSession } from './live-session.ts';

const MAX_NAME = 80;
const MAX_COMMENT = 2000;
const MAX_ALERTS = 1000;

/** What operators do, checked here and journaled: the engine acts on the journal, never on the request. */
export function operatorHandlers(
  engine: Engine,
  live: LiveSession,
): Pick<RequestHandlers, 'alerts.acknowledge' | 'alerts.comment'> {
  return {
    'alerts.acknowledge': ({ alertIds, operator, comment }) => {
      if (!Array.isArray(alertIds) || alertIds.length > MAX_ALERTS) {
        throw new RoomError('bad-arguments', `Acknowledge at most ${MAX_ALERTS} alerts at a time.`);
      }
      const by = text(operator, 'your name', MAX_NAME);
      const note = comment === undefined || comment === '' ? undefined : text(comment, 'the comment', MAX_COMMENT);
      let acknowledged = 0;
      for (const alertId of new Set(alertIds)) {
        const alert = engine.book.get(alertId);
        if (!alert || alert.acknowledged) continue;
        live.operator({ id: randomUUID(), type: 'acknowledge', alertId, operator: by, comment: note });
        acknowledged++;
      }
      return { acknowledged };
    },
    'alerts.comment': ({ alertId, operator, comment }) => {
      if (!engine.book.get(alertId))
        throw new RoomError('closed-alert', 'This alert is closed; it takes no more comments.');
      const by = text(operator, 'your name', MAX_NAME);
      live.operator({
        id: randomUUID(),
        type: 'comment',
        alertId,
        operator: by,
        comment: text(comment, 'the comment', MAX_COMMENT),
      });
      return { ok: true };
    },
  };
}

function text(value: unknown, what: string, max: number): string {
  const trimmed = typeof value === 'string' ? value.trim() : '';
  if (trimmed === '') throw new RoomError('bad-arguments', `Please give ${what}.`);
  if (trimmed.length > max) throw new RoomError('bad-arguments', `Please keep ${what} under ${max} characters.`);
  return trimmed;
}
