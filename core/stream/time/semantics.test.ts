import { describe, expect, test } from 'vitest';
import {
  addClampedMs,
  cleanupTimeMs,
  MAX_TIME_MS,
  maxTimestampMs,
  NO_WATERMARK_MS,
  watermarkFor,
} from './watermark.ts';
import { WatermarkValve, type WatermarkValveOptions } from './watermark-valve.ts';

/** A valve that waits for sources 0 … n − 1, of which the first report the given watermarks. */
function valveOf(sources: number, watermarksMs: readonly number[], options: WatermarkValveOptions = {}) {
  const valve = new WatermarkValve(options);
  for (let source = 0; source < sources; source++) valve.markActive(source);
  for (const [source, ms] of watermarksMs.entries()) valve.advance(source, ms);
  return valve;
}

describe('event time', () => {
  test('the watermark is the newest event time less the bound less 1 ms', () => {
    expect(watermarkFor(10_000, 5000)).toBe(4999);
    expect(watermarkFor(0, 0)).toBe(-1);
    expect(watermarkFor(-MAX_TIME_MS, 5000)).toBe(-MAX_TIME_MS);
  });

  test('row 7: end + lateness overflows: clamped to the last instant', () => {
    expect(maxTimestampMs(2000)).toBe(1999);
    expect(cleanupTimeMs(2000, 10)).toBe(2009);
    expect(cleanupTimeMs(MAX_TIME_MS, 5000)).toBe(MAX_TIME_MS);
    expect(cleanupTimeMs(2000, MAX_TIME_MS)).toBe(MAX_TIME_MS);
    expect(addClampedMs(-MAX_TIME_MS, -1)).toBe(-MAX_TIME_MS);
  });

  test('row 14: a watermark of 18 after 25 leaves it at 25', () => {
    const valve = valveOf(1, [25]);
    valve.advance(0, 18);
    expect(valve.watermarkMs).toBe(25);
    valve.advance(0, 26);
    expect(valve.watermarkMs).toBe(26);
  });

  test('row 15: two of three sources reported: no combined watermark yet', () => {
    const valve = valveOf(3, [10, 12]);
    expect(valve.watermarkMs).toBe(NO_WATERMARK_MS);
    valve.advance(2, 11);
    expect(valve.watermarkMs).toBe(10);
  });

  test('row 16: watermarks 15 and 10, the third goes idle: 10', () => {
    const valve = valveOf(3, [15, 10]);
    expect(valve.watermarkMs).toBe(NO_WATERMARK_MS);
    valve.markIdle(2);
    expect(valve.watermarkMs).toBe(10);
    expect(valve.idle).toBe(false);
  });

  test.each([
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ])('row 17: 10, 5, 3 all go idle in the order %d, %d, %d: flush to 10, then idle', (...order) => {
    const valve = valveOf(3, [10, 5, 3]);
    expect(valve.watermarkMs).toBe(3);
    for (const source of order) {
      expect(valve.idle).toBe(false);
      valve.markIdle(source);
    }
    expect(valve.watermarkMs).toBe(10);
    expect(valve.idle).toBe(true);
  });

  test('row 18: an idle source returns with 5 while the watermark is 7: it holds nothing until it is at 7', () => {
    const valve = valveOf(2, [7]);
    valve.markIdle(1);
    expect(valve.watermarkMs).toBe(7);
    valve.advance(1, 5);
    expect(valve.watermarkMs).toBe(7);
    valve.advance(0, 8);
    expect(valve.watermarkMs).toBe(8);
    valve.advance(1, 7);
    valve.advance(0, 9);
    expect(valve.watermarkMs).toBe(9);
    valve.advance(1, 9);
    valve.advance(0, 20);
    expect(valve.watermarkMs).toBe(9);
    valve.advance(1, 15);
    expect(valve.watermarkMs).toBe(15);
  });

  test('row 19: only unaligned sources active: no output, never the last instant', () => {
    const valve = valveOf(2, [7]);
    valve.markIdle(1);
    valve.advance(1, 3);
    valve.markIdle(0);
    expect(valve.idle).toBe(false);
    expect(valve.watermarkMs).toBe(7);
    valve.advance(1, 5);
    expect(valve.watermarkMs).toBe(7);
    valve.advance(1, 8);
    expect(valve.watermarkMs).toBe(8);
  });

  test('row 20: a source that is not read for back-pressure is not idle', () => {
    const valve = new WatermarkValve({ idleAfterMs: 60_000 });
    valve.tick(1000);
    valve.advance(0, 10);
    valve.advance(1, 20);
    valve.tick(30_000);
    valve.advance(1, 30);
    valve.tick(600_000, false);
    expect(valve.activeSources).toBe(2);
    expect(valve.watermarkMs).toBe(10);
    valve.tick(630_999);
    expect(valve.activeSources).toBe(2);
    valve.tick(631_000);
    expect(valve.activeSources).toBe(1);
    expect(valve.watermarkMs).toBe(30);
  });

  test('row 21: an idle timeout of T ends after exactly T', () => {
    const valve = new WatermarkValve({ idleAfterMs: 5000 });
    valve.tick(100_000);
    valve.advance(0, 1);
    valve.advance(1, 2);
    valve.tick(103_000);
    valve.advance(1, 2);
    valve.tick(104_999);
    expect(valve.activeSources).toBe(2);
    valve.tick(105_000);
    expect(valve.activeSources).toBe(1);
    expect(valve.watermarkMs).toBe(2);
    valve.tick(107_999);
    expect(valve.idle).toBe(false);
    valve.tick(108_000);
    expect(valve.idle).toBe(true);
  });
});

describe('a fleet clock', () => {
  test('in whole seconds is at most a second low and still never goes back', () => {
    const valve = valveOf(2, [12_345, 10_999], { granularityMs: 1000 });
    expect(valve.watermarkMs).toBe(10_000);
    valve.advance(1, 11_000);
    expect(valve.watermarkMs).toBe(11_000);
    valve.advance(1, 12_999);
    expect(valve.watermarkMs).toBe(12_000);
  });

  test('does not wait for a source that is further behind the newest than the longest hold', () => {
    const valve = valveOf(3, [1000, 1000, 1000], { maxHoldMs: 500 });
    valve.advance(0, 1500);
    expect(valve.watermarkMs).toBe(1000);
    valve.advance(1, 1501);
    expect(valve.watermarkMs).toBe(1500);
    valve.advance(2, 1400);
    valve.advance(0, 1502);
    expect(valve.watermarkMs).toBe(1501);
    valve.advance(2, 1501);
    valve.advance(1, 1600);
    valve.advance(0, 1600);
    expect(valve.watermarkMs).toBe(1501);
  });

  test('refuses settings that make no sense', () => {
    expect(() => new WatermarkValve({ granularityMs: 0 })).toThrow(RangeError);
    expect(() => new WatermarkValve({ idleAfterMs: -1 })).toThrow(RangeError);
    expect(() => new WatermarkValve({ maxHoldMs: Number.NaN })).toThrow(RangeError);
  });
});
