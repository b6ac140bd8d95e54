import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_REFERENCE, REFERENCE_FIELDS, type ReferenceData } from '../../model/reference.ts';
import { FleetState } from '../fleet-state.ts';
import { CHANGED, Reference } from './reference.ts';
import { square } from './testing/fences.ts';

fc.configureGlobal({ seed: 20_260_301 });

const T0 = Date.UTC(2026, 5, 1, 8);
const names = ['V-1', 'V-2', 'V-3'];
const nameOf = (slot: number): string => names[slot];

const data: ReferenceData = {
  vehicles: [
    { vehicleId: 'V-1', facts: { class: 'van', limit_kmph: 90, tank_l: 70, vin: 12345 } },
    { vehicleId: 'V-2', facts: { class: 'truck' } },
  ],
  drivers: [{ driverId: 'D-1', facts: { name: 'Ada', depot: 'BER' } }],
  orders: [
    {
      orderId: 'O-1',
      vehicleId: 'V-1',
      routeId: 'R-1',
      stops: [
        { stopId: 'S-1', kind: 'loading', lat: 50, lon: 10, promisedMs: T0, serviceMin: 20 },
        { stopId: 'S-2', kind: 'unloading', lat: 50.02, lon: 10, promisedMs: T0 + 3_600_000, serviceMin: 10 },
      ],
    },
  ],
  routes: [
    {
      routeId: 'R-1',
      points: [
        [10, 50],
        [10, 50.02],
      ],
      corridorM: 100,
      limitKmph: 60,
    },
  ],
  geofences: [
    square('yard', 10, 50, 0.001, { groups: ['depots'], limitKmph: 20 }),
    square('town', 10, 50, 0.005, { groups: ['towns'] }),
    square('other', 10.003, 50.003, 0.005, { groups: ['towns', 'depots'] }),
  ],
  reservations: [
    { reservationId: 'B-1', vehicleId: 'V-2', driverId: '', fromMs: T0, toMs: T0 + 1000 },
    { reservationId: 'B-2', vehicleId: 'V-2', driverId: '', fromMs: T0 + 5000, toMs: T0 + 6000 },
  ],
};

class Fleet {
  readonly state = new FleetState();
  reference = new Reference(this.state, nameOf);

  fix(slot: number, timeMs: number, lat: number, lon: number, speedKmph: number, driverId = ''): number {
    this.state.use(slot, 0);
    this.state.lat[slot] = lat;
    this.state.lon[slot] = lon;
    this.state.clockMs[slot] = timeMs;
    this.state.driverIds[slot] = driverId;
    return this.reference.position(slot, timeMs, lat, lon, speedKmph);
  }

  /** All fields of all vehicles, and their places. */
  all(atMs: number): unknown {
    const { reference } = this;
    const keys = ['yard', 'depots', 'towns', 'nowhere'].map((name) => reference.placeKey(name));
    return names.map((_, slot) => [
      ...REFERENCE_FIELDS.map((field) => reference.fieldReader(field.name)(slot, atMs)),
      ...keys.flatMap((key) => [reference.inside(slot, key), reference.placeName(slot, key)]),
      ...keys.map((key) => reference.places.insideSinceMs(slot, key)),
    ]);
  }

  /** Through a checkpoint, as the engine does it: the columns first. */
  restart(): void {
    const sections = new Map(this.reference.arrays(this.state.count).map(([name, array]) => [name, array.slice()]));
    this.reference = new Reference(this.state, nameOf);
    this.reference.restore(this.state.count, (name) => sections.get(name));
  }
}

describe('reference', () => {
  it('reads every field there is', () => {
    const { reference, state } = new Fleet();
    state.use(2, 0);
    for (const { name } of REFERENCE_FIELDS) {
      const expected = name === 'reservation.known' ? 0 : Number.NaN;
      expect(reference.fieldReader(name)(0, T0), name).toBe(expected);
    }
    expect(() => reference.fieldReader('vehicle.colour')).toThrow('there is no field `vehicle.colour`');
  });

  it('answers facts of the vehicle and of its driver', () => {
    const fleet = new Fleet();
    const { reference } = fleet;
    const text = (name: string, slot: number): string | undefined => {
      const code = reference.fieldReader(name)(slot, T0);
      return Number.isNaN(code) ? undefined : reference.textOf(code);
    };
    fleet.fix(0, T0, 50, 10, 0, 'D-1');
    fleet.fix(1, T0, 50, 10, 0, 'D-2');
    fleet.reference.use(data);
    expect([text('vehicle.class', 0), text('vehicle.class', 1), text('vehicle.class', 2)]).toEqual([
      'van',
      'truck',
      undefined,
    ]);
    expect([text('driver.name', 0), text('driver.name', 1)]).toEqual(['Ada', undefined]);
    expect(text('vehicle.vin', 0)).toBe('12345');
    expect(reference.fieldReader('vehicle.class')(1, T0)).toBe(reference.codeOf('truck'));
    expect([0, 1].map((slot) => reference.fieldReader('vehicle.tank_l')(slot, T0))).toEqual([70, Number.NaN]);
    expect([text('order.id', 0), text('route.id', 0), text('stop.kind', 0)]).toEqual(['O-1', 'R-1', 'loading']);
    expect([text('order.id', 1), text('route.id', 1), text('stop.kind', 1)]).toEqual([undefined, undefined, undefined]);
  });

  it('takes the lowest limit of place, route and vehicle', () => {
    const fleet = new Fleet();
    const { reference } = fleet;
    reference.use(data);
    const limit = reference.fieldReader('speed_limit');
    expect(fleet.fix(0, T0, 50, 10, 50)).toBe(CHANGED.places | CHANGED.figures);
    expect(limit(0, T0)).toBe(20);
    fleet.fix(0, T0 + 3000, 50.01, 10, 50);
    expect(limit(0, T0)).toBe(60);
    fleet.fix(0, T0 + 6000, 50.01, 10.1, 50);
    expect(limit(0, T0)).toBe(90);
    fleet.fix(1, T0, 51, 10, 50);
    expect(limit(1, T0)).toBeNaN();
  });

  it('knows whether a vehicle is reserved', () => {
    const { reference } = new Fleet();
    reference.use(data);
    const active = reference.fieldReader('reservation.active');
    expect([-1, 0, 999, 1000, 5000].map((ms) => active(1, T0 + ms))).toEqual([0, 1, 1, 0, 1]);
    expect(active(0, T0)).toBeNaN();
    expect([0, 1].map((slot) => reference.fieldReader('reservation.known')(slot, T0))).toEqual([0, 1]);
  });

  it('answers a place by name, as a code', () => {
    const fleet = new Fleet();
    const { reference } = fleet;
    const depots = reference.placeKey('depots');
    expect(reference.placeName(0, depots)).toBeNaN();
    reference.use(data);
    fleet.fix(0, T0, 50, 10, 50);
    expect(reference.textOf(reference.placeName(0, depots))).toBe('The yard');
    expect(fleet.fix(0, T0 + 2999, 51, 10, 50)).toBe(0);
    expect(reference.textOf(reference.placeName(0, depots))).toBe('The yard');
    fleet.fix(0, T0 + 3000, 51, 10, 50);
    expect(reference.placeName(0, depots)).toBe(reference.codeOf(''));
  });

  it('costs nothing without geofences and orders', () => {
    const fleet = new Fleet();
    fleet.reference.use({ ...data, geofences: [], orders: [] });
    expect(fleet.fix(0, T0, 50, 10, 0)).toBe(0);
  });

  it('says the same with a checkpoint in between as without', () => {
    const small = fc.double({ min: -0.012, max: 0.012, noNaN: true });
    const fix = fc.record({
      slot: fc.nat(2),
      x: small,
      y: small,
      speed: fc.constantFrom(0, 3, 40, 90, Number.NaN),
      driver: fc.constantFrom('', 'D-1', 'D-9'),
    });
    const change = fc.constantFrom('use', 'fewer', 'none', 'restart');
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 6, arbitrary: fix }, { weight: 2, arbitrary: change }), { maxLength: 60 }),
        (steps) => {
          const [plain, restarted] = [new Fleet(), new Fleet()];
          for (const [i, step] of steps.entries()) {
            const atMs = T0 + i * 20_000;
            for (const fleet of [plain, restarted]) {
              if (step === 'use') fleet.reference.use(data);
              else if (step === 'fewer')
                fleet.reference.use({ ...data, geofences: data.geofences.slice(1), routes: [] });
              else if (step === 'none') fleet.reference.use(NO_REFERENCE);
              else if (step !== 'restart')
                fleet.fix(step.slot, atMs, 50 + step.y, 10 + step.x, step.speed, step.driver);
            }
            if (step === 'restart') restarted.restart();
            expect(restarted.all(atMs)).toEqual(plain.all(atMs));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
