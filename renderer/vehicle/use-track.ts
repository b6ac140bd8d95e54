import { useEffect } from 'react';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';

const TRACK_MS = 2 * 60 * 60_000;
const REFRESH_MS = 15_000;

/** While the track is switched on, draws where the vehicle has been in the last two hours and keeps it fresh. */
export function useTrack(vehicleId: string): void {
  const room = useRoom();
  const on = useRoomStore(
    (r) => r.selection,
    (s) => s.track,
  );
  const linkCount = useRoomStore(
    (r) => r.session,
    (s) => s.linkCount,
  );
  useEffect(() => {
    if (!on || linkCount === 0) return;
    let wanted = true;
    const ask = (): void => {
      const nowMs = Date.now();
      room.request('vehicle.track', { vehicleId, fromMs: nowMs - TRACK_MS, toMs: nowMs }).then(({ lon, lat }) => {
        if (wanted) room.map?.setTrack({ lon: [...lon], lat: [...lat] });
      }, room.report);
    };
    ask();
    const timer = setInterval(ask, REFRESH_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
      room.map?.setTrack(undefined);
    };
  }, [room, vehicleId, on, linkCount]);
}
