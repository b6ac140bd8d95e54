import { constants, setPriority } from 'node:os';

/** Lets other threads go first, those of the live room before all. Only Linux can do that for one thread. */
export function stepBack(): void {
  if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
}
