// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { affordableFps, motionFps, Pacer } from './pacer.ts';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'requestAnimationFrame', 'cancelAnimationFrame', 'performance'],
  });
});

afterEach(() => {
  vi.useRealTimers();
  setHidden(false);
});

function setHidden(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}

function drawsIn(ms: number, wantedFps: () => number, during?: (pacer: Pacer) => void): number {
  let draws = 0;
  const pacer = new Pacer({ wantedFps, draw: () => draws++ });
  during?.(pacer);
  vi.advanceTimersByTime(ms);
  pacer.stop();
  return draws;
}

test('close up every frame counts, far away almost none', () => {
  expect(motionFps(17, 13)).toBe(60);
  expect(motionFps(5, 13)).toBeLessThan(0.1);
  expect(motionFps(12, 13)).toBeGreaterThan(motionFps(11, 13));
  // 25 m/s are 50 half pixels per second where a pixel is a metre.
  expect(motionFps(16.256, 0)).toBeCloseTo(50, 0);
});

test('an expensive frame is drawn so seldom that it takes half of the time', () => {
  expect(affordableFps(16)).toBe(60);
  expect(affordableFps(100)).toBe(5);
});

test('it draws at the wanted rate', () => {
  expect(drawsIn(10_000, () => 2)).toBeGreaterThanOrEqual(19);
  expect(drawsIn(10_000, () => 2)).toBeLessThanOrEqual(22);
  expect(drawsIn(2_000, () => 60)).toBeGreaterThan(100);
});

test('a picture that stands still is not drawn, until something is asked for', () => {
  expect(drawsIn(5_000, () => 0)).toBe(0);
  expect(
    drawsIn(
      5_000,
      () => 0,
      (pacer) => pacer.request(),
    ),
  ).toBe(1);
});

test('it wakes up when the answer changes', () => {
  let fps = 0;
  let draws = 0;
  const pacer = new Pacer({ wantedFps: () => fps, draw: () => draws++ });
  vi.advanceTimersByTime(1000);
  fps = 10;
  vi.advanceTimersByTime(1000);
  expect(draws).toBe(0);
  pacer.wake();
  vi.advanceTimersByTime(1000);
  expect(draws).toBeGreaterThanOrEqual(9);
  pacer.stop();
});

test('a hidden window is not drawn and asks for no frames', () => {
  let draws = 0;
  const pacer = new Pacer({ wantedFps: () => 30, draw: () => draws++ });
  vi.advanceTimersByTime(500);
  expect(draws).toBeGreaterThan(10);
  setHidden(true);
  const before = draws;
  pacer.request();
  vi.advanceTimersByTime(5000);
  expect(draws).toBe(before);
  expect(vi.getTimerCount()).toBe(0);
  setHidden(false);
  vi.advanceTimersByTime(500);
  expect(draws).toBeGreaterThan(before);
  pacer.stop();
  expect(vi.getTimerCount()).toBe(0);
});
