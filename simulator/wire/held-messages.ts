/** A message that is to be sent later than it was made. */
export interface HeldMessage {
  readonly atMs: number;
  readonly vehicleIndex: number;
  readonly payload: string;
}

export interface HeldMessages {
  push(message: HeldMessage): void;
  /** Send time of the first, infinite when there is none. */
  nextMs(): number;
  pop(): HeldMessage | undefined;
}

/** Messages in order of their send time; those of the same time in the order in which they came. There are never many. */
export function heldMessages(): HeldMessages {
  const list: HeldMessage[] = [];
  return {
    push(message) {
      let at = list.length;
      while (at > 0 && list[at - 1].atMs > message.atMs) at--;
      list.splice(at, 0, message);
    },
    nextMs: () => list[0]?.atMs ?? Number.POSITIVE_INFINITY,
    pop: () => list.shift(),
  };
}
