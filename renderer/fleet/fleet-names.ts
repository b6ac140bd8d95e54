/** Vehicle ids by slot and back. Lives outside React: it grows with the fleet. */
export interface FleetNames {
  /** Ids in slot order; a slot that has not been named yet is a hole. */
  readonly ids: readonly string[];
  nameOf(slot: number): string | undefined;
  slotOf(vehicleId: string): number | undefined;
  add(fromSlot: number, vehicleIds: readonly string[]): void;
  /** Slots are the room's own: a new link may number the vehicles differently. */
  clear(): void;
}

export function createFleetNames(): FleetNames {
  const ids: string[] = [];
  const slots = new Map<string, number>();
  return {
    ids,
    nameOf: (slot) => ids[slot],
    slotOf: (vehicleId) => slots.get(vehicleId),
    add(fromSlot, vehicleIds) {
      vehicleIds.forEach((id, i) => {
        ids[fromSlot + i] = id;
        slots.set(id, fromSlot + i);
      });
    },
    clear() {
      ids.length = 0;
      slots.clear();
    },
  };
}
