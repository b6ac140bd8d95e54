import { createContext, type ReactNode, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import type { Room } from './room.ts';

const RoomContext = createContext<Room | undefined>(undefined);

export function RoomProvider({ room, children }: { room: Room; children: ReactNode }) {
  return <RoomContext value={room}>{children}</RoomContext>;
}

export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error('useRoom needs a RoomProvider above it');
  return room;
}

/** Reads one of the room's stores; the component renders again when the selected part changes. */
export function useRoomStore<T, U>(pick: (room: Room) => StoreApi<T>, select: (state: T) => U): U {
  return useStore(pick(useRoom()), select);
}
