import { formatTime, formatUtcOffset } from '../common/format.ts';
import { useNow } from '../common/use-now.ts';
import styles from './TopBar.module.css';

export function Clock() {
  const nowMs = useNow();
  const now = new Date(nowMs);
  return (
    <time className={styles.clock} dateTime={now.toISOString()} data-testid="clock">
      <span className={styles.label}>{formatUtcOffset(now.getTimezoneOffset())}</span>
      <span className={styles.value}>{formatTime(nowMs)}</span>
    </time>
  );
}
