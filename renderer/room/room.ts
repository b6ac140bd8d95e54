import type { Link } from '../../core/protocol/client.ts';
import type { RequestArgs, RequestName, RequestResult } from '../../core/protocol/requests.ts';
import type { FleetNames } from '../fleet/fleet-names.ts';
import type { LagWindow } from '../fleet/lag-window.ts';
import type { FleetMapApi } from '../map/FleetMap.tsx';
import type { FleetBuffer } from '../map/fleet-buffer.ts';
import type { NoticeOutput } from '../notices/notice-output.ts';
import type { SoundStore } from '../notices/sound-store.ts';
import type { AlertsStore } from '../stores/alerts-store.ts';
import type { QueueStore } from '../stores/queue-store.ts';
import type { ScreenStore } from '../stores/screen-store.ts';
import type { SelectionStore } from '../stores/selection-store.ts';
import type { SessionStore } from '../stores/session-store.ts';
import type { SummaryStore } from '../stores/summary-store.ts';

/** Everything one window knows and can do; made once, handed to the components by `RoomProvider`. */
export interface Room {
  readonly session: SessionStore;
  readonly summary: SummaryStore;
  readonly alerts: AlertsStore;
  readonly selection: SelectionStore;
  readonly queue: QueueStore;
  readonly screen: ScreenStore;
  readonly sound: SoundStore;
  readonly notices: NoticeOutput;
  readonly names: FleetNames;
  readonly lag: LagWindow;
  /** Positions of this run of the room. Replaced when another run answers: `session.fleetCount` says when. */
  fleet: FleetBuffer;
  /** The map, once it is ready. */
  map: FleetMapApi | undefined;
  /** The present link; undefined while there is none. */
  link: Link | undefined;
  /** Rejects with kind `closed` and a sentence while the room cannot be reached. */
  request<K extends RequestName>(name: K, args: RequestArgs<K>): Promise<RequestResult<K>>;
  /** Shows what went wrong with a request as a short notice; a lost link has its own banner and is not repeated. */
  report(error: unknown): void;
  retryNow(): void;
  close(): void;
}
