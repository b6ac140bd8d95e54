import { PRIORITY_NAMES, type Priority, type PriorityName } from '../../core/model/alerts.ts';
import { ALERT_LABELS, ALERT_SHAPES } from '../theme/tokens.ts';
import styles from './PriorityMark.module.css';

export function priorityName(priority: Priority): PriorityName {
  return PRIORITY_NAMES[priority] as PriorityName;
}

/** Shape and word of a priority in its colour; `quiet` (acknowledged) keeps the shape and drops the weight. */
export function PriorityMark({ priority, quiet = false }: { priority: Priority; quiet?: boolean }) {
  const name = priorityName(priority);
  return (
    <span className={styles.mark} data-priority={name} data-quiet={quiet || undefined}>
      <span aria-hidden="true" className={styles.shape}>
        {ALERT_SHAPES[name]}
      </span>
      {ALERT_LABELS[name]}
    </span>
  );
}
