import type { BrokerState, BrokerStatus } from '../../core/model/broker.ts';
import { Figure } from './Figure.tsx';
import styles from './TopBar.module.css';

const LABELS: Readonly<Record<BrokerState, string>> = {
  connecting: 'Connecting',
  connected: 'Connected',
  reconnecting: 'Reconnecting',
  refused: 'Refused',
  stopped: 'Stopped',
};

export function BrokerFigure({ broker }: { broker: BrokerStatus | undefined }) {
  const bad = broker !== undefined && broker.state !== 'connected' && broker.state !== 'connecting';
  return (
    <Figure
      label="Broker"
      testId="broker-state"
      caution={bad}
      hint={broker?.detail || 'The broker passes the vehicles’ messages to this room.'}
    >
      <span className={styles.dot} data-state={broker?.state} aria-hidden="true" />
      {broker ? LABELS[broker.state] : '–'}
    </Figure>
  );
}
