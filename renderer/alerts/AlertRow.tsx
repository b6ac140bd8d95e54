import { memo } from 'react';
import { type Alert, alertState } from '../../core/model/alerts.ts';
import { PriorityMark, priorityName } from '../common/PriorityMark.tsx';
import { AcknowledgeForm } from './AcknowledgeForm.tsx';
import styles from './AlertRow.module.css';
import { alertAge, entryText, stateText } from './alert-text.ts';

export interface AlertRowProps {
  readonly alert: Alert;
  readonly nowMs: number;
  readonly selected: boolean;
  /** The row that the Tab key reaches. */
  readonly reachable: boolean;
  readonly formOpen: boolean;
  readonly sending: boolean;
  onSelect(alertId: string): void;
  onGo(alert: Alert): void;
  onAskComment(alertId: string): void;
  onAcknowledge(alertId: string, comment: string): void;
  onReset(alertId: string): void;
  onCancel(): void;
}

/** One alert of the queue: what, where, since when, and whether someone has it. */
export const AlertRow = memo(function AlertRow(props: AlertRowProps) {
  const { alert, nowMs, selected, reachable, formOpen, sending } = props;
  const tabIndex = reachable ? 0 : -1;
  const state = alertState(alert);
  const standsFor = entryText(alert);
  return (
    <div
      className={styles.row}
      data-testid="alert-row"
      data-alert-id={alert.id}
      data-state={state}
      data-priority={priorityName(alert.priority)}
      data-selected={selected || undefined}
    >
      <button
        type="button"
        className={styles.main}
        tabIndex={tabIndex}
        aria-current={selected || undefined}
        data-row-button
        onFocus={() => props.onSelect(alert.id)}
        onClick={() => props.onGo(alert)}
      >
        <span className={styles.head}>
          <PriorityMark priority={alert.priority} quiet={alert.acknowledged} />
          <span className={styles.rule}>
            {alert.ruleName}
            {standsFor && <span className={styles.standsFor}> · {standsFor}</span>}
          </span>
          <span className={styles.age}>{alertAge(alert, nowMs)}</span>
        </span>
        <span className={styles.message} title={alert.message}>
          <span className={styles.vehicle}>{alert.vehicleId}</span> {alert.message}
        </span>
        <span className={styles.state} title={alert.comment}>
          {sending ? 'Acknowledging…' : stateText(alert, nowMs)}
          {alert.comment && <span className={styles.comment}> “{alert.comment}”</span>}
        </span>
      </button>
      {!alert.acknowledged && !formOpen && (
        <button
          type="button"
          className={styles.acknowledge}
          tabIndex={tabIndex}
          disabled={sending}
          aria-label={`Acknowledge ${alert.ruleName}, ${alert.vehicleId}`}
          onClick={() => props.onAskComment(alert.id)}
        >
          Acknowledge
        </button>
      )}
      {state === 'latched' && (
        <button
          type="button"
          className={styles.acknowledge}
          tabIndex={tabIndex}
          aria-label={`Reset ${alert.ruleName}, ${alert.vehicleId}`}
          onClick={() => props.onReset(alert.id)}
        >
          Reset
        </button>
      )}
      {selected && alert.response && (
        <p className={styles.response} title={alert.response}>
          {alert.response}
        </p>
      )}
      {formOpen && (
        <div className={styles.form}>
          <AcknowledgeForm
            onSend={(comment) => props.onAcknowledge(alert.id, comment)}
            onCancel={() => props.onCancel()}
          />
        </div>
      )}
    </div>
  );
});
