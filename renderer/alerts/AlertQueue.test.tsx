// @vitest-environment happy-dom
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { RoomError } from '../../core/protocol/errors.ts';
import type { RequestArgs, RequestHandlers } from '../../core/protocol/requests.ts';
import { useShortcuts } from '../app/use-shortcuts.ts';
import { anAlert, renderInRoom, type ServedRoom, servedRoom } from '../room/testing/room-harness.tsx';
import { AlertQueue } from './AlertQueue.tsx';

let served: ServedRoom;

afterEach(() => {
  cleanup();
  served.room.close();
});

function Desk() {
  const searchRef = useRef<HTMLInputElement>(null);
  useShortcuts(searchRef);
  return (
    <>
      <AlertQueue />
      <input ref={searchRef} aria-label="search" />
    </>
  );
}

const three = [
  anAlert({ id: 'a', priority: 1, raisedMs: 10, ruleName: 'SOS' }),
  anAlert({ id: 'b', priority: 2, raisedMs: 20 }),
  anAlert({ id: 'c', priority: 4, raisedMs: 30 }),
];

async function openDesk(alerts = three, more: Partial<RequestHandlers> = {}) {
  served = servedRoom({ 'alerts.open': () => ({ alerts }), ...more });
  renderInRoom(served.room, <Desk />);
  await waitFor(() => expect(served.room.alerts.getState().loaded).toBe(true));
  return userEvent.setup();
}

const rowIds = (): (string | null)[] =>
  screen.queryAllByTestId('alert-row').map((row) => row.getAttribute('data-alert-id'));
const row = (id: string): HTMLElement => screen.getAllByTestId('alert-row').find((r) => r.dataset.alertId === id)!;
const selectedId = (): string | undefined => served.room.queue.getState().selectedId;

test('shows what is open in queue order, with shape and word of the priority', async () => {
  await openDesk(three.toReversed());
  await waitFor(() => expect(rowIds()).toEqual(['a', 'b', 'c']));
  expect(row('a').textContent).toContain('◆');
  expect(row('a').textContent).toContain('Critical');
  expect(row('a').dataset).toMatchObject({ state: 'unacknowledged', priority: 'critical' });
  expect(screen.getByTestId('alert-tally').textContent).toBe('3 unacknowledged of 3');
});

test('says that all is quiet', async () => {
  await openDesk([]);
  expect(await screen.findByText('All quiet. Alerts appear here.')).toBeTruthy();
});

test('keys walk the queue and focus goes along', async () => {
  const user = await openDesk();
  await user.keyboard('n');
  expect(selectedId()).toBe('a');
  await user.keyboard('j{ArrowDown}');
  expect(selectedId()).toBe('c');
  expect(row('c').contains(document.activeElement)).toBe(true);
  await user.keyboard('p');
  expect(selectedId()).toBe('b');
  await user.keyboard('k{ArrowUp}');
  expect(selectedId()).toBe('a');
});

test('Enter goes to the vehicle of the selected alert', async () => {
  const user = await openDesk();
  await user.keyboard('nn{Enter}');
  expect(served.room.selection.getState().vehicleId).toBe('van-b');
});

test('keys typed into a field stay there', async () => {
  const user = await openDesk();
  await user.keyboard('/');
  expect(document.activeElement).toBe(screen.getByLabelText('search'));
  await user.keyboard('na');
  expect(selectedId()).toBeUndefined();
});

test('acknowledging with a comment sends it and shows who has it', async () => {
  const sent: RequestArgs<'alerts.acknowledge'>[] = [];
  const user = await openDesk(three, {
    'alerts.acknowledge': (args) => {
      sent.push(args);
      const alert = { ...three[0], acknowledged: true, acknowledgedBy: args.operator, comment: args.comment };
      served.server().emit('alerts.changed', { alerts: [alert] });
      return { acknowledged: 1 };
    },
  });
  await waitFor(() => expect(served.room.session.getState().operator).toBe('ada'));
  await user.keyboard('na');
  expect(document.activeElement).toBe(screen.getByTestId('ack-comment'));
  await user.keyboard('on it{Enter}');
  await waitFor(() => expect(sent).toEqual([{ alertIds: ['a'], operator: 'ada', comment: 'on it' }]));
  await waitFor(() => expect(rowIds()).toEqual(['b', 'c', 'a']));
  expect(row('a').dataset.state).toBe('acknowledged');
  expect(row('a').textContent).toContain('Acknowledged by ada');
  expect(row('a').textContent).toContain('on it');
  expect(within(row('a')).queryByRole('button', { name: /^Acknowledge / })).toBeNull();
  expect(selectedId()).toBe('b');
  expect(row('b').contains(document.activeElement)).toBe(true);
});

test('Escape leaves the comment form and sends nothing', async () => {
  const acknowledge = vi.fn(() => ({ acknowledged: 1 }));
  const user = await openDesk(three, { 'alerts.acknowledge': acknowledge });
  await user.keyboard('nasome words{Escape}');
  expect(screen.queryByTestId('ack-comment')).toBeNull();
  expect(selectedId()).toBe('a');
  expect(row('a').contains(document.activeElement)).toBe(true);
  expect(acknowledge).not.toHaveBeenCalled();
});

test('the capital letter acknowledges at once, without a comment', async () => {
  const sent: RequestArgs<'alerts.acknowledge'>[] = [];
  const user = await openDesk(three, {
    'alerts.acknowledge': (args) => {
      sent.push(args);
      return { acknowledged: 1 };
    },
  });
  await user.keyboard('nA');
  await waitFor(() => expect(sent.map((s) => [s.alertIds, s.comment])).toEqual([[['a'], undefined]]));
  expect(selectedId()).toBe('b');
});

test('a refusal is said and the alert stays', async () => {
  const user = await openDesk(three, {
    'alerts.acknowledge': () => {
      throw new RoomError('read-only', 'The disk is full.');
    },
  });
  await user.keyboard('nA');
  await waitFor(() =>
    expect(served.room.screen.getState().notices.map((n) => n.text)).toEqual(['Not acknowledged: The disk is full.']),
  );
  expect(row('a').dataset.state).toBe('unacknowledged');
});

test('changes come in, closed alerts leave, new critical ones are announced', async () => {
  await openDesk();
  served.server().emit('alerts.changed', {
    alerts: [
      { ...three[1], acknowledged: true, condition: 'cleared' },
      anAlert({ id: 'd', priority: 1, raisedMs: 40, ruleName: 'Crash', vehicleId: 'van-9', message: '9 g.' }),
    ],
  });
  await waitFor(() => expect(rowIds()).toEqual(['a', 'd', 'c']));
  expect(served.room.alerts.getState().announcement).toBe('Critical alert: Crash, vehicle van-9. 9 g.');
});

test('five thousand alerts make a few rows, and the last is one key away', async () => {
  const many = Array.from({ length: 5000 }, (_, i) => anAlert({ id: `x${i}`, raisedMs: i }));
  const user = await openDesk(many);
  await waitFor(() => expect(screen.getByTestId('alert-tally').textContent).toContain('5,000'));
  expect(rowIds().length).toBeLessThan(40);
  await user.keyboard('p');
  expect(selectedId()).toBe('x4999');
});

test('filters by priority, text and acknowledgement', async () => {
  const user = await openDesk([...three, anAlert({ id: 'z', priority: 1, acknowledged: true })]);
  await user.click(screen.getByRole('button', { name: 'Low: 1 open' }));
  expect(rowIds()).toEqual(['a', 'b', 'z']);
  await user.click(screen.getByLabelText('Unacknowledged only'));
  expect(rowIds()).toEqual(['a', 'b']);
  await user.type(screen.getByLabelText('Filter by vehicle, rule or text'), 'sos');
  expect(rowIds()).toEqual(['a']);
  await user.type(screen.getByLabelText('Filter by vehicle, rule or text'), '!');
  expect(screen.getByText('No alert passes the filter.')).toBeTruthy();
});

test('only what wants attention is in the queue: nothing put aside, and groups as one entry with their count', async () => {
  await openDesk([
    three[0],
    anAlert({ id: 'head', ruleName: 'Silent', group: { kind: 'area', label: 'BER', count: 212, open: 212 } }),
    anAlert({ id: 'member', groupId: 'head' }),
    anAlert({ id: 'shelved', shelved: { by: 'ada', reason: 'known', untilMs: 1 } }),
    anAlert({ id: 'suppressed', suppressed: { alertId: 'a', ruleId: 'sos' } }),
    anAlert({ id: 'workshop', outOfService: { by: 'ada', reason: 'brakes' } }),
    anAlert({ id: 'noisy', priority: 4, chattering: true, repeats: 5 }),
  ]);
  await waitFor(() => expect(rowIds()).toEqual(['a', 'head', 'noisy']));
  expect(row('head').textContent).toContain('Silent · 212 vehicles');
  expect(row('noisy').textContent).toContain('chattering, happened 6 times');
  expect(screen.getByTestId('alert-tally').textContent).toBe('3 unacknowledged of 3');
  served.server().emit('alerts.changed', {
    alerts: [anAlert({ id: 'shelved' }), anAlert({ id: 'quiet', priority: 1, groupId: 'a' })],
  });
  await waitFor(() => expect(rowIds()).toEqual(['a', 'head', 'shelved', 'noisy']));
  expect(served.room.alerts.getState().announcement).toBe('');
});

test('the selected alert says what to do, and one that is held can be reset', async () => {
  const reset = vi.fn(() => ({ reset: 1 }));
  const held = { condition: 'cleared', latched: true, acknowledged: true, acknowledgedBy: 'kim' } as const;
  const user = await openDesk([{ ...three[0], response: 'Call the driver.' }, anAlert({ id: 'held', ...held })], {
    'alerts.reset': reset,
  });
  expect(screen.queryByText('Call the driver.')).toBeNull();
  await user.keyboard('n');
  expect(row('a').textContent).toContain('Call the driver.');
  await waitFor(() => expect(served.room.session.getState().operator).toBe('ada'));
  await user.click(within(row('held')).getByRole('button', { name: /^Reset / }));
  await waitFor(() => expect(reset).toHaveBeenCalledWith({ alertIds: ['held'], operator: 'ada' }));
});

test('the history lists closed alerts only', async () => {
  const closed = anAlert({
    id: 'old',
    acknowledged: true,
    acknowledgedBy: 'kim',
    condition: 'cleared',
    clearedMs: 5000,
  });
  const user = await openDesk(three, { 'alerts.history': () => ({ alerts: [three[0], closed] }) });
  await user.click(screen.getByRole('tab', { name: 'History' }));
  const rows = await screen.findAllByTestId('history-row');
  expect(rows.map((r) => r.dataset.alertId)).toEqual(['old']);
  expect(rows[0].textContent).toContain('Acknowledged by kim');
  act(() => served.room.queue.setState({ tab: 'open' }));
});
