import { useElementSize } from '@mantine/hooks';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { Alert } from '../../core/model/alerts.ts';
import { useNow } from '../common/use-now.ts';
import { acknowledge, goToVehicle, resetAlert } from '../room/commands.ts';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import styles from './AlertList.module.css';
import { AlertRow } from './AlertRow.tsx';
import { rowWindow } from './queue-view.ts';
import { useRowFocus } from './use-row-focus.ts';

const ROW_PX = 74;
/** What the comment form adds to its row. */
const FORM_PX = 37;
/** What the lines about what to do add to the selected row. */
const RESPONSE_PX = 44;
/** Until the list has been measured. */
const ASSUMED_HEIGHT_PX = 900;

/** The queue as a list of which only the rows in view exist, so that thousands of alerts cost no more than twenty. */
export function AlertList({ alerts }: { alerts: readonly Alert[] }) {
  const nowMs = useNow();
  const { selectedId, formFor, sending } = useRoomStore(
    (r) => r.queue,
    (s) => s,
  );
  const scrollRef = useRef<HTMLDivElement | null>(null);
  const { ref: sizeRef, height } = useElementSize<HTMLDivElement>();
  const [scrollTop, setScrollTop] = useState(0);
  const viewHeight = height || ASSUMED_HEIGHT_PX;

  const formAt = formFor === undefined ? -1 : alerts.findIndex((a) => a.id === formFor);
  const selectedAt = selectedId === undefined ? -1 : alerts.findIndex((a) => a.id === selectedId);
  const responseAt = selectedAt >= 0 && alerts[selectedAt].response ? selectedAt : -1;
  const extras = [
    { at: formAt, px: FORM_PX },
    { at: responseAt, px: RESPONSE_PX },
  ].filter(({ at }) => at >= 0);
  const extraOf = (row: number): number => extras.reduce((sum, { at, px }) => sum + (row === at ? px : 0), 0);
  const topOf = (row: number): number => extras.reduce((sum, { at, px }) => sum + (row > at ? px : 0), row * ROW_PX);
  const selectedExtra = selectedAt < 0 ? 0 : extraOf(selectedAt);
  const { first, end } = rowWindow(scrollTop, viewHeight, ROW_PX, alerts.length);
  const actions = useRowActions();

  // A selection that moved is brought into view; one that merely changed its place in the order is left alone.
  const revealedRef = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const key = selectedId === undefined ? undefined : `${selectedId} ${formFor === selectedId}`;
    const element = scrollRef.current;
    if (!element || key === revealedRef.current || selectedAt < 0) return;
    revealedRef.current = key;
    const top = selectedAt * ROW_PX;
    const bottom = top + ROW_PX + selectedExtra;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + viewHeight) element.scrollTop = bottom - viewHeight;
  }, [selectedId, formFor, selectedAt, selectedExtra, viewHeight]);
  useRowFocus(scrollRef, selectedId, formFor);

  const setRefs = useCallback(
    (element: HTMLDivElement | null) => {
      scrollRef.current = element;
      sizeRef(element);
    },
    [sizeRef],
  );
  return (
    <div ref={setRefs} className={styles.scroll} onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}>
      <ul className={styles.rows} style={{ height: topOf(alerts.length) }} aria-label="Open alerts">
        {alerts.slice(first, end).map((alert, i) => (
          <li
            key={alert.id}
            className={styles.row}
            style={{ top: topOf(first + i), height: ROW_PX + extraOf(first + i) }}
            aria-setsize={alerts.length}
            aria-posinset={first + i + 1}
          >
            <AlertRow
              alert={alert}
              nowMs={nowMs}
              selected={alert.id === selectedId}
              reachable={selectedAt < 0 ? first + i === 0 : alert.id === selectedId}
              formOpen={alert.id === formFor && !alert.acknowledged}
              sending={sending.has(alert.id)}
              {...actions}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

function useRowActions() {
  const room = useRoom();
  const [actions] = useState(() => ({
    onSelect: (selectedId: string) => room.queue.setState({ selectedId }),
    onGo(alert: Alert) {
      room.queue.setState({ selectedId: alert.id });
      goToVehicle(room, alert.vehicleId, alert);
    },
    onAskComment: (alertId: string) => room.queue.setState({ selectedId: alertId, formFor: alertId }),
    onAcknowledge: (alertId: string, comment: string) => void acknowledge(room, alertId, comment),
    onReset: (alertId: string) => void resetAlert(room, alertId),
    onCancel: () => room.queue.setState({ formFor: undefined }),
  }));
  return actions;
}
