import { Button } from '@mantine/core';
import { type Alert, alertState } from '../../core/model/alerts.ts';
import { formatWhen } from '../common/format.ts';
import { PriorityMark, priorityName } from '../common/PriorityMark.tsx';
import { useNow } from '../common/use-now.ts';
import { goToVehicle } from '../room/commands.ts';
import { useRoom } from '../room/RoomProvider.tsx';
import { useRoomQuery } from '../room/use-room-query.ts';
import styles from './AlertHistory.module.css';
import { stateText } from './alert-text.ts';

const LIMIT = 300;

/** Alerts that are over, newest first, as the history has them. */
export function AlertHistory() {
  const { result, refresh } = useRoomQuery('alerts.history', { limit: LIMIT });
  const alerts = result?.alerts.filter((a) => alertState(a) === 'closed');
  return (
    <>
      <div className={styles.bar}>
        <span>Closed alerts, newest first</span>
        <Button onClick={refresh}>Refresh</Button>
      </div>
      {alerts === undefined && <p className={styles.empty}>Reading the history…</p>}
      {alerts?.length === 0 && <p className={styles.empty}>No alert has closed yet.</p>}
      <ul className={styles.list} aria-label="Closed alerts">
        {alerts?.map((alert) => (
          <HistoryRow key={alert.id} alert={alert} />
        ))}
      </ul>
    </>
  );
}

function HistoryRow({ alert }: { alert: Alert }) {
  const room = useRoom();
  const nowMs = useNow();
  return (
    <li data-testid="history-row" data-alert-id={alert.id} data-priority={priorityName(alert.priority)}>
      <button type="button" className={styles.row} onClick={() => goToVehicle(room, alert.vehicleId, alert)}>
        <span className={styles.head}>
          <PriorityMark priority={alert.priority} quiet />
          <span className={styles.rule}>{alert.ruleName}</span>
          <span className={styles.when}>{formatWhen(alert.raisedMs, nowMs)}</span>
        </span>
        <span>
          <span className={styles.vehicle}>{alert.vehicleId}</span> {alert.message}
        </span>
        <span className={styles.state}>
          {stateText(alert, nowMs)}
          {alert.comment && ` “${alert.comment}”`}
        </span>
      </button>
    </li>
  );
}
