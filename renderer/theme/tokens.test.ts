import { expect, test } from 'vitest';
import { ALERT_COLORS, ALERT_SHAPES, CAUTION, GROUND, TEXT } from './tokens.ts';

/** Relative luminance after WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = [GROUND.page, GROUND.panel, GROUND.raised, GROUND.control];

test.each(
  [...Object.values(TEXT), ...Object.values(ALERT_COLORS), CAUTION].flatMap((ink) => grounds.map((g) => [ink, g])),
)('%s on %s can be read (at least 4.5 to 1)', (ink, ground) => {
  expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
});

test('every priority has a shape of its own', () => {
  expect(new Set(Object.values(ALERT_SHAPES)).size).toBe(4);
});
