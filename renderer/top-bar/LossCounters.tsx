import { formatCount } from '../common/format.ts';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import { Figure } from './Figure.tsx';
import styles from './TopBar.module.css';

/** What did not go the plain way. One button: it opens the drawer that explains each of them. */
export function LossCounters() {
  const room = useRoom();
  const messages = useRoomStore(
    (r) => r.summary,
    (s) => s.summary?.messages,
  );
  const counters = [
    ['Dropped', messages?.dropped, 'loss-dropped'],
    ['Set aside', messages?.quarantined, 'loss-quarantined'],
    ['Late', messages?.late, 'loss-late'],
    ['Twice', messages?.duplicates, 'loss-duplicates'],
  ] as const;
  return (
    <button
      type="button"
      className={styles.losses}
      aria-label="Lost and unusual messages: details"
      aria-haspopup="dialog"
      data-testid="loss-counters"
      onClick={() => room.screen.getState().setOverlay('health')}
    >
      <span className={styles.group}>
        {counters.map(([label, count, testId]) => (
          <Figure
            key={label}
            label={label}
            testId={testId}
            quiet={label !== 'Dropped' || !count}
            caution={label === 'Dropped' && (count ?? 0) > 0}
          >
            {count === undefined ? '–' : formatCount(count)}
          </Figure>
        ))}
      </span>
    </button>
  );
}
