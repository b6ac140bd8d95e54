// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { emptyColumns, encodeFrame } from '../../core/protocol/frame.ts';
import { goToVehicle } from './commands.ts';
import { anAlert, aSummary, INFO, memoryStorage, type ServedRoom, servedRoom } from './testing/room-harness.tsx';

let served: ServedRoom;
afterEach(() => served.room.close());

const connection = () => served.room.session.getState().connection;

function oneVehicle(sequence: number, slot: number): Uint8Array {
  const columns = emptyColumns(1);
  columns.count = 1;
  columns.slot[0] = slot;
  columns.lat[0] = 52;
  columns.lon[0] = 4;
  columns.eventMs[0] = 1000;
  return encodeFrame({ sequence, merged: 0, sentMs: 0 }, columns);
}

test('opening asks for the room, its fleet and its alerts', async () => {
  const asked: string[] = [];
  served = servedRoom({
    'fleet.open': () => {
      asked.push('fleet');
      return { vehicles: 0 };
    },
    'alerts.open': () => {
      asked.push('alerts');
      return { alerts: [anAlert({ id: 'a' })] };
    },
  });
  expect(connection().state).toBe('connecting');
  await vi.waitFor(() => expect(served.room.alerts.getState().sorted).toHaveLength(1));
  expect(asked).toEqual(['fleet', 'alerts']);
  expect(connection().state).toBe('open');
  expect(served.room.session.getState().info?.broker).toBe('mqtt://broker:1883');
});

test('frames are drawn and answered; a vehicle can be gone to by its name', async () => {
  served = servedRoom({});
  await vi.waitFor(() => expect(served.room.alerts.getState().loaded).toBe(true));
  const flights: number[][] = [];
  served.room.map = {
    flyTo: (lon: number, lat: number) => flights.push([lon, lat]),
    fitFleet: () => {},
    redraw: () => {},
    setTrack: () => {},
  };
  served.server().emit('vehicles.named', { fromSlot: 3, vehicleIds: ['van-3'] });
  served.server().sendFrame(oneVehicle(1, 3));
  await vi.waitFor(() => expect(served.drawn).toEqual([1]));
  goToVehicle(served.room, 'van-3');
  await vi.waitFor(() => expect(flights).toEqual([[4, 52]]));
  expect(served.room.selection.getState()).toMatchObject({ vehicleId: 'van-3', slot: 3 });
  goToVehicle(served.room, 'van-unheard');
  expect(served.room.screen.getState().notices[0].text).toBe('No position of van-unheard is known yet.');
});

test('after a lost link everything is asked for again; the same room keeps its fleet', async () => {
  served = servedRoom({ 'alerts.open': () => ({ alerts: [anAlert({ id: `on-link-${served.servers.length}` })] }) });
  await vi.waitFor(() => expect(served.room.alerts.getState().loaded).toBe(true));
  const { room } = served;
  const fleet = room.fleet;
  served.server().emit('vehicles.named', { fromSlot: 0, vehicleIds: ['van-a', 'van-b'] });
  served.server().emit('summary', aSummary({ messagesPerSecond: 5 }));
  await vi.waitFor(() => expect(room.names.slotOf('van-b')).toBe(1));
  room.selection.getState().select('van-b', 1);

  served.server().close();
  await vi.waitFor(() => expect(connection()).toMatchObject({ state: 'lost', reason: 'closed' }));
  expect(room.summary.getState().summary?.messagesPerSecond).toBe(5);
  await expect(room.request('room.health', {})).rejects.toMatchObject({ kind: 'closed' });

  room.retryNow();
  await vi.waitFor(() => expect(room.session.getState().linkCount).toBe(2));
  await vi.waitFor(() => expect(room.alerts.getState().sorted[0].id).toBe('on-link-2'));
  expect(room.fleet).toBe(fleet);
  expect(room.selection.getState()).toMatchObject({ vehicleId: 'van-b', slot: 1 });
});

test('a room that was started anew numbers its vehicles anew', async () => {
  served = servedRoom({ 'room.info': () => ({ ...INFO, startedMs: served.servers.length }) });
  const { room } = served;
  await vi.waitFor(() => expect(room.session.getState().fleetCount).toBe(1));
  const fleet = room.fleet;
  served.server().emit('vehicles.named', { fromSlot: 0, vehicleIds: ['van-a', 'van-b'] });
  await vi.waitFor(() => expect(room.names.slotOf('van-b')).toBe(1));
  room.selection.getState().select('van-b', 1);
  served.server().close();
  room.retryNow();
  await vi.waitFor(() => expect(room.session.getState().fleetCount).toBe(2));
  expect(room.fleet).not.toBe(fleet);
  expect(room.names.ids).toEqual([]);
  expect(room.selection.getState()).toMatchObject({ vehicleId: 'van-b', slot: undefined });
  served.server().emit('vehicles.named', { fromSlot: 0, vehicleIds: ['van-b', 'van-a'] });
  await vi.waitFor(() => expect(room.selection.getState().slot).toBe(0));
});

test('a frame that cannot be read is said, and the link is opened anew', async () => {
  served = servedRoom({});
  await vi.waitFor(() => expect(served.room.alerts.getState().loaded).toBe(true));
  served.server().sendFrame(new Uint8Array([1, 2, 3]));
  await vi.waitFor(() => expect(connection().state).toBe('lost'));
  expect(served.room.screen.getState().notices[0].text).toContain('A fleet frame could not be read');
});

test('the operator is the suggested one until a name is given, which stays', async () => {
  const storage = memoryStorage();
  served = servedRoom({}, storage);
  await vi.waitFor(() => expect(served.room.session.getState().operator).toBe('ada'));
  served.room.session.getState().setOperator('   ');
  expect(served.room.session.getState().operator).toBe('ada');
  served.room.session.getState().setOperator('  Kim Lee ');
  served.room.close();
  served = servedRoom({}, storage);
  expect(served.room.session.getState().operator).toBe('Kim Lee');
  await vi.waitFor(() => expect(served.room.session.getState().info).toBeDefined());
  expect(served.room.session.getState().operator).toBe('Kim Lee');
});
