import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headingGapDeg } from './geometry.ts';
import { TRACK_POINT_BYTES } from './outputs.ts';
import { decodeTrack, encodeTrackPoint, MAX_TRACK_SPAN_MS } from './track-codec.ts';

const START_MS = 1_750_000_000_000;

function bytesFor(points: number): { data: Uint8Array; view: DataView } {
  const data = new Uint8Array(points * TRACK_POINT_BYTES);
  return { data, view: new DataView(data.buffer) };
}

describe('track codec', () => {
  it('gives back every point within its resolution', () => {
    const point = fc.record({
      sinceMs: fc.integer({ min: 0, max: MAX_TRACK_SPAN_MS }),
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
      speed: fc.double({ min: 0, max: 350, noNaN: true }),
      heading: fc.double({ min: 0, max: 360, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 64 }), (points) => {
        const { data, view } = bytesFor(points.length);
        for (const [i, p] of points.entries()) {
          encodeTrackPoint(
            view,
            i * TRACK_POINT_BYTES,
            START_MS,
            START_MS + p.sinceMs,
            p.lat,
            p.lon,
            p.speed,
            p.heading,
          );
        }
        const back = decodeTrack(data, START_MS);
        for (const [i, p] of points.entries()) {
          expect(Math.abs(back.timeMs[i] - (START_MS + p.sinceMs))).toBeLessThanOrEqual(50);
          expect(Math.abs(back.lat[i] - p.lat)).toBeLessThanOrEqual(0.51e-7);
          expect(Math.abs(back.lon[i] - p.lon)).toBeLessThanOrEqual(0.51e-7);
          expect(Math.abs(back.speedKmph[i] - Math.min(255, p.speed))).toBeLessThanOrEqual(0.5);
          expect(headingGapDeg(back.headingDeg[i], p.heading)).toBeLessThanOrEqual(0.71);
        }
      }),
    );
  });

  it('is little-endian at the documented offsets', () => {
    const { data, view } = bytesFor(1);
    encodeTrackPoint(view, 0, START_MS, START_MS + 25_800, 1e-7, -1e-7, 80, 90);
    expect([...data]).toEqual([2, 1, 64, 80, 1, 0, 0, 0, 255, 255, 255, 255]);
  });

  it('reads a view that does not start at the buffer’s first byte', () => {
    const { data, view } = bytesFor(3);
    encodeTrackPoint(view, TRACK_POINT_BYTES, START_MS, START_MS, 52.5, 13.4, 50, 180);
    const back = decodeTrack(data.subarray(TRACK_POINT_BYTES, 2 * TRACK_POINT_BYTES), START_MS);
    expect(back).toEqual({ timeMs: [START_MS], lat: [52.5], lon: [13.4], speedKmph: [50], headingDeg: [180] });
  });

  it('writes an unknown speed or heading as 0', () => {
    const { data, view } = bytesFor(1);
    encodeTrackPoint(view, 0, START_MS, START_MS, 1, 2, Number.NaN, Number.NaN);
    expect(decodeTrack(data, START_MS)).toMatchObject({ speedKmph: [0], headingDeg: [0] });
  });

  it('refuses what it cannot hold', () => {
    const { view } = bytesFor(1);
    const encode = (timeMs: number, lat = 1, lon = 2) => encodeTrackPoint(view, 0, START_MS, timeMs, lat, lon, 0, 0);
    expect(() => encode(START_MS - 1)).toThrow(RangeError);
    expect(() => encode(START_MS + MAX_TRACK_SPAN_MS + 1)).toThrow(/0…6553500 ms fit/);
    expect(() => encode(START_MS, 91)).toThrow(/not on the globe/);
    expect(() => encode(START_MS, 1, Number.NaN)).toThrow(/not on the globe/);
    expect(() => decodeTrack(new Uint8Array(13), START_MS)).toThrow(/13 bytes/);
  });
});
