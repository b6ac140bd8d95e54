// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { BubbleCanvas, type MapView } from './bubble-canvas.ts';
import { mercatorX, mercatorY } from './mercator.ts';

const bubble = (lon: number, lat: number) => ({
  count: 100,
  x: mercatorX(lon),
  y: mercatorY(lat),
  worst: 0,
  unacknowledged: 0,
});

const view = (lon: number, zoom: number): MapView => ({
  x: mercatorX(lon),
  y: mercatorY(0),
  zoom,
  widthPx: 1000,
  heightPx: 600,
});

test('a bubble is found where it is drawn', () => {
  const canvas = new BubbleCanvas();
  const middle = bubble(10, 0);
  canvas.draw([middle], view(10, 5));
  expect(canvas.element.hidden).toBe(false);
  expect(canvas.at(500, 300)).toBe(middle);
  expect(canvas.at(500, 330)).toBeUndefined();
  canvas.draw([middle], view(11, 5));
  // One degree at zoom 5 is 512 · 2⁵ / 360 = 45.5 px.
  expect(canvas.at(500 - 45, 300)).toBe(middle);
});

test('beyond the antimeridian and in a repeated world it is still found', () => {
  const canvas = new BubbleCanvas();
  const fiji = bubble(-179, 0);
  canvas.draw([fiji], view(179, 4));
  expect(canvas.at(500 + 45, 300)).toBe(fiji);
  canvas.draw([fiji], view(0, 0));
  expect(canvas.at(Math.round(500 - (179 / 360) * 512), 300)).toBe(fiji);
  expect(canvas.at(Math.round(500 + (181 / 360) * 512), 300)).toBe(fiji);
});

test('without bubbles the canvas is out of the way', () => {
  const canvas = new BubbleCanvas();
  canvas.draw([], view(0, 3));
  expect(canvas.element.hidden).toBe(true);
  expect(canvas.at(500, 300)).toBeUndefined();
});
