import { columnOf } from '../../core/model/signals.ts';
import type { VehicleDetail } from '../../core/protocol/requests.ts';
import { formatAge, formatHeading, formatPosition } from '../common/format.ts';
import { useNow } from '../common/use-now.ts';
import styles from './VehiclePanel.module.css';

/** Older than this and the picture may no longer be true. */
export const OLD_MESSAGE_MS = 60_000;

const SPEED = columnOf('speed_kmph');
const HEADING = columnOf('heading');

export function VehicleFacts({ detail }: { detail: VehicleDetail }) {
  const nowMs = useNow();
  const ageMs = nowMs - detail.lastEventMs;
  const old = ageMs > OLD_MESSAGE_MS;
  const facts: readonly (readonly [label: string, value: string, caution?: boolean])[] = [
    ['Last message', detail.lastEventMs > 0 ? `${old ? '! ' : ''}${formatAge(ageMs)} ago` : 'none yet', old],
    ['Speed', speedText(detail.signals[SPEED], detail.signals[HEADING])],
    ['Position', detail.lat === null || detail.lon === null ? 'not known' : formatPosition(detail.lat, detail.lon)],
    ['Driver', detail.driverId || '–'],
    ['Trip', detail.tripId || 'no trip'],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value, caution]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd data-caution={caution || undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** `54 km/h, 271° W`; the heading of a vehicle that stands means nothing. */
export function speedText(speedKmph: number | null | undefined, headingDeg: number | null | undefined): string {
  if (typeof speedKmph !== 'number') return 'not known';
  const speed = `${Math.round(speedKmph)} km/h`;
  return typeof headingDeg === 'number' && speedKmph >= 1 ? `${speed}, ${formatHeading(headingDeg)}` : speed;
}
