/** What a vehicle is doing. Stored in frames, checkpoints and history: never renumber. */
export const MOVEMENT = { noData: 0, moving: 1, idling: 2, stopped: 3, offline: 4 } as const;
export type Movement = (typeof MOVEMENT)[keyof typeof MOVEMENT];
export type MovementName = keyof typeof MOVEMENT;

/** Names by number, as stored in history and shown by the API. */
export const MOVEMENT_NAMES: readonly MovementName[] = ['noData', 'moving', 'idling', 'stopped', 'offline'];
