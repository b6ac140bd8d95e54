import { expect, test } from 'vitest';
import { SilenceClock } from './silence-clock.ts';

const T0 = Date.UTC(2026, 2, 1, 10);

/** Ticks at seconds after T0; answers what the clock says at the end, s. */
function run(...ticks: [second: number, listening: boolean][]): number {
  const clock = new SilenceClock();
  for (const [second, listening] of ticks) clock.tick(T0 + second * 1000, listening);
  return clock.nowS;
}

test('counts the time between ticks while the room listens', () => {
  expect(run([0, true])).toBe(0);
  expect(run([0, true], [1, true], [2, true], [3.5, true])).toBe(3.5);
});

test('stands while the broker is away', () => {
  expect(run([0, true], [1, true], [2, false], [3, false], [4, true], [5, true])).toBe(3);
});

test('a gap of more than 5 s is a room that was closed', () => {
  expect(run([0, true], [5, true])).toBe(5);
  expect(run([0, true], [5.001, true])).toBe(0);
  expect(run([0, true], [1, true], [86_400, true], [86_401, true])).toBe(2);
});

test('a wall clock that is set back takes nothing away', () => {
  expect(run([100, true], [101, true], [50, true], [51, true])).toBe(2);
});

test('goes on from a stored state', () => {
  const clock = new SilenceClock();
  clock.nowS = 40;
  clock.lastTickMs = T0;
  clock.tick(T0 + 1000, true);
  expect(clock.nowS).toBe(41);
});
