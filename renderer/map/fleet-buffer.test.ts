import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { MOVEMENT } from '../../core/model/movement.ts';
import { decodeFrame, emptyColumns, encodeFrame, type FleetColumns } from '../../core/protocol/frame.ts';
import { FleetBuffer } from './fleet-buffer.ts';
import { ALERT, FLAGS, RECORD_BYTES, SELECTED } from './fleet-record.ts';

interface Row {
  slot?: number;
  lon?: number;
  lat?: number;
  headingDeg?: number;
  eventMs?: number;
  movement?: number;
  priority?: number;
  unacknowledged?: number;
}

let eventMs = 1_800_000_000_000;

function frame(...rows: Row[]): FleetColumns {
  const columns = emptyColumns(rows.length);
  columns.count = rows.length;
  for (const [i, row] of rows.entries()) {
    const full = { slot: i, lon: 77, lat: 13, headingDeg: 0, eventMs: ++eventMs, movement: MOVEMENT.moving, ...row };
    columns.slot[i] = full.slot;
    columns.lon[i] = full.lon;
    columns.lat[i] = full.lat;
    columns.headingDeg[i] = full.headingDeg;
    columns.eventMs[i] = full.eventMs;
    columns.speedKmph[i] = 50;
    columns.movement[i] = full.movement;
    columns.priority[i] = full.priority ?? 0;
    columns.unacknowledged[i] = full.unacknowledged ?? 0;
  }
  return columns;
}

/** A map of `pxPerDeg` whose pixel (500, 500) is at [77, 13]. */
const viewport = (pxPerDeg: number) => ({
  unproject: ([x, y]: [number, number]) => [77 + (x - 500) / pxPerDeg, 13 - (y - 500) / pxPerDeg] as const,
});

const drawnSlots = (fleet: FleetBuffer): number[] => {
  const order = fleet.drawOrder();
  return Array.from(order.slots.subarray(0, order.length));
};

test('the drawn position is continuous across an update and ends exactly at the fix', () => {
  const step = fc.record({
    gapS: fc.double({ min: 0.01, max: 6, noNaN: true }),
    dLon: fc.double({ min: -0.004, max: 0.004, noNaN: true }),
    dLat: fc.double({ min: -0.004, max: 0.004, noNaN: true }),
  });
  const startS = fc.double({ min: 0, max: 200_000, noNaN: true });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), startS, (steps, start) => {
      const fleet = new FleetBuffer();
      let nowS = start;
      let lon = 77.5946;
      let lat = 12.9716;
      fleet.apply(frame({ lon, lat }), nowS);
      for (const { gapS, dLon, dLat } of steps) {
        nowS += gapS;
        lon += dLon;
        lat += dLat;
        const before = fleet.at(0, nowS);
        fleet.apply(frame({ lon, lat }), nowS);
        const after = fleet.at(0, nowS);
        // 1e-7 degrees are one centimetre.
        expect(after?.[0]).toBeCloseTo(before?.[0] ?? Number.NaN, 7);
        expect(after?.[1]).toBeCloseTo(before?.[1] ?? Number.NaN, 7);
        expect(fleet.at(0, nowS + 3.1)?.[0]).toBeCloseTo(lon, 8);
        expect(fleet.at(0, nowS + 3.1)?.[1]).toBeCloseTo(lat, 8);
        expect(fleet.lon[0]).toBe(lon);
      }
    }),
  );
});

test('a glide takes about the interval between the messages of the vehicle', () => {
  const halfway = (intervalS: number): number => {
    const fleet = new FleetBuffer();
    for (let i = 0; i <= 12; i++) fleet.apply(frame({ lon: 77 + i / 1000 }), i * intervalS);
    return ((fleet.at(0, 12.5 * intervalS)?.[0] ?? 0) - 77.011) / 0.001;
  };
  expect(halfway(0.5)).toBeGreaterThan(0.3);
  expect(halfway(0.5)).toBeLessThan(0.6);
  expect(halfway(2)).toBeGreaterThan(0.3);
  expect(halfway(2)).toBeLessThan(0.6);
  // Rare messages: the vehicle is there after three seconds at the latest.
  expect(halfway(60)).toBeCloseTo(1, 6);
});

test('an update without a new position leaves the glide alone', () => {
  const fleet = new FleetBuffer();
  fleet.apply(frame({ lon: 77 }), 0);
  fleet.apply(frame({ lon: 77.001 }), 1);
  const expected = fleet.at(0, 1.5);
  fleet.apply(frame({ lon: 77.001, priority: 1 }), 1.2);
  expect(fleet.at(0, 1.5)).toEqual(expected);
});

test('a jump is no movement: the vehicle is put there at once', () => {
  const fleet = new FleetBuffer();
  fleet.apply(frame({ lon: 179.9, lat: 0 }), 0);
  fleet.apply(frame({ lon: -179.9, lat: 0 }), 1);
  expect(fleet.at(0, 1)).toEqual([expect.closeTo(-179.9, 9), 0]);
});

test('vehicles turn the short way', () => {
  const fleet = new FleetBuffer();
  fleet.apply(frame({ lon: 77, headingDeg: 350 }), 0);
  fleet.apply(frame({ lon: 77.001, headingDeg: 10 }), 1);
  const turns = [1, 1.1, 1.2, 1.3, 2].map((nowS) => (fleet.glides.headingAt(0, nowS) / 65_536) * 360);
  expect(turns[0]).toBeCloseTo(350, 1);
  expect(turns.at(-1)).toBeCloseTo(370, 1);
  expect(turns).toEqual(turns.toSorted((a, b) => a - b));
});

test('hours later glides are as smooth as in the first second', () => {
  const fleet = new FleetBuffer();
  const hours = 30;
  for (let i = 0; i <= hours; i++) fleet.apply(frame({ lon: 77 }), i * 3700);
  const startS = hours * 3700;
  fleet.apply(frame({ lon: 77.001 }), startS + 1);
  const quarters = [0, 0.25, 0.5].map((s) => fleet.at(0, startS + 1 + s)?.[0] ?? Number.NaN);
  expect(quarters[2] - quarters[1]).toBeCloseTo(quarters[1] - quarters[0], 6);
  expect(startS + 1 - fleet.glides.epochS).toBeLessThan(4000);
});

test('vehicles without a position are not drawn, not picked and not in the bounds', () => {
  const fleet = new FleetBuffer();
  expect(fleet.bounds()).toBeUndefined();
  fleet.apply(frame({ lon: Number.NaN, lat: Number.NaN }, { lon: 77, lat: 13 }, { slot: 7, lon: 78, lat: 12 }), 0);
  expect(fleet.count).toBe(8);
  expect(drawnSlots(fleet)).toEqual([1, 7]);
  expect(fleet.at(0, 0)).toBeUndefined();
  expect(fleet.at(5, 0)).toBeUndefined();
  expect(fleet.bounds()).toEqual([
    [77, 12],
    [78, 13],
  ]);
  fleet.apply(frame({ slot: 0, lon: 79, lat: 13 }, { slot: 1, lon: Number.NaN, lat: 13 }), 1);
  expect(drawnSlots(fleet)).toEqual([0, 7]);
});

test('capacity doubles as slots come and keeps what was there', () => {
  const fleet = new FleetBuffer();
  fleet.apply(frame({ slot: 3, lon: 70.5, lat: 10, priority: 2 }), 0);
  fleet.apply(frame({ slot: 9000, lon: 71, lat: 11 }), 1);
  expect(fleet.capacity).toBe(16_384);
  expect(fleet.count).toBe(9001);
  expect(fleet.at(3, 1)).toEqual([expect.closeTo(70.5, 9), 10]);
  expect(fleet.priority[3]).toBe(2);
  expect(fleet.glides.records.bytes[3 * RECORD_BYTES + ALERT]).toBe(2);
  expect(drawnSlots(fleet)).toEqual([9000, 3]);
});

test('urgent vehicles lie on top, those that wait for an acknowledgement above them, the selected one on top of all', () => {
  const fleet = new FleetBuffer();
  fleet.apply(
    frame(
      { priority: 1, unacknowledged: 1 },
      { priority: 4 },
      { movement: MOVEMENT.stopped },
      { priority: 1 },
      {},
      { movement: MOVEMENT.offline },
      { priority: 4, unacknowledged: 1 },
    ),
    0,
  );
  expect(drawnSlots(fleet)).toEqual([5, 2, 4, 1, 3, 6, 0]);
  expect(fleet.drawOrder().unacknowledged).toBe(2);
  fleet.setSelected(2);
  fleet.setHovered(5);
  expect(drawnSlots(fleet)).toEqual([4, 1, 3, 6, 0, 5, 2]);
  fleet.setSelected(-1);
  expect(fleet.glides.records.bytes[2 * RECORD_BYTES + FLAGS] & SELECTED).toBe(0);
  expect(drawnSlots(fleet).at(-1)).toBe(5);
});

test('vehicles for which a bubble stands are not drawn, unless selected', () => {
  const fleet = new FleetBuffer();
  fleet.apply(frame({}, {}, { priority: 1 }), 0);
  fleet.binned.fill(1, 0, 3);
  fleet.touchOrder();
  expect(drawnSlots(fleet)).toEqual([]);
  fleet.setSelected(1);
  expect(drawnSlots(fleet)).toEqual([1]);
});

test('pick returns the nearest drawn vehicle within reach, where it is drawn at that moment', () => {
  const place = fc.record({
    lon: fc.double({ min: 76.5, max: 77.5, noNaN: true }),
    lat: fc.double({ min: 12.5, max: 13.5, noNaN: true }),
  });
  const pixel = fc.integer({ min: 300, max: 700 });
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 60 }), pixel, pixel, (places, x, y) => {
      const fleet = new FleetBuffer();
      fleet.apply(frame(...places), 0);
      fleet.apply(frame(...places.map(({ lon, lat }) => ({ lon: lon + 0.01, lat: lat - 0.01 }))), 1);
      const nowS = 1.4;
      const distances = places.map((_, slot) => {
        const [lon, lat] = fleet.at(slot, nowS) ?? [0, 0];
        return Math.hypot((lon - 77) * 1000 + 500 - x, 500 - (lat - 13) * 1000 - y);
      });
      const nearestPx = Math.min(...distances);
      const picked = fleet.pick(viewport(1000), x, y, 12, nowS);
      if (picked >= 0) expect(distances[picked]).toBeCloseTo(nearestPx, 1);
      else expect(nearestPx).toBeGreaterThan(11.9);
    }),
  );
});

test('pick works across the antimeridian and in a repeated world', () => {
  const fleet = new FleetBuffer();
  fleet.apply(frame({ lon: 179.9995, lat: 13 }), 0);
  const shifted = (offset: number) => ({
    unproject: ([x, y]: [number, number]) => [offset + (x - 500) / 1000, 13 - (y - 500) / 1000] as const,
  });
  expect(fleet.pick(shifted(-179.9995), 500, 500, 5, 0)).toBe(0);
  expect(fleet.pick(shifted(540), 500, 500, 5, 0)).toBe(0);
  expect(fleet.pick(shifted(0), 500, 500, 5, 0)).toBe(-1);
});

test('only changed slots are dirty, and listeners hear of every change', () => {
  const fleet = new FleetBuffer();
  const heard = vi.fn();
  const stop = fleet.onChange(heard);
  fleet.apply(frame({ slot: 4 }, { slot: 9 }), 0);
  expect([fleet.dirtyFrom, fleet.dirtyTo]).toEqual([4, 9]);
  fleet.clearDirty();
  expect(fleet.dirtyFrom > fleet.dirtyTo).toBe(true);
  fleet.setSelected(6);
  expect([fleet.dirtyFrom, fleet.dirtyTo]).toEqual([6, 6]);
  expect(heard).toHaveBeenCalledTimes(2);
  stop();
  fleet.setSelected(-1);
  expect(heard).toHaveBeenCalledTimes(2);
});

test('a cleared buffer forgets its vehicles and takes new ones in their slots', () => {
  const fleet = new FleetBuffer();
  fleet.apply(frame({ slot: 2, lon: 77, priority: 1, unacknowledged: 1 }), 0);
  fleet.setSelected(2);
  fleet.clear();
  expect([fleet.count, fleet.selectedSlot, fleet.drawOrder().length]).toEqual([0, -1, 0]);
  fleet.apply(frame({ slot: 2, lon: 77.001 }), 1);
  expect(fleet.at(2, 1)).toEqual([expect.closeTo(77.001, 9), 13]);
  expect(fleet.priority[2]).toBe(0);
  expect(fleet.glides.records.bytes[2 * RECORD_BYTES + ALERT]).toBe(0);
});

test('a decoded frame is taken as it is', () => {
  const fleet = new FleetBuffer();
  const columns = frame({ lon: 1, lat: 2 }, { slot: 5, lon: 3, lat: 4, priority: 2, unacknowledged: 1 });
  fleet.apply(decodeFrame(encodeFrame({ sequence: 1, merged: 0, sentMs: 0 }, columns)), 0);
  expect(fleet.count).toBe(6);
  expect(fleet.lon[5]).toBe(3);
  expect(fleet.priority[5]).toBe(2);
});
