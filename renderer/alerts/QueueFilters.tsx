import { PRIORITY, type Priority } from '../../core/model/alerts.ts';
import { priorityName } from '../common/PriorityMark.tsx';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import { ALL_PRIORITIES, type QueueFilter } from '../stores/queue-store.ts';
import { ALERT_LABELS, ALERT_SHAPES } from '../theme/tokens.ts';
import styles from './QueueFilters.module.css';

/** Which alerts the queue shows. `counts` holds the number of open alerts by priority, index = priority. */
export function QueueFilters({ counts }: { counts: readonly number[] }) {
  const room = useRoom();
  const filter = useRoomStore(
    (r) => r.queue,
    (s) => s.filter,
  );
  const change = (part: Partial<QueueFilter>): void => room.queue.setState({ filter: { ...filter, ...part } });
  return (
    <search className={styles.filters} aria-label="Filter alerts">
      <div className={styles.priorities}>
        {Object.values(PRIORITY).map((priority) => (
          <button
            key={priority}
            type="button"
            className={styles.priority}
            data-priority={priorityName(priority)}
            aria-pressed={filter.priorities.has(priority)}
            aria-label={`${ALERT_LABELS[priorityName(priority)]}: ${counts[priority]} open`}
            title={ALERT_LABELS[priorityName(priority)]}
            onClick={() => change({ priorities: toggled(filter.priorities, priority) })}
          >
            <span aria-hidden="true">{ALERT_SHAPES[priorityName(priority)]}</span> {counts[priority]}
          </button>
        ))}
      </div>
      <div className={styles.narrow}>
        <input
          className={styles.text}
          type="search"
          value={filter.text}
          placeholder="Vehicle, rule or text"
          aria-label="Filter by vehicle, rule or text"
          onChange={(event) => change({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <label className={styles.waiting}>
          <input
            type="checkbox"
            checked={filter.unacknowledgedOnly}
            onChange={(event) => change({ unacknowledgedOnly: event.currentTarget.checked })}
          />
          Unacknowledged only
        </label>
      </div>
    </search>
  );
}

/** Turning the last one off turns all on: a queue that shows nothing is of no use. */
function toggled(priorities: ReadonlySet<Priority>, priority: Priority): ReadonlySet<Priority> {
  const next = new Set(priorities);
  if (!next.delete(priority)) next.add(priority);
  return next.size === 0 ? ALL_PRIORITIES : next;
}
