// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createRef } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { renderInRoom, type ServedRoom, servedRoom } from '../room/testing/room-harness.tsx';
import { VehicleSearch } from './VehicleSearch.tsx';

let served: ServedRoom;
afterEach(() => {
  cleanup();
  served.room.close();
});

async function openSearch() {
  served = servedRoom({});
  await vi.waitFor(() => expect(served.room.session.getState().connection.state).toBe('open'));
  served.room.names.add(0, ['van-1', 'van-2', 'truck-2']);
  renderInRoom(served.room, <VehicleSearch inputRef={createRef()} />);
  return userEvent.setup();
}

const matches = (): (string | null)[] => screen.queryAllByTestId('search-match').map((m) => m.textContent);

test('matches appear while typing; arrows and Enter choose', async () => {
  const user = await openSearch();
  await user.type(screen.getByTestId('search-input'), '2');
  expect(matches()).toEqual(['van-2No data yet', 'truck-2No data yet']);
  await user.keyboard('{ArrowDown}{Enter}');
  expect(served.room.selection.getState()).toMatchObject({ vehicleId: 'truck-2', slot: 2 });
  expect(matches()).toEqual([]);
});

test('a click chooses, Escape clears, no match is said', async () => {
  const user = await openSearch();
  const input = screen.getByTestId<HTMLInputElement>('search-input');
  await user.type(input, 'van');
  await user.click(screen.getAllByTestId('search-match')[1]);
  expect(served.room.selection.getState().vehicleId).toBe('van-2');
  await user.type(input, 'nothing');
  expect(screen.getByText('No vehicle id contains “nothing”.')).toBeTruthy();
  await user.keyboard('{Escape}');
  expect(input.value).toBe('');
});
