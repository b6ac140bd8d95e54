import { type Alert, alertState, PRIORITY_NAMES } from '../../model/alerts.ts';
import { ALERT_SOURCE, type Notice } from '../../model/notices.ts';
import { NAMED_VEHICLES } from './texts.ts';

const isoTime = (ms: number | undefined): string | undefined =>
  ms === undefined || !Number.isFinite(ms) ? undefined : new Date(ms).toISOString();

/**
 * An alert for other systems: the fields of the topic `alerts/outbound` (docs/messages.md), and beside them where it stands. `ts`
 * stays the same for as long as the alert lives.
 */
export function alertJson(alert: Alert) {
  return {
    alert_id: alert.id,
    ts: isoTime(alert.raisedMs),
    vehicle_id: alert.vehicleId,
    trip_id: '',
    alert_type: alert.ruleId,
    severity: alert.priority,
    details: alert.message,
    source: ALERT_SOURCE,
    state: alertState(alert),
    name: alert.ruleName,
    onset: isoTime(alert.onsetMs),
    cleared: isoTime(alert.clearedMs),
    acknowledged_by: alert.acknowledgedBy,
    acknowledged: isoTime(alert.acknowledgedMs),
    assigned_to: alert.assignedTo,
    group_id: alert.groupId,
    value: alert.value,
    peak: alert.peak,
    unit: alert.unit || undefined,
    response: alert.response,
    runbook: alert.runbook,
    depot: alert.depot,
    lat: alert.lat,
    lon: alert.lon,
  };
}

/** What is published for an alert of this room. */
export function statePayload(alert: Alert): string {
  return JSON.stringify(alertJson(alert));
}

type NoticeHead = Pick<Notice, 'id' | 'route' | 'reason' | 'priority' | 'subject' | 'body' | 'atMs'>;

function head({ id, route, reason, priority, subject, body, atMs }: NoticeHead) {
  return {
    notice_id: id,
    route,
    reason,
    priority: PRIORITY_NAMES[priority],
    at: isoTime(atMs),
    subject,
    text: body,
    source: ALERT_SOURCE,
  };
}

/** What a webhook is sent about one alert or group. */
export function webhookPayload(notice: NoticeHead, alert: Alert, vehicleIds: readonly string[]): string {
  const { group } = alert;
  return JSON.stringify({
    ...head(notice),
    alert: alertJson(alert),
    group: group && { ...group, vehicles: vehicleIds.slice(0, NAMED_VEHICLES) },
  });
}

/** What a webhook is sent about several notices that were held back. */
export function digestPayload(notice: NoticeHead, alertIds: readonly string[], count: number): string {
  return JSON.stringify({ ...head(notice), alert_ids: alertIds, count });
}
