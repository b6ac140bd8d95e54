import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type Alert, alertState, isShown } from '../../core/model/alerts.ts';
import { AcknowledgeForm } from '../alerts/AcknowledgeForm.tsx';
import { alertAge, entryText, stateText } from '../alerts/alert-text.ts';
import { PriorityMark, priorityName } from '../common/PriorityMark.tsx';
import { useNow } from '../common/use-now.ts';
import { acknowledge, resetAlert } from '../room/commands.ts';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import styles from './VehicleAlerts.module.css';

/** The alerts of one vehicle that are shown, folded ones too; nothing at all when there are none. */
export function VehicleAlerts({ vehicleId }: { vehicleId: string }) {
  const sorted = useRoomStore(
    (room) => room.alerts,
    (s) => s.sorted,
  );
  const alerts = useMemo(() => sorted.filter((a) => a.vehicleId === vehicleId && isShown(a)), [sorted, vehicleId]);
  if (alerts.length === 0) return null;
  return (
    <section aria-label="Alerts of this vehicle">
      <ul className={styles.alerts}>
        {alerts.map((alert) => (
          <VehicleAlert key={alert.id} alert={alert} />
        ))}
      </ul>
    </section>
  );
}

function VehicleAlert({ alert }: { alert: Alert }) {
  const room = useRoom();
  const nowMs = useNow();
  const [formOpen, setFormOpen] = useState(false);
  const sending = useRoomStore(
    (r) => r.queue,
    (s) => s.sending.has(alert.id),
  );
  const send = (comment: string): void => {
    setFormOpen(false);
    void acknowledge(room, alert.id, comment);
  };
  return (
    <li
      className={styles.alert}
      data-testid="vehicle-alert"
      data-alert-id={alert.id}
      data-state={alertState(alert)}
      data-priority={priorityName(alert.priority)}
    >
      <div className={styles.head}>
        <PriorityMark priority={alert.priority} quiet={alert.acknowledged} />
        <span className={styles.rule}>{[alert.ruleName, entryText(alert)].filter(Boolean).join(' · ')}</span>
        <span className={styles.age}>{alertAge(alert, nowMs)}</span>
      </div>
      <p className={styles.message}>{alert.message}</p>
      {alert.response && <p className={styles.message}>{alert.response}</p>}
      <div className={styles.foot}>
        <span className={styles.state}>
          {stateText(alert, nowMs)}
          {alert.comment && ` “${alert.comment}”`}
        </span>
        {!alert.acknowledged && !formOpen && (
          <Button size="compact-xs" disabled={sending} onClick={() => setFormOpen(true)}>
            Acknowledge
          </Button>
        )}
        {alertState(alert) === 'latched' && (
          <Button size="compact-xs" onClick={() => void resetAlert(room, alert.id)}>
            Reset
          </Button>
        )}
      </div>
      {formOpen && !alert.acknowledged && <AcknowledgeForm onSend={send} onCancel={() => setFormOpen(false)} />}
    </li>
  );
}
