// @vitest-environment happy-dom
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { columnOf, SIGNALS } from '../../core/model/signals.ts';
import type { RequestHandlers } from '../../core/protocol/requests.ts';
import { anAlert, aVehicle, renderInRoom, type ServedRoom, servedRoom } from '../room/testing/room-harness.tsx';
import { speedText } from './VehicleFacts.tsx';
import { VehiclePanel } from './VehiclePanel.tsx';

let served: ServedRoom;
afterEach(() => {
  cleanup();
  served?.room.close();
});

const signals = (values: Record<string, number>): (number | null)[] => {
  const row: (number | null)[] = SIGNALS.map(() => null);
  for (const [name, value] of Object.entries(values)) row[columnOf(name)] = value;
  return row;
};

const vehicle = aVehicle({
  lastEventMs: Date.now(),
  lat: 52.36712,
  lon: -4.89412,
  driverId: 'D-7',
  signals: signals({ speed_kmph: 54.4, heading: 271, engine_temp_c: 112, battery_v: 13.2, ignition: 1, doors_open: 0 }),
  faultCodes: 'P0217',
});

async function openPanel(handlers: Partial<RequestHandlers> = {}) {
  const watched: (string | null)[] = [];
  served = servedRoom({
    'vehicle.get': () => ({ vehicle }),
    'vehicle.watch': ({ vehicleId }) => {
      watched.push(vehicleId);
      return { ok: true };
    },
    'vehicle.minutes': () => ({ minuteMs: [], maxSpeedKmph: [], values: {} }),
    ...handlers,
  });
  await vi.waitFor(() => expect(served.room.alerts.getState().loaded).toBe(true));
  served.room.selection.getState().select('van-1', 0);
  const view = renderInRoom(served.room, <VehiclePanel vehicleId="van-1" />);
  return { user: userEvent.setup(), watched, view };
}

const fact = (label: string): string | null | undefined =>
  screen.getByText(label, { selector: 'dt' }).nextElementSibling?.textContent;

test('shows the facts, the reported signals and nothing that was never reported', async () => {
  await openPanel();
  await screen.findByText('D-7');
  expect(fact('Position')).toBe('52.36712° N, 4.89412° W');
  expect(fact('Speed')).toBe('54 km/h, 271° W');
  expect(fact('Trip')).toBe('no trip');
  const rows = screen.getAllByTestId('signal-row');
  expect(rows.map((r) => r.dataset.signal)).toEqual(['speed_kmph', 'battery_v', 'engine_temp_c']);
  expect(rows[2].dataset.level).toBe('high');
  expect(rows[2].textContent).toContain('High');
  expect(rows[1].textContent).toBe('Battery13.2 V');
  expect(screen.getByText('Doors open').textContent).toBe('Doors open off');
  expect(screen.getByTestId('fault-codes').textContent).toBe('P0217');
});

test('follows what the room pushes and marks a message that is old', async () => {
  const { watched } = await openPanel();
  await screen.findByText('D-7');
  expect(watched).toEqual(['van-1']);
  served.server().emit('vehicle.changed', {
    vehicle: { ...vehicle, driverId: 'D-8', lastEventMs: Date.now() - 3_630_000, movement: 'offline' },
  });
  await screen.findByText('D-8');
  expect(screen.getByText('Offline')).toBeTruthy();
  expect(fact('Last message')).toContain('! 1 h 00 min');
  served.server().emit('vehicle.changed', { vehicle: { ...vehicle, vehicleId: 'van-2', driverId: 'D-9' } });
  served.server().emit('vehicle.changed', { vehicle: { ...vehicle, driverId: 'D-10' } });
  await screen.findByText('D-10');
  expect(screen.queryByText('D-9')).toBeNull();
});

test('watches again on a new link and stops when it is closed', async () => {
  const { user, watched, view } = await openPanel();
  await screen.findByText('D-7');
  served.server().close();
  served.room.retryNow();
  await waitFor(() => expect(watched).toEqual(['van-1', 'van-1']));
  await user.click(screen.getByRole('button', { name: /^Close/ }));
  view.unmount();
  await waitFor(() => expect(watched.at(-1)).toBeNull());
});

test('lists the alerts of this vehicle and acknowledges one with a comment', async () => {
  const acknowledge = vi.fn(() => ({ acknowledged: 1 }));
  const { user } = await openPanel({
    'alerts.open': () => ({
      alerts: [
        anAlert({ id: 'mine', vehicleId: 'van-1', groupId: 'other', response: 'Call the driver.' }),
        anAlert({ id: 'shelved', vehicleId: 'van-1', shelved: { by: 'ada', reason: 'known', untilMs: 1 } }),
        anAlert({ id: 'other', vehicleId: 'van-2' }),
      ],
    }),
    'alerts.acknowledge': acknowledge,
  });
  const alert = await screen.findByTestId('vehicle-alert');
  expect(alert.dataset.alertId).toBe('mine');
  expect(alert.textContent).toContain('Call the driver.');
  await user.click(within(alert).getByRole('button', { name: 'Acknowledge' }));
  await user.keyboard('seen{Enter}');
  await waitFor(() =>
    expect(acknowledge).toHaveBeenCalledWith(expect.objectContaining({ alertIds: ['mine'], comment: 'seen' })),
  );
});

test('the track of two hours goes to the map and is taken away again', async () => {
  const tracks: (number | undefined)[] = [];
  const { user } = await openPanel({
    'vehicle.track': ({ fromMs, toMs }) => ({
      timeMs: [fromMs, toMs],
      lat: [1, 2],
      lon: [3, 4],
      speedKmph: [0, 0],
      headingDeg: [0, 0],
    }),
  });
  served.room.map = {
    flyTo: () => {},
    fitFleet: () => {},
    redraw: () => {},
    setTrack: (track) => tracks.push(track?.lon.length),
  };
  await user.click(screen.getByRole('button', { name: 'Track of 2 h' }));
  await waitFor(() => expect(tracks).toEqual([2]));
  await user.click(screen.getByRole('button', { name: 'Hide track' }));
  expect(tracks).toEqual([2, undefined]);
});

test('says that a vehicle is not known', async () => {
  await openPanel({ 'vehicle.get': () => ({ vehicle: null }) });
  expect(await screen.findByText('The room does not know this vehicle.')).toBeTruthy();
});

test('a standing vehicle has no heading', () => {
  expect(speedText(0, 271)).toBe('0 km/h');
  expect(speedText(null, 271)).toBe('not known');
  expect(speedText(30, null)).toBe('30 km/h');
});
