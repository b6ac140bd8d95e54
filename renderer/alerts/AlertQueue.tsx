import { Tabs } from '@mantine/core';
import { useMemo } from 'react';
import type { Alert } from '../../core/model/alerts.ts';
import { formatCount } from '../common/format.ts';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import { AlertHistory } from './AlertHistory.tsx';
import { AlertList } from './AlertList.tsx';
import styles from './AlertQueue.module.css';
import { QueueFilters } from './QueueFilters.tsx';
import { visibleAlerts } from './queue-view.ts';

/** The open alerts in the order in which they want attention, and behind a tab the closed ones. */
export function AlertQueue() {
  const room = useRoom();
  const { queued, loaded } = useRoomStore(
    (r) => r.alerts,
    (s) => s,
  );
  const tab = useRoomStore(
    (r) => r.queue,
    (s) => s.tab,
  );
  const tally = useMemo(() => count(queued), [queued]);
  return (
    <aside className={styles.queue} aria-label="Alerts" data-testid="alert-queue">
      <Tabs
        value={tab}
        onChange={(next) => room.queue.setState({ tab: next === 'history' ? 'history' : 'open', formFor: undefined })}
        className={styles.tabs}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="open" className={styles.tab}>
            Alerts
          </Tabs.Tab>
          <Tabs.Tab value="history" className={styles.tab}>
            History
          </Tabs.Tab>
          <span className={styles.tally} data-testid="alert-tally">
            {loaded && `${formatCount(tally.waiting)} unacknowledged of ${formatCount(queued.length)}`}
          </span>
        </Tabs.List>
        <Tabs.Panel value="open" className={styles.panel}>
          <QueueFilters counts={tally.byPriority} />
          <OpenAlerts />
        </Tabs.Panel>
        <Tabs.Panel value="history" className={styles.panel}>
          <AlertHistory />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}

function OpenAlerts() {
  const { queued, loaded } = useRoomStore(
    (room) => room.alerts,
    (s) => s,
  );
  const filter = useRoomStore(
    (room) => room.queue,
    (s) => s.filter,
  );
  const shown = useMemo(() => visibleAlerts(queued, filter), [queued, filter]);
  if (!loaded) return <p className={styles.empty}>Opening the room…</p>;
  if (queued.length === 0) return <p className={styles.empty}>All quiet. Alerts appear here.</p>;
  if (shown.length === 0) return <p className={styles.empty}>No alert passes the filter.</p>;
  return <AlertList alerts={shown} />;
}

function count(alerts: readonly Alert[]): { waiting: number; byPriority: readonly number[] } {
  const byPriority = [0, 0, 0, 0, 0];
  let waiting = 0;
  for (const alert of alerts) {
    byPriority[alert.priority]++;
    if (!alert.acknowledged) waiting++;
  }
  return { waiting, byPriority };
}
