import { randomUUID } from 'node:crypto';
import type { DeliveryState, Notice, NotifyPlan, NotifyRoute } from '../../model/notices.ts';
import type { Delivery } from '../../notify/delivery.ts';
import type { DeliveryRow } from '../../notify/delivery-row.ts';
import { RoomError } from '../../protocol/errors.ts';
import type { ListedNotice, ShownNotice } from '../../protocol/notice-requests.ts';
import type { RequestHandlers } from '../../protocol/requests.ts';

const MAX_ROWS = 1000;
const STATES: readonly DeliveryState[] = ['waiting', 'sending', 'in-doubt', 'sent', 'dead', 'expired', 'replaced'];

export const NOTICE_REQUESTS = ['notices.list', 'notices.retry', 'notices.test'] as const;

/** Answers questions about notices; `plan` has the routes that can be tested. */
export function noticeHandlers(
  delivery: Pick<Delivery, 'list' | 'retry' | 'send' | 'problems'>,
  plan: NotifyPlan,
): RequestHandlers<(typeof NOTICE_REQUESTS)[number]> {
  return {
    'notices.list': ({ limit, state }) => {
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ROWS)
        throw badArguments(`limit must be a whole number from 1 to ${MAX_ROWS}.`);
      if (state !== undefined && !STATES.includes(state)) throw badArguments(`There is no state ${state}.`);
      return { notices: delivery.list(limit, state).map(listed), problems: delivery.problems };
    },
    'notices.retry': ({ id }) => ({ receivers: delivery.retry(String(id)) }),
    'notices.test': ({ route: name, operator }) => {
      if (typeof operator !== 'string' || operator.trim() === '') throw badArguments('The operator must have a name.');
      const route = plan.routes.find((r) => r.name === name);
      if (!route) throw badArguments(`There is no route ${name} in notify.yaml.`);
      const notice = testNotice(route, operator, Date.now());
      delivery.send(notice);
      return { id: notice.id };
    },
  };
}

/** What windows are given of a notice. */
export function shown({ id, channel, priority, subject, body, alertIds }: DeliveryRow): ShownNotice {
  return { id, channel: channel as ShownNotice['channel'], priority, subject, body, alertIds };
}

function listed(row: DeliveryRow): ListedNotice {
  const { seq: _, body: _body, payload: _payload, firstMs: _first, doneMs, ...rest } = row;
  const isOpen = row.state === 'waiting' || row.state === 'in-doubt';
  return { ...rest, dueMs: isOpen ? row.dueMs : null, doneMs: doneMs ?? null };
}

function testNotice(route: NotifyRoute, operator: string, atMs: number): Notice {
  const notice = {
    id: randomUUID(),
    channel: route.channel,
    route: route.name,
    to: route.to,
    reason: 'raised' as const,
    priority: 4,
    alertIds: [],
    vehicleId: '',
    subject: `[TEST] Route ${route.name}`,
    body: `${operator} is testing whether notices of the route ${route.name} arrive. Nothing is to be done.`,
    payload: '',
    atMs,
  };
  const { id, subject, body } = notice;
  return {
    ...notice,
    payload: JSON.stringify({ notice_id: id, route: route.name, reason: 'test', subject, text: body }),
  };
}

function badArguments(message: string): RoomError {
  return new RoomError('bad-arguments', message);
}
