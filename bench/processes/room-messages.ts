import type { RoomOptions } from '../../core/control-room/options.ts';
import type { Health } from '../../core/protocol/health.ts';

/** A look at a running room. CPU times are since its process began. */
export interface Look {
  readonly health: Health;
  /** Of all its threads, ms. */
  readonly cpuMs: number;
  /** By thread, ms; undefined where the system does not tell. */
  readonly threadCpuMs: ReadonlyMap<string, number> | undefined;
}

export type ToRoomProcess =
  | { readonly type: 'open'; readonly options: RoomOptions }
  | { readonly type: 'look' }
  | { readonly type: 'close' };

export type FromRoomProcess =
  /** ms until `openControlRoom` resolved, and until the room was no longer starting. */
  | { readonly type: 'opened'; readonly openMs: number; readonly startedMs: number }
  | { readonly type: 'seen'; readonly look: Look }
  | { readonly type: 'closed' }
  | { readonly type: 'failed'; readonly message: string };
