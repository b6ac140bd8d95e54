import { formatCount, formatLag } from '../common/format.ts';
import { SoundButton } from '../notices/SoundButton.tsx';
import { useRoomStore } from '../room/RoomProvider.tsx';
import { BrokerFigure } from './BrokerFigure.tsx';
import { Clock } from './Clock.tsx';
import { Figure } from './Figure.tsx';
import { LossCounters } from './LossCounters.tsx';
import { OperatorButton } from './OperatorButton.tsx';
import styles from './TopBar.module.css';
import { VehicleFigures } from './VehicleFigures.tsx';

/** How the fleet and the room itself are doing, in one line. */
export function TopBar() {
  return (
    <header className={styles.bar} data-testid="top-bar">
      <h1 className={styles.name}>Watchfloor</h1>
      <VehicleFigures />
      <FlowFigures />
      <LossCounters />
      <div className={styles.end}>
        <SoundButton />
        <Clock />
        <OperatorButton />
      </div>
    </header>
  );
}

function FlowFigures() {
  const { summary, screenLagP50Ms, screenLagP99Ms } = useRoomStore(
    (room) => room.summary,
    (s) => s,
  );
  const perSecond = summary ? formatCount(Math.round(summary.messagesPerSecond)) : '–';
  const recording = summary?.recording;
  return (
    <section className={styles.group} aria-label="Messages">
      <Figure label="Messages/s" testId="messages-per-second" hint="Messages applied per second.">
        {perSecond}
      </Figure>
      <Figure
        label="Lag p50 / p99"
        testId="lag"
        hint="From the time a vehicle stamped its message to the drawing on this screen, over the last 30 s: half of the messages are faster than the first figure, 99 of 100 faster than the second."
      >
        {formatLag(screenLagP50Ms)} / {formatLag(screenLagP99Ms)}
      </Figure>
      <Figure label="Alerts 10 min" testId="alerts-10-min" hint="Alerts raised in the last 10 minutes.">
        {summary ? formatCount(summary.alertsLast10Min) : '–'}
      </Figure>
      <BrokerFigure broker={summary?.broker} />
      <Figure
        label="Journal"
        testId="recording"
        caution={recording === false}
        hint={
          recording === false
            ? 'The disk refuses the journal: what arrives now is shown but not kept. Free some space on the disk.'
            : 'Everything that arrives is written to the journal.'
        }
      >
        {recording === undefined ? '–' : recording ? 'Recording' : '! Not recording'}
      </Figure>
    </section>
  );
}
