import type { RequestName } from '../../protocol/requests.ts';
import { isQueryRequest } from '../query-requests.ts';

/** Requests, besides those to the history, that a window's replay answers while it has one. */
export const REPLAY_REQUESTS = [
  'fleet.open',
  'fleet.close',
  'alerts.open',
  'alerts.aside',
  'vehicle.get',
  'vehicle.pending',
  'vehicle.watch',
  'vehicle.track',
  'replay.play',
  'replay.pause',
  'replay.step',
  'replay.seek',
  'replay.state',
] as const satisfies readonly RequestName[];

const names: ReadonlySet<string> = new Set(REPLAY_REQUESTS);

/** True for what a replay answers in place of the live room. */
export function isReplayRequest(name: string): boolean {
  return names.has(name) || isQueryRequest(name);
}

/** True for what is about the room itself, whatever a window shows. */
export function isRoomRequest(name: string): boolean {
  return name.startsWith('room.');
}
