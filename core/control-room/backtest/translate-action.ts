import type { Engine } from '../../engine/engine.ts';
import { type JournalRecord, type OperatorAction, RECORD_KIND } from '../../model/records.ts';

/** Rule and vehicle of an alert that really was. */
export type AlertSource = (alertId: string) => { readonly ruleId: string; readonly vehicleId: string } | undefined;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * What an operator did to an alert, as something done to the alert that the tried rules raised in its place: changed rules give
 * their alerts other ids, and what nobody acknowledges hides what comes after it. Other records stay as they are.
 */
export function translateAction(record: JournalRecord, engine: Engine, sourceOf: AlertSource): JournalRecord {
  if (record.kind !== RECORD_KIND.operator) return record;
  const action = JSON.parse(decoder.decode(record.payload)) as OperatorAction;
  if (!('alertId' in action) || engine.book.get(action.alertId)) return record;
  const source = sourceOf(action.alertId);
  const slot = source && engine.vehicles.find(source.vehicleId);
  if (source === undefined || slot === undefined) return record;
  for (const alert of engine.book.of(slot)) {
    if (alert.ruleId !== source.ruleId) continue;
    return { ...record, payload: encoder.encode(JSON.stringify({ ...action, alertId: alert.id })) };
  }
  return record;
}
