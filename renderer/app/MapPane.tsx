import { useMemo } from 'react';
import { useNow } from '../common/use-now.ts';
import { FleetMap } from '../map/FleetMap.tsx';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import { MapCover } from './MapCover.tsx';
import styles from './MapPane.module.css';

/** Positions older than this are greyed as a whole: nothing arrives any more. */
const STALE_MS = 30_000;

/** The map with what may lie over it: opening, empty, or greyed while nothing arrives. */
export function MapPane() {
  const room = useRoom();
  const fleetCount = useRoomStore(
    (r) => r.session,
    (s) => s.fleetCount,
  );
  const demo = useRoomStore(
    (r) => r.session,
    (s) => s.info?.demo === true,
  );
  const slot = useRoomStore(
    (r) => r.selection,
    (s) => s.slot,
  );
  const follow = useRoomStore(
    (r) => r.selection,
    (s) => s.follow,
  );
  const callbacks = useMemo(
    () => ({
      nameOf: room.names.nameOf,
      select(picked: number | undefined) {
        const { select, clear } = room.selection.getState();
        const vehicleId = picked === undefined ? undefined : room.names.nameOf(picked);
        if (vehicleId === undefined) clear();
        else select(vehicleId, picked);
      },
      endFollow: () => room.selection.getState().setFollow(false),
      ready(api: typeof room.map) {
        room.map = api;
      },
    }),
    [room],
  );
  return (
    <div className={styles.pane} data-stale={useStale() || undefined}>
      <div className={styles.map} data-testid="map">
        {fleetCount > 0 && (
          <FleetMap
            fleet={room.fleet}
            nameOf={callbacks.nameOf}
            selectedSlot={slot}
            onSelect={callbacks.select}
            follow={follow}
            onFollowEnd={callbacks.endFollow}
            firstView={demo ? 'busiest' : 'fleet'}
            streetsUrl={demo ? '/demo-streets.geojson' : undefined}
            onReady={callbacks.ready}
          />
        )}
      </div>
      <MapCover />
    </div>
  );
}

function useStale(): boolean {
  const nowMs = useNow();
  const lost = useRoomStore(
    (room) => room.session,
    (s) => s.connection.state === 'lost',
  );
  const away = useRoomStore(
    (room) => room.summary,
    (s) => s.summary !== undefined && s.summary.broker.state !== 'connected',
  );
  const newestEventMs = useRoomStore(
    (room) => room.summary,
    (s) => s.newestEventMs,
  );
  return (lost || away) && newestEventMs !== undefined && nowMs - newestEventMs > STALE_MS;
}
