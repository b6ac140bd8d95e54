import { expect, test } from 'vitest';
import type { Alert } from '../../core/model/alerts.ts';
import { formatWhen } from '../common/format.ts';
import { anAlert } from '../room/testing/room-harness.tsx';
import { entryText, stateText } from './alert-text.ts';

const NOW_MS = Date.UTC(2026, 2, 1, 10);
const at = (ms: number): string => formatWhen(ms, NOW_MS);
const text = (part: Partial<Alert>): string => stateText(anAlert({ id: 'a', ...part }), NOW_MS);
const seen = { acknowledged: true, acknowledgedBy: 'kim', acknowledgedMs: NOW_MS - 5000 };
const over = { condition: 'cleared', clearedMs: NOW_MS - 9000 } as const;

test.each<[string, Partial<Alert>]>([
  ['Unacknowledged', {}],
  ['Unacknowledged, signal missing', { condition: 'unknown' }],
  [`Unacknowledged, quiet since ${at(NOW_MS - 60_000)}`, { chattering: true, quietMs: NOW_MS - 60_000 }],
  [`Cleared ${at(NOW_MS - 9000)}, unacknowledged`, over],
  [`Acknowledged by kim ${at(NOW_MS - 5000)}`, seen],
  [`Over, held until it is reset. Acknowledged by kim ${at(NOW_MS - 5000)}`, { ...over, ...seen, latched: true }],
  ['Unacknowledged', { ...over, latched: true }],
  [
    `Shelved until ${at(NOW_MS + 60_000)} by ada: sensor is changed tomorrow`,
    { shelved: { by: 'ada', reason: 'sensor is changed tomorrow', untilMs: NOW_MS + 60_000 } },
  ],
  ['Suppressed: vehicle-silent explains it', { suppressed: { alertId: 'x', ruleId: 'vehicle-silent' } }],
  ['Out of service by ada: in the workshop', { outOfService: { by: 'ada', reason: 'in the workshop' } }],
  [`Closed ${at(NOW_MS - 9000)}. Acknowledged by kim ${at(NOW_MS - 5000)}`, { ...over, ...seen }],
  [`Closed ${at(NOW_MS - 9000)} by the room`, { ...over, ...seen, acknowledgedBy: 'engine' }],
])('%s', (expected, part) => {
  expect(text(part)).toBe(expected);
});

test.each<[string, Partial<Alert>]>([
  ['', {}],
  ['212 vehicles', { group: { kind: 'area', label: 'BER', count: 212, open: 200 } }],
  ['1 more alert', { group: { kind: 'vehicle', label: 'V-1', count: 2, open: 2 } }],
  ['3 more alerts', { group: { kind: 'vehicle', label: 'V-1', count: 4, open: 0 } }],
  ['chattering, happened 6 times', { chattering: true, repeats: 5 }],
  [
    '2 more alerts, chattering, happened 2 times',
    { chattering: true, repeats: 1, group: { kind: 'chatter', label: 'V-1', count: 3, open: 1 } },
  ],
])('an entry says what it stands for: %s', (expected, part) => {
  expect(entryText(anAlert({ id: 'a', ...part }))).toBe(expected);
});
