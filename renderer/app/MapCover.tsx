import { useRoomStore } from '../room/RoomProvider.tsx';
import styles from './MapCover.module.css';

/** Says what is going on while there is nothing to see on the map. */
export function MapCover() {
  const connection = useRoomStore(
    (room) => room.session,
    (s) => s.connection.state,
  );
  const info = useRoomStore(
    (room) => room.session,
    (s) => s.info,
  );
  const total = useRoomStore(
    (room) => room.summary,
    (s) => s.summary?.vehicles.total,
  );
  const starting = useRoomStore(
    (room) => room.summary,
    (s) => s.summary?.status === 'starting',
  );
  if (total !== undefined && total > 0) return null;
  if (connection === 'lost') return null;
  if (total === undefined || starting) {
    return (
      <div className={styles.cover} role="status" data-testid="opening">
        <p className={styles.title}>Opening the room…</p>
      </div>
    );
  }
  return (
    <div className={styles.cover} data-testid="no-vehicles">
      <p className={styles.title}>No vehicles yet.</p>
      <p>
        The room listens at <code>{info?.broker ?? 'the broker'}</code> on <code>fleet/prod/…</code>
      </p>
      <p>
        Start a fleet with <code>npm run fleet</code> or check the broker.
      </p>
    </div>
  );
}
