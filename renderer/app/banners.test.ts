import { expect, test } from 'vitest';
import { aSummary } from '../room/testing/room-harness.tsx';
import { bannersFor } from './banners.ts';

const open = { state: 'open' } as const;
const down = { state: 'reconnecting', detail: 'The broker does not answer.' } as const;

test('nothing to say when all is well or nothing is known yet', () => {
  expect(bannersFor(open, aSummary({}), 0)).toEqual([]);
  expect(bannersFor({ state: 'connecting' }, undefined, 0)).toEqual([]);
});

test('a lost link is the only banner and counts down', () => {
  const lost = { state: 'lost', reason: 'closed', retryAtMs: 4200 } as const;
  expect(bannersFor(lost, aSummary({ broker: down }), 1000)).toEqual([
    { kind: 'link', text: 'Connection to the room is lost. Trying again in 4 s.' },
  ]);
  expect(bannersFor(lost, undefined, 9000)[0].text).toContain('Trying again now.');
});

test('the broker and problems each once', () => {
  const summary = aSummary({ broker: down, problems: [down.detail, 'Not recording: the disk is full.'] });
  expect(bannersFor(open, summary, 0).map((b) => b.kind)).toEqual(['broker', 'problem']);
});
