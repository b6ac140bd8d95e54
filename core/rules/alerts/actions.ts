import type { OperatorAction } from '../../model/records.ts';
import { acknowledge, reset } from './changes.ts';
import type { Cause, Ledger } from './ledger.ts';
import { inOrder, type OpenAlert } from './open-alert.ts';
import type { OpenAlerts } from './open-alerts.ts';
import type { Service } from './service.ts';
import type { Shelves } from './shelving.ts';

/** What operators' actions work on. */
export interface Desk {
  readonly ledger: Ledger;
  readonly open: OpenAlerts;
  readonly shelves: Shelves;
  readonly service: Service;
}

/** Does what an operator asks for. Answers false when it is not possible (any more): nothing has changed then. */
export function act(action: OperatorAction, atMs: number, desk: Desk): boolean {
  const cause: Cause = { by: action.operator, comment: action.comment, key: action.id };
  switch (action.type) {
    case 'out-of-service':
      return desk.service.takeOut(action.vehicleId, action.ruleId ?? '', action.reason, atMs, cause);
    case 'in-service':
      return desk.service.putBack(action.vehicleId, action.ruleId ?? '', atMs, cause);
    case 'unshelve':
      return desk.shelves.unshelve(action.alertId, atMs, cause);
    default: {
      const open = desk.open.get(action.alertId);
      return open !== undefined && actOn(open, action, atMs, cause, desk);
    }
  }
}

type ActionOnOpen = Exclude<OperatorAction, { readonly type: 'out-of-service' | 'in-service' | 'unshelve' }>;

function actOn(open: OpenAlert, action: ActionOnOpen, atMs: number, cause: Cause, { ledger, shelves }: Desk): boolean {
  switch (action.type) {
    case 'acknowledge':
      return acknowledgeWithGroup(ledger, open, atMs, cause);
    case 'comment':
      open.alert.comment = action.comment;
      ledger.record(open, 'commented', atMs, cause);
      return true;
    case 'assign':
      assign(ledger, open, action.assignee.trim(), atMs, cause);
      return true;
    case 'shelve':
      return shelves.shelve(open, action.untilMs, action.reason, atMs, cause);
    case 'reset':
      return reset(ledger, open, atMs, cause);
    case 'escalate':
      ledger.record(open, 'escalated', atMs, cause);
      return true;
  }
}

/** Acknowledges an alert and, when it stands for others, those that are folded under it at this moment and shown. */
export function acknowledgeWithGroup(ledger: Ledger, open: OpenAlert, atMs: number, cause: Cause): boolean {
  const members = open.group?.head === open ? inOrder(open.group.members) : [];
  let done = false;
  for (const each of [...members, open]) {
    if ((each === open || each.queued) && acknowledge(ledger, each, atMs, cause)) done = true;
  }
  return done;
}

/** An empty name takes the assignment back. */
function assign(ledger: Ledger, open: OpenAlert, assignee: string, atMs: number, cause: Cause): void {
  if (assignee === '') delete open.alert.assignedTo;
  else open.alert.assignedTo = assignee;
  const to = assignee === '' ? 'to nobody' : `to ${assignee}`;
  ledger.record(open, 'assigned', atMs, { ...cause, comment: cause.comment ? `${to}: ${cause.comment}` : to });
}
