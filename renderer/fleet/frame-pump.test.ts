import { expect, test } from 'vitest';
import { emptyColumns, encodeFrame } from '../../core/protocol/frame.ts';
import { FleetBuffer } from '../map/fleet-buffer.ts';
import { createFramePump } from './frame-pump.ts';
import { createLagWindow } from './lag-window.ts';

/** A frame of vehicles 0… with these event times. */
function frame(sequence: number, eventMs: readonly number[]): Uint8Array {
  const columns = emptyColumns(eventMs.length);
  columns.count = eventMs.length;
  eventMs.forEach((ms, i) => {
    columns.slot[i] = i;
    columns.eventMs[i] = ms;
    columns.lat[i] = 50;
    columns.lon[i] = 5 + i;
  });
  return encodeFrame({ sequence, merged: 0, sentMs: 0 }, columns);
}

function pumped() {
  const target = new FleetBuffer();
  const lag = createLagWindow();
  const drawn: number[] = [];
  const newest: number[] = [];
  let draw: () => void = () => {};
  const pump = createFramePump({
    target,
    lag,
    redraw: () => {},
    drawn: (sequence) => drawn.push(sequence),
    advanced: (ms) => newest.push(ms),
    onNextDraw: (callback) => {
      draw = callback;
    },
  });
  return { target, lag, drawn, newest, pump, draw: () => draw() };
}

test('a frame reaches the buffer and is answered only when it has been drawn', () => {
  const { target, drawn, newest, pump, draw } = pumped();
  pump(frame(1, [1000, 2000]));
  expect(target.count).toBe(2);
  expect([...target.lon.slice(0, 2)]).toEqual([5, 6]);
  expect(newest).toEqual([2000]);
  expect(drawn).toEqual([]);
  draw();
  expect(drawn).toEqual([1]);
});

test('the lag is measured on rows that are newer than before, and never on the first frame', () => {
  const { lag, newest, pump, draw } = pumped();
  const longAgo = Date.now() - 3_600_000;
  pump(frame(1, [longAgo, longAgo]));
  draw();
  expect(lag.quantile(0.5, Date.now())).toBeUndefined();

  pump(frame(2, [longAgo, Date.now() - 20_000]));
  draw();
  expect(lag.quantile(0, Date.now())).toBeGreaterThan(19_000);
  expect(lag.quantile(1, Date.now())).toBeLessThan(600_000);
  expect(newest).toHaveLength(2);

  lag.clear();
  pump(frame(3, [longAgo, longAgo]));
  draw();
  expect(lag.quantile(0.5, Date.now())).toBeUndefined();
  expect(newest).toHaveLength(2);
});

test('bytes that are no frame are refused', () => {
  expect(() => pumped().pump(new Uint8Array([1, 2, 3]))).toThrow();
});
