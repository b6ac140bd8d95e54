import type { ControlRoom } from '../../core/control-room/control-room.ts';
import type { Health } from '../../core/protocol/health.ts';
import type { RequestHandlers, RoomInfo } from '../../core/protocol/requests.ts';
import { type LinkServer, serveLink } from '../../core/protocol/server.ts';

export const HEALTH: Health = {
  status: 'degraded',
  messages: { received: 10, journaled: 9, processed: 8, quarantined: 3, duplicates: 2, late: 1, dropped: 1 },
  vehicles: { total: 7, moving: 3, idling: 1, stopped: 2, offline: 0 },
  alerts: { active: 4, unacknowledged: 2, total: 12 },
  lagMs: { p50: 120, p99: null },
  broker: { state: 'reconnecting', detail: 'The broker does not answer.' },
  recording: true,
  problems: ['The broker does not answer.'],
};

const INFO: RoomInfo = {
  version: '1.2.3',
  dataDir: '/data',
  startedMs: 1,
  demo: true,
  broker: 'mqtt://b',
  suggestedOperator: 'kim',
};

export interface FakeRoom extends ControlRoom {
  readonly links: LinkServer[];
  readonly drawn: number[];
  readonly closedReasons: string[];
  /** Raises what `onFailure` listens for. */
  fail: (error: Error) => void;
}

/** A room without workers: it answers `room.info`, and tests push through `links`. */
export function fakeRoom(health: () => Promise<Health> = async () => HEALTH): FakeRoom {
  const room: FakeRoom = {
    links: [],
    drawn: [],
    closedReasons: [],
    fail: () => {},
    connect(transport) {
      const handlers = { 'room.info': () => INFO } as Partial<RequestHandlers> as RequestHandlers;
      const link = serveLink(transport, handlers, {
        onDrawn: (sequence) => room.drawn.push(sequence),
        onClose: (reason) => room.closedReasons.push(reason),
      });
      room.links.push(link);
    },
    health,
    onNotice() {},
    onFailure(listener) {
      room.fail = listener;
    },
    close: async () => {},
  };
  return room;
}
