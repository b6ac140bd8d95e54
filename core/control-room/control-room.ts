import type { Health } from '../protocol/health.ts';
import type { ShownNotice } from '../protocol/notice-requests.ts';
import type { RoomTransport } from '../protocol/transport.ts';
import type { RoomOptions } from './options.ts';

/** A running room: sources, journal, engine and history in their workers. Main-thread object; all work is elsewhere. */
export interface ControlRoom {
  /** Serves one window until its transport closes. */
  connect(transport: RoomTransport): void;
  health(): Promise<Health>;
  /** Told of each notice that windows are given, for shells that show notices themselves. */
  onNotice(listener: (notice: ShownNotice) => void): void;
  /** Told once when a worker has died: windows are closed, the room must be opened again. */
  onFailure(listener: (error: Error) => void): void;
  /** Stops taking messages, commits what is open and closes every file. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Opens the room on its data directory. Rejects with a RoomError whose message can be shown as it is: kind `data-dir-in-use`
 * when another room has the directory, `data-dir` when it cannot be used. A broker that cannot be reached is no error:
 * the room opens, says so in its health, and keeps trying.
 */
export type OpenControlRoom = (options: RoomOptions) => Promise<ControlRoom>;
