import { createStore } from 'zustand/vanilla';

export interface SelectionState {
  readonly vehicleId: string | undefined;
  /** The vehicle's slot on the present link; undefined until the room has named it. */
  readonly slot: number | undefined;
  /** The map keeps the vehicle in its middle. */
  readonly follow: boolean;
  /** The map draws where it has been. */
  readonly track: boolean;
  select(vehicleId: string, slot: number | undefined): void;
  clear(): void;
  setSlot(slot: number | undefined): void;
  setFollow(follow: boolean): void;
  setTrack(track: boolean): void;
}

export type SelectionStore = ReturnType<typeof createSelectionStore>;

export function createSelectionStore() {
  return createStore<SelectionState>()((set, get) => ({
    vehicleId: undefined,
    slot: undefined,
    follow: false,
    track: false,
    select(vehicleId, slot) {
      if (get().vehicleId === vehicleId) set({ slot });
      else set({ vehicleId, slot, follow: false, track: false });
    },
    clear: () => set({ vehicleId: undefined, slot: undefined, follow: false, track: false }),
    setSlot: (slot) => set({ slot }),
    setFollow: (follow) => set({ follow }),
    setTrack: (track) => set({ track }),
  }));
}
