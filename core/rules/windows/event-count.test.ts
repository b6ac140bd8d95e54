import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EventCount, eventCount, MOST_EVENTS } from './event-count.ts';

fc.configureGlobal({ seed: 20_260_301 });

function restarted(spanMs: number, events: EventCount): EventCount {
  const state = new Map(events.arrays('e', 2));
  const fresh = eventCount(spanMs);
  expect(fresh.restore('e', 2, (name) => state.get(name))).toBe(true);
  return fresh;
}

test('counts the events of the last span, whatever their order, over restarts', () => {
  const step = fc.record({ slot: fc.integer({ min: 0, max: 1 }), timeMs: fc.integer({ min: 0, max: 400 }) });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.array(step, { maxLength: 150, size: 'max' }),
      fc.nat(149),
      fc.nat(400),
      (spanMs, steps, restartAt, laterMs) => {
        let events = eventCount(spanMs);
        const all: number[][] = [[], []];
        for (const [i, { slot, timeMs }] of steps.entries()) {
          events.add(slot, timeMs);
          all[slot].push(timeMs);
          if (i === restartAt) events = restarted(spanMs, events);
          const newestMs = Math.max(...all[slot]);
          for (const nowMs of [newestMs, newestMs + laterMs]) {
            const wanted = all[slot].filter((ms) => ms > nowMs - spanMs).length;
            expect(events.count(slot, nowMs)).toBe(Math.min(wanted, MOST_EVENTS));
          }
        }
        for (const slot of [0, 1]) {
          const newestMs = Math.max(...all[slot]);
          const kept = all[slot].filter((ms) => ms > newestMs - spanMs).sort((a, b) => a - b);
          expect(events.times(slot)).toEqual(kept.slice(-MOST_EVENTS));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('an event exactly one span ago no longer counts, one that is still to come does not yet', () => {
  const events = eventCount(60_000);
  events.add(0, 1000);
  events.add(0, 31_000);
  expect(events.count(0, 60_999)).toBe(2);
  expect(events.count(0, 61_000)).toBe(1);
  expect(events.count(0, 30_999)).toBe(1);
});

test('of more than 64 the oldest are dropped', () => {
  const events = eventCount(1_000_000);
  for (let i = 0; i < 100; i++) events.add(0, i);
  expect(events.count(0, 100)).toBe(64);
  expect(events.times(0)[0]).toBe(36);
  const { bytes } = events;
  for (let i = 100; i < 1000; i++) events.add(0, i);
  expect(events.bytes).toBe(bytes);
});

test('a vehicle without events has none, and the caller cannot change what is kept', () => {
  const events = eventCount(1000);
  expect([events.count(5, 0), events.count(70_000, 0)]).toEqual([0, 0]);
  expect(events.times(5)).toEqual([]);
  events.add(5, 10);
  events.times(5).push(11);
  expect(events.times(5)).toEqual([10]);
  expect(eventCount(1000).restore('other', 1, () => undefined)).toBe(false);
});
