import type { AlertFlood } from '../../model/alert-floods.ts';
import type { Alert, AlertTransition } from '../../model/alerts.ts';
import { hashId } from '../../model/hash.ts';
import type { Notice } from '../../model/notices.ts';
import type { OutputBatch } from '../../model/outputs.ts';
import type { OperatorAction } from '../../model/records.ts';
import { alert } from './batches.ts';
import type { ToyEvent } from './toy-event.ts';

type Outputs = Pick<OutputBatch, 'alerts' | 'transitions' | 'operatorActions'> & {
  readonly notices: readonly Notice[];
  readonly floods: readonly AlertFlood[];
};

/** Alert episodes with all that can happen to them, of at most one alert a vehicle; what records before `from` did is not given out. */
export function toyAlerts(from: number) {
  const openAlert = new Map<string, Alert>();
  const changed = new Map<string, Alert>();
  const transitions: AlertTransition[] = [];
  const operatorActions: OutputBatch['operatorActions'] = [];
  const notices: Notice[] = [];
  const floods = new Map<number, AlertFlood>();
  let flood: AlertFlood | undefined;
  let first: Alert | undefined;

  const change = (now: Alert, position: number, atMs: number, kind: AlertTransition['kind'], by = 'engine'): void => {
    if (position < from) return;
    changed.set(now.id, { ...now });
    const id = hashId(now.id, kind, position);
    transitions.push({ id, alertId: now.id, kind, atMs, by });
    const told = {
      channel: 'mail',
      route: 'night',
      to: ['a@b.c'],
      reason: 'raised',
      body: 'Text',
      payload: '',
    } as const;
    const { priority, vehicleId } = now;
    notices.push({ id: `n${id}`, ...told, priority, alertIds: [now.id], vehicleId, subject: kind, atMs });
  };
  const act = (action: OperatorAction, atMs: number, position: number): void => {
    if (position >= from) operatorActions.push({ action, atMs, position });
  };

  const apply = ({ kind, value }: ToyEvent, position: number, nowMs: number, vehicleId: string): void => {
    const open = openAlert.get(vehicleId);
    const id = hashId('action', position);
    if (kind === 'raise' && !open) {
      const raised = alert(hashId('toy', vehicleId, position), { vehicleId, onsetMs: nowMs, raisedMs: nowMs, value });
      openAlert.set(vehicleId, raised);
      first ??= raised;
      change(raised, position, nowMs, 'raised');
      // Some are put aside from the start.
      if (value % 3 === 0) {
        raised.suppressed = { alertId: first.id, ruleId: first.ruleId };
        change(raised, position, nowMs, 'suppressed');
      }
    } else if (kind === 'clear' && open && open.condition === 'active') {
      Object.assign(open, { condition: 'cleared', clearedMs: nowMs });
      change(open, position, nowMs, 'cleared');
      if (open.acknowledged) openAlert.delete(vehicleId);
    } else if (kind === 'acknowledge' && open && !open.acknowledged) {
      Object.assign(open, { acknowledged: true, acknowledgedBy: 'kim', acknowledgedMs: nowMs });
      change(open, position, nowMs, 'acknowledged', 'kim');
      act({ id, type: 'acknowledge', alertId: open.id, operator: 'kim' }, nowMs, position);
      if (open.condition === 'cleared') openAlert.delete(vehicleId);
    } else if (kind === 'worsen' && open && open.priority > 1) {
      open.priority = 1;
      change(open, position, nowMs, 'worsened');
    } else if (kind === 'group' && open && first && first !== open) {
      open.groupId = open.groupId === undefined ? first.id : undefined;
      change(open, position, nowMs, 'grouped');
    } else if (kind === 'aside' && open) {
      const untilMs = nowMs + 60_000;
      open.shelved = { by: 'kim', reason: 'known', untilMs };
      change(open, position, nowMs, 'shelved', 'kim');
      act({ id, type: 'shelve', alertId: open.id, operator: 'kim', reason: 'known', untilMs }, nowMs, position);
    } else if (kind === 'back' && open?.suppressed) {
      delete open.suppressed;
      change(open, position, nowMs, 'released');
    } else if (kind === 'chatter' && open) {
      Object.assign(open, { chattering: true, repeats: (open.repeats ?? 0) + 1 });
      change(open, position, nowMs, 'chattering');
    } else if (kind === 'service') {
      act({ id, type: 'out-of-service', vehicleId, operator: 'kim', reason: 'workshop' }, nowMs, position);
    } else if (kind === 'flood') {
      flood = flood ? { ...flood, endMs: nowMs } : { startMs: nowMs, raised: value, peak: value };
      if (position >= from) floods.set(flood.startMs, flood);
      if (flood.endMs !== undefined) flood = undefined;
    }
  };

  return {
    apply,
    outputs: (): Outputs => ({
      alerts: [...changed.values()],
      transitions,
      operatorActions,
      notices,
      floods: [...floods.values()],
    }),
  };
}
