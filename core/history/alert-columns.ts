import type { Alert, AlertGroup, AlertWhy, ConditionState, Priority } from '../model/alerts.ts';
import type { SqlValue } from './signal-columns.ts';

/** A row of `alert`, without `shown_ms`, which is not part of an Alert. */
export interface AlertRow {
  readonly id: string;
  readonly rule_id: string;
  readonly rule_name: string;
  readonly vehicle_id: string;
  readonly priority: number;
  readonly onset_ms: number;
  readonly raised_ms: number;
  readonly cleared_ms: number | null;
  readonly condition: string;
  readonly latched: number;
  readonly latch: string | null;
  readonly acknowledged: number;
  readonly acknowledged_by: string | null;
  readonly acknowledged_ms: number | null;
  readonly comment: string | null;
  readonly assigned_to: string | null;
  readonly shelved_by: string | null;
  readonly shelved_reason: string | null;
  readonly shelved_until_ms: number | null;
  readonly suppressed_by_alert: string | null;
  readonly suppressed_by_rule: string | null;
  readonly out_of_service_by: string | null;
  readonly out_of_service_reason: string | null;
  readonly group_id: string | null;
  readonly group_kind: string | null;
  readonly group_label: string | null;
  readonly group_count: number | null;
  readonly group_open: number | null;
  readonly repeats: number | null;
  readonly chattering: number;
  readonly quiet_ms: number | null;
  readonly value: number | null;
  readonly peak: number | null;
  readonly unit: string;
  readonly message: string;
  readonly response: string | null;
  readonly runbook: string | null;
  readonly depot: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  /** JSON of an AlertWhy. */
  readonly why: string | null;
}

/** The columns of an alert as a row. */
export function toRow(alert: Alert): AlertRow {
  const { shelved, suppressed, outOfService, group } = alert;
  return {
    id: alert.id,
    rule_id: alert.ruleId,
    rule_name: alert.ruleName,
    vehicle_id: alert.vehicleId,
    priority: alert.priority,
    onset_ms: alert.onsetMs,
    raised_ms: alert.raisedMs,
    cleared_ms: alert.clearedMs ?? null,
    condition: alert.condition,
    latched: Number(alert.latched),
    latch: alert.latch ?? null,
    acknowledged: Number(alert.acknowledged),
    acknowledged_by: alert.acknowledgedBy ?? null,
    acknowledged_ms: alert.acknowledgedMs ?? null,
    comment: alert.comment ?? null,
    assigned_to: alert.assignedTo ?? null,
    shelved_by: shelved?.by ?? null,
    shelved_reason: shelved?.reason ?? null,
    shelved_until_ms: shelved?.untilMs ?? null,
    suppressed_by_alert: suppressed?.alertId ?? null,
    suppressed_by_rule: suppressed?.ruleId ?? null,
    out_of_service_by: outOfService?.by ?? null,
    out_of_service_reason: outOfService?.reason ?? null,
    group_id: alert.groupId ?? null,
    group_kind: group?.kind ?? null,
    group_label: group?.label ?? null,
    group_count: group?.count ?? null,
    group_open: group?.open ?? null,
    repeats: alert.repeats ?? null,
    chattering: Number(alert.chattering ?? false),
    quiet_ms: alert.quietMs ?? null,
    value: alert.value ?? null,
    peak: alert.peak ?? null,
    unit: alert.unit,
    message: alert.message,
    response: alert.response ?? null,
    runbook: alert.runbook ?? null,
    depot: alert.depot ?? null,
    lat: alert.lat ?? null,
    lon: alert.lon ?? null,
    why: alert.why ? JSON.stringify(alert.why) : null,
  };
}

const EMPTY: Alert = {
  id: '',
  ruleId: '',
  ruleName: '',
  vehicleId: '',
  priority: 4,
  onsetMs: 0,
  raisedMs: 0,
  condition: 'active',
  latched: false,
  acknowledged: false,
  unit: '',
  message: '',
};

/** In the order of the values that are written. */
export const ALERT_COLUMNS = Object.keys(toRow(EMPTY)) as (keyof AlertRow)[];

export const alertValues = (alert: Alert): SqlValue[] => Object.values(toRow(alert));

/** The alert of a row; `why` only where the row was read with it. */
export function toAlert(row: Omit<AlertRow, 'why'> & Partial<Pick<AlertRow, 'why'>>): Alert {
  return {
    id: row.id,
    ruleId: row.rule_id,
    ruleName: row.rule_name,
    vehicleId: row.vehicle_id,
    priority: row.priority as Priority,
    onsetMs: row.onset_ms,
    raisedMs: row.raised_ms,
    clearedMs: row.cleared_ms ?? undefined,
    condition: row.condition as ConditionState,
    latched: row.latched === 1,
    latch: (row.latch as Alert['latch'] | null) ?? undefined,
    acknowledged: row.acknowledged === 1,
    acknowledgedBy: row.acknowledged_by ?? undefined,
    acknowledgedMs: row.acknowledged_ms ?? undefined,
    comment: row.comment ?? undefined,
    assignedTo: row.assigned_to ?? undefined,
    ...asideOf(row),
    groupId: row.group_id ?? undefined,
    group: groupOf(row),
    repeats: row.repeats ?? undefined,
    chattering: row.chattering === 1 || undefined,
    quietMs: row.quiet_ms ?? undefined,
    value: row.value ?? undefined,
    peak: row.peak ?? undefined,
    unit: row.unit,
    message: row.message,
    response: row.response ?? undefined,
    runbook: row.runbook ?? undefined,
    why: row.why ? (JSON.parse(row.why) as AlertWhy) : undefined,
    depot: row.depot ?? undefined,
    lat: row.lat ?? undefined,
    lon: row.lon ?? undefined,
  };
}

type AsideColumn = `${'shelved' | 'suppressed' | 'out_of_service'}_${string}` & keyof AlertRow;

function asideOf(row: Pick<AlertRow, AsideColumn>): Pick<Alert, 'shelved' | 'suppressed' | 'outOfService'> {
  const { shelved_by, shelved_reason, shelved_until_ms } = row;
  const { suppressed_by_alert, suppressed_by_rule, out_of_service_by, out_of_service_reason } = row;
  return {
    ...(shelved_until_ms !== null && {
      shelved: { by: shelved_by ?? '', reason: shelved_reason ?? '', untilMs: shelved_until_ms },
    }),
    ...(suppressed_by_alert !== null && {
      suppressed: { alertId: suppressed_by_alert, ruleId: suppressed_by_rule ?? '' },
    }),
    ...(out_of_service_by !== null && {
      outOfService: { by: out_of_service_by, reason: out_of_service_reason ?? '' },
    }),
  };
}

function groupOf(row: Pick<AlertRow, `group_${string}` & keyof AlertRow>): AlertGroup | undefined {
  if (row.group_kind === null) return undefined;
  return {
    kind: row.group_kind as AlertGroup['kind'],
    label: row.group_label ?? '',
    count: row.group_count ?? 0,
    open: row.group_open ?? 0,
  };
}
