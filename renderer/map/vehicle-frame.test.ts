import { expect, test } from 'vitest';
import { glowAt, vehicleSizePx } from './vehicle-frame.ts';

test('vehicles grow with the zoom, without steps', () => {
  let last = vehicleSizePx(0);
  for (let zoom = 0; zoom <= 20; zoom += 0.1) {
    const size = vehicleSizePx(zoom);
    expect(size).toBeGreaterThanOrEqual(last);
    expect(size - last).toBeLessThan(0.5);
    last = size;
  }
  expect(vehicleSizePx(0)).toBe(9);
  expect(vehicleSizePx(20)).toBe(26);
});

test('the glow breathes between 0 and 1, or stays steady', () => {
  const glows = Array.from({ length: 100 }, (_, i) => glowAt(1000 + i * 0.1, false));
  expect(Math.min(...glows)).toBeLessThan(0.05);
  expect(Math.max(...glows)).toBeGreaterThan(0.95);
  expect(glowAt(3, true)).toBe(glowAt(4.1, true));
});
