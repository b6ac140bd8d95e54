import { RoomError } from '../../core/protocol/errors.ts';
import { createFleetNames } from '../fleet/fleet-names.ts';
import { createLagWindow } from '../fleet/lag-window.ts';
import { type Connection, keepConnected, type OpenTransport } from '../link/keep-connected.ts';
import { FleetBuffer } from '../map/fleet-buffer.ts';
import { createNoticeOutput } from '../notices/notice-output.ts';
import { createSoundStore } from '../notices/sound-store.ts';
import { createAlertsStore } from '../stores/alerts-store.ts';
import { createQueueStore } from '../stores/queue-store.ts';
import { createScreenStore } from '../stores/screen-store.ts';
import { createSelectionStore } from '../stores/selection-store.ts';
import { createSessionStore } from '../stores/session-store.ts';
import { createSummaryStore } from '../stores/summary-store.ts';
import { attachLink } from './attach-link.ts';
import type { Room } from './room.ts';

/** Opens the room over `open` and keeps it open. `storage` holds the operator's name. */
export function createRoom(open: OpenTransport, storage: Pick<Storage, 'getItem' | 'setItem'>): Room {
  let connection: Connection | undefined;
  const sound = createSoundStore();
  const room: Room = {
    session: createSessionStore(storage),
    summary: createSummaryStore(),
    alerts: createAlertsStore(),
    selection: createSelectionStore(),
    queue: createQueueStore(),
    screen: createScreenStore(),
    sound,
    notices: createNoticeOutput(sound),
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
