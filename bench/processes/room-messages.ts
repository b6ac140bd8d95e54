import type { RoomOptions } from '../../core/control-room/options.ts';
import type { Health } from '../../core/protocol/health.ts';

/** CPU times of a room's process since it began, ms. */
export interface RoomCpu {
  /** Of all its threads. */
  readonly totalMs: number;
  /** By thread; undefined where the system does not tell. */
  readonly byThreadMs: ReadonlyMap<string, number> | undefined;
}

export type ToRoomProcess =
  | { readonly type: 'open'; readonly options: RoomOptions }
  | { readonly type: 'health' }
  | { readonly type: 'cpu' }
  | { readonly type: 'close' };

export type FromRoomProcess =
  /** ms until `openControlRoom` resolved, and until the room was no longer starting. */
  | { readonly type: 'opened'; readonly openMs: number; readonly startedMs: number }
  | { readonly type: 'health'; readonly health: Health }
  | { readonly type: 'cpu'; readonly cpu: RoomCpu }
  | { readonly type: 'closed' }
  | { readonly type: 'failed'; readonly message: string };
