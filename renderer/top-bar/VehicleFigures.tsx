import type { VehicleCounts } from '../../core/protocol/health.ts';
import { formatCount } from '../common/format.ts';
import { useRoomStore } from '../room/RoomProvider.tsx';
import { Figure } from './Figure.tsx';
import styles from './TopBar.module.css';

/** Vehicles that are known and have not reported yet: what the named states leave over. */
export function noDataCount(counts: VehicleCounts): number {
  return Math.max(0, counts.total - counts.moving - counts.idling - counts.stopped - counts.offline);
}

export function VehicleFigures() {
  const counts = useRoomStore(
    (room) => room.summary,
    (s) => s.summary?.vehicles,
  );
  const show = (value: number | undefined): string => (value === undefined ? '–' : formatCount(value));
  return (
    <section className={styles.group} aria-label="Vehicles by status">
      <Figure label="Vehicles" testId="vehicles-total">
        <strong>{show(counts?.total)}</strong>
      </Figure>
      <Figure label="Moving" testId="vehicles-moving">
        {show(counts?.moving)}
      </Figure>
      <Figure label="Idling" testId="vehicles-idling" hint="Standing with the engine on.">
        {show(counts?.idling)}
      </Figure>
      <Figure label="Stopped" testId="vehicles-stopped">
        {show(counts?.stopped)}
      </Figure>
      <Figure
        label="Offline"
        testId="vehicles-offline"
        hint="Nothing heard for so long that the last known state may be wrong."
      >
        {show(counts?.offline)}
      </Figure>
      <Figure label="No data" testId="vehicles-no-data" hint="Known, but no position or status has arrived yet.">
        {show(counts && noDataCount(counts))}
      </Figure>
    </section>
  );
}
