import type { Link } from '../../core/protocol/client.ts';
import { RoomError } from '../../core/protocol/errors.ts';
import type { RequestArgs, RequestName, RequestResult } from '../../core/protocol/requests.ts';
import { createFleetNames, type FleetNames } from '../fleet/fleet-names.ts';
import { createLagWindow } from '../fleet/lag-window.ts';
import { type Connection, keepConnected, type OpenTransport } from '../link/keep-connected.ts';
import type { FleetMapApi } from '../map/FleetMap.tsx';
import { FleetBuffer } from '../map/fleet-buffer.ts';
import { type AlertsStore, createAlertsStore } from '../stores/alerts-store.ts';
import { createQueueStore, type QueueStore } from '../stores/queue-store.ts';
import { createScreenStore, type ScreenStore } from '../stores/screen-store.ts';
import { createSelectionStore, type SelectionStore } from '../stores/selection-store.ts';
import { createSessionStore, type SessionStore } from '../stores/session-store.ts';
import { createSummaryStore, type SummaryStore } from '../stores/summary-store.ts';
import { attachLink } from './attach-link.ts';

/** Everything one window knows and can do; made once, handed to the components by `RoomProvider`. */
export interface Room {
  readonly session: SessionStore;
  readonly summary: SummaryStore;
  readonly alerts: AlertsStore;
  readonly selection: SelectionStore;
  readonly queue: QueueStore;
  readonly screen: ScreenStore;
  readonly names: FleetNames;
  readonly lag: ReturnType<typeof createLagWindow>;
  /** Positions of the present link. Replaced when the link is: `session.linkCount` says when. */
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

/** Opens the room over `open` and keeps it open. `storage` holds the operator's name. */
export function createRoom(open: OpenTransport, storage: Pick<Storage, 'getItem' | 'setItem'>): Room {
  let connection: Connection | undefined;
  const room: Room = {
    session: createSessionStore(storage),
    summary: createSummaryStore(),
    alerts: createAlertsStore(),
    selection: createSelectionStore(),
    queue: createQueueStore(),
    screen: createScreenStore(),
    names: createFleetNames(),
    lag: createLagWindow(),
    fleet: new FleetBuffer(),
    map: undefined,
    link: undefined,
    request(name, args) {
      if (room.link) return room.link.request(name, args);
      return Promise.reject(new RoomError('closed', 'The room cannot be reached right now.'));
    },
    report(error) {
      if (error instanceof RoomError && error.kind === 'closed') return;
      room.screen.getState().notify(error instanceof Error ? error.message : String(error));
    },
    retryNow: () => connection?.retryNow(),
    close: () => connection?.stop(),
  };
  let detach: (() => void) | undefined;
  connection = keepConnected(open, {
    opened: (link) => {
      detach = attachLink(room, link);
    },
    lost: (reason, retryAtMs) => {
      detach?.();
      room.link = undefined;
      room.session.getState().setConnection({ state: 'lost', reason, retryAtMs });
    },
  });
  return room;
}
