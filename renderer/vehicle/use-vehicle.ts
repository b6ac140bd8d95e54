import { useEffect, useState } from 'react';
import type { VehicleDetail } from '../../core/protocol/requests.ts';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import type { Room } from '../room/room.ts';
import { createSignalTrends, type SignalTrends, TREND_MS } from './signal-trends.ts';

export interface WatchedVehicle {
  /** Undefined until the room has answered; null when it does not know the vehicle. */
  readonly detail: VehicleDetail | null | undefined;
  readonly trends: SignalTrends;
}

/** The live picture of one vehicle, renewed about once a second, and its last hour. Starts anew on every link. */
export function useVehicle(vehicleId: string): WatchedVehicle {
  const room = useRoom();
  const linkCount = useRoomStore(
    (r) => r.session,
    (s) => s.linkCount,
  );
  const [watched, setWatched] = useState<WatchedVehicle>(() => ({ detail: undefined, trends: createSignalTrends() }));
  useEffect(() => {
    if (linkCount === 0) return;
    return watch(room, vehicleId, setWatched);
  }, [room, vehicleId, linkCount]);
  return watched;
}

function watch(room: Room, vehicleId: string, show: (watched: WatchedVehicle) => void): () => void {
  const link = room.link;
  if (!link) return () => {};
  let wanted = true;
  let detail: VehicleDetail | null | undefined;
  const trends = createSignalTrends();
  const update = (next: VehicleDetail | null): void => {
    if (!wanted) return;
    if (next) trends.append(next);
    detail = next;
    show({ detail, trends });
  };
  const off = link.on('vehicle.changed', ({ vehicle }) => {
    if (vehicle.vehicleId === vehicleId) update(vehicle);
  });
  const nowMs = Date.now();
  link.request('vehicle.watch', { vehicleId }).catch(room.report);
  link.request('vehicle.get', { vehicleId }).then(({ vehicle }) => update(vehicle), room.report);
  link.request('vehicle.minutes', { vehicleId, fromMs: nowMs - TREND_MS, toMs: nowMs }).then((minutes) => {
    trends.load(minutes);
    if (wanted) show({ detail, trends });
  }, room.report);
  return () => {
    wanted = false;
    off();
    // Another vehicle's panel may be watching already; the room keeps one per link and takes requests in order.
    if (room.selection.getState().vehicleId === undefined)
      link.request('vehicle.watch', { vehicleId: null }).catch(room.report);
  };
}
