import { MantineProvider } from '@mantine/core';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import type { Alert } from '../../../core/model/alerts.ts';
import type { Summary } from '../../../core/protocol/events.ts';
import type { RequestHandlers, VehicleDetail } from '../../../core/protocol/requests.ts';
import { type LinkServer, serveLink } from '../../../core/protocol/server.ts';
import { transportPair } from '../../../core/protocol/testing/transport-pair.ts';
import { createRoom } from '../create-room.ts';
import { RoomProvider } from '../RoomProvider.tsx';
import type { Room } from '../room.ts';

export interface ServedRoom {
  readonly room: Room;
  /** The room's end of each link, oldest first. */
  readonly servers: LinkServer[];
  /** Sequence numbers of the frames that the window has drawn. */
  readonly drawn: number[];
  server(): LinkServer;
}

export const INFO = {
  version: '0.0.0',
  dataDir: '/data',
  startedMs: 0,
  demo: false,
  broker: 'mqtt://broker:1883',
  suggestedOperator: 'ada',
};

/** A window's room joined by the real protocol to handlers of the test. */
export function servedRoom(handlers: Partial<RequestHandlers>, storage = memoryStorage()): ServedRoom {
  const servers: LinkServer[] = [];
  const drawn: number[] = [];
  const all: Partial<RequestHandlers> = {
    'room.info': () => INFO,
    'fleet.open': () => ({ vehicles: 0 }),
    'alerts.open': () => ({ alerts: [] }),
    ...handlers,
  };
  const room = createRoom(async () => {
    const [window, end] = transportPair();
    servers.push(serveLink(end, all as RequestHandlers, { onDrawn: (sequence) => drawn.push(sequence) }));
    return window;
  }, storage);
  return { room, servers, drawn, server: () => servers[servers.length - 1] };
}

export function memoryStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  const items = new Map<string, string>();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value) };
}

export function renderInRoom(room: Room, children: ReactNode) {
  return render(
    <MantineProvider forceColorScheme="dark">
      <RoomProvider room={room}>{children}</RoomProvider>
    </MantineProvider>,
  );
}

export function anAlert(part: Partial<Alert> & { id: string }): Alert {
  return {
    ruleId: 'overspeed',
    ruleName: 'Overspeed',
    vehicleId: `van-${part.id}`,
    priority: 3,
    onsetMs: 1000,
    raisedMs: 2000,
    condition: 'active',
    latched: false,
    acknowledged: false,
    unit: 'km/h',
    message: '118 km/h for 12 s, limit 100 km/h',
    ...part,
  };
}

export function aVehicle(part: Partial<VehicleDetail>): VehicleDetail {
  return {
    vehicleId: 'van-1',
    slot: 0,
    driverId: '',
    tripId: '',
    movement: 'moving',
    firstSeenMs: 0,
    lastEventMs: 0,
    lastReceivedMs: 0,
    lat: null,
    lon: null,
    signals: [],
    faultCodes: '',
    ...part,
  };
}

export function aSummary(part: Partial<Summary>): Summary {
  return {
    status: 'ok',
    messages: { received: 0, journaled: 0, processed: 0, quarantined: 0, duplicates: 0, late: 0, dropped: 0 },
    vehicles: { total: 0, moving: 0, idling: 0, stopped: 0, offline: 0 },
    alerts: { active: 0, unacknowledged: 0, total: 0 },
    lagMs: { p50: null, p99: null },
    broker: { state: 'connected', detail: '' },
    recording: true,
    problems: [],
    nowMs: 0,
    messagesPerSecond: 0,
    alertsLast10Min: 0,
    entriesLast10Min: 0,
    flood: null,
    ...part,
  };
}
