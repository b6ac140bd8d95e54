import { describe, expect, it } from 'vitest';
import { haversineM } from '../../model/geometry.ts';
import type { OrderStop, ReferenceOrder, ReferenceRoute } from '../../model/reference.ts';
import { FleetState } from '../fleet-state.ts';
import { Journeys, MOVED } from './journeys.ts';

const MINUTE = 60_000;
const START_MS = Date.UTC(2026, 5, 1, 8);

// A road from south to north along 10° east: 0.009° are about a kilometre.
const KM = 0.00899322;

const at = (stopId: string, km: number, promisedMin: number, kind: OrderStop['kind'] = 'unloading'): OrderStop => ({
  stopId,
  kind,
  lat: 50 + km * KM,
  lon: 10,
  promisedMs: START_MS + promisedMin * MINUTE,
  serviceMin: 15,
});

function order(orderId: string, stops: readonly OrderStop[], routeId = ''): ReferenceOrder {
  return { orderId, vehicleId: 'V-1', routeId, stops };
}

const road: ReferenceRoute = {
  routeId: 'road',
  points: Array.from({ length: 31 }, (_, km) => [10, 50 + km * KM]),
  corridorM: 100,
  limitKmph: 70,
};

/** A vehicle on that road. */
class Drive {
  readonly state = new FleetState();
  readonly journeys = new Journeys(() => 'V-1');
  timeMs = START_MS;

  constructor(orders: readonly ReferenceOrder[], routes: readonly ReferenceRoute[] = []) {
    this.state.use(0, 0);
    this.use(orders, routes);
  }

  use(orders: readonly ReferenceOrder[], routes: readonly ReferenceRoute[] = []): void {
    this.journeys.use(orders, routes, this.state);
  }

  fix(km: number, speedKmph: number, afterS = 10, lon = 10): number {
    this.timeMs += afterS * 1000;
    this.state.lat[0] = 50 + km * KM;
    this.state.lon[0] = lon;
    return this.journeys.move(0, this.timeMs, this.state.lat[0], lon, speedKmph);
  }

  /** From kilometre to kilometre at that speed, a fix every 10 s. */
  drive(fromKm: number, toKm: number, speedKmph: number): number {
    let moved = 0;
    const stepKm = speedKmph / 360;
    const steps = Math.round(Math.abs(toKm - fromKm) / stepKm);
    for (let i = 1; i <= steps; i++) moved |= this.fix(fromKm + ((toKm - fromKm) * i) / steps, speedKmph);
    return moved;
  }
}

describe('journeys', () => {
  it('reaches a stop standing near it and leaves it 200 m away', () => {
    const drive = new Drive([order('O-1', [at('A', 5, 20, 'loading'), at('B', 10, 60)])]);
    const { journeys } = drive;
    expect(journeys.stopsLeft(0)).toBe(2);
    expect(drive.fix(4.9, 30)).toBe(MOVED.figures);
    expect(journeys.waitMin(0)).toBeNaN();
    drive.fix(4.99, 4);
    expect(journeys.waitMin(0)).toBe(0);
    expect([journeys.etaMin(0), journeys.stop(0)?.kind]).toEqual([0, 'loading']);
    drive.fix(5.15, 10, 300);
    expect(journeys.waitMin(0)).toBe(5);
    const arrivalMs = drive.timeMs - 300_000;
    expect(journeys.lateMin(0)).toBeCloseTo((arrivalMs - (START_MS + 20 * MINUTE)) / MINUTE);
    expect(drive.fix(5.21, 30)).toBe(MOVED.figures | MOVED.stop);
    expect([journeys.stop(0)?.stopId, journeys.stopsLeft(0)]).toEqual(['B', 1]);
    expect(journeys.waitMin(0)).toBeNaN();
    drive.fix(10, 0);
    drive.fix(10.3, 30);
    expect([journeys.stop(0), journeys.order(0), journeys.stopsLeft(0)]).toEqual([undefined, undefined, 0]);
    expect(journeys.etaMin(0)).toBeNaN();
    expect(drive.fix(10.4, 30)).toBe(0);
  });

  it('does not reach a stop it drives past, and takes an unknown speed for standing', () => {
    const drive = new Drive([order('O-1', [at('A', 5, 20)])]);
    drive.drive(4, 6, 50);
    expect(drive.journeys.stop(0)?.stopId).toBe('A');
    drive.fix(5, Number.NaN);
    expect(drive.journeys.waitMin(0)).toBe(0);
  });

  it('reckons with the road ahead and the average of the last minutes', () => {
    const drive = new Drive([order('O-1', [at('A', 25, 30)], 'road')], [road]);
    const { journeys } = drive;
    drive.drive(0, 12, 60);
    // 12 min at 60 after a first guess of 40: the guess weighs e^(−12/5).
    const averageKmph = 60 - 20 * Math.exp(-12 / 5);
    expect(journeys.etaMin(0)).toBeCloseTo((13 / averageKmph) * 60, 0);
    expect(journeys.lateMin(0)).toBeCloseTo(12 + (13 / averageKmph) * 60 - 30, 0);
    expect(journeys.offM(0)).toBeCloseTo(0, 3);
    const etaMin = journeys.etaMin(0);
    drive.fix(12, 0, 600);
    expect(journeys.etaMin(0)).toBeCloseTo(etaMin, 6);
    expect(journeys.lateMin(0)).toBeCloseTo(22 + etaMin - 30, 0);
  });

  it('reckons with 1.3 times the straight line without a route, within 15 and 80 km/h', () => {
    const drive = new Drive([order('O-1', [at('A', 20, 30)])]);
    const { journeys } = drive;
    drive.fix(0, 0);
    const roadKm = (1.3 * haversineM(50, 10, 50 + 20 * KM, 10)) / 1000;
    expect(journeys.etaMin(0)).toBeCloseTo((roadKm / 40) * 60, 6);
    for (let i = 0; i < 200; i++) drive.fix(0, 130);
    expect(journeys.etaMin(0)).toBeCloseTo((roadKm / 80) * 60, 6);
    for (let i = 0; i < 500; i++) drive.fix(0, 6);
    expect(journeys.etaMin(0)).toBeCloseTo((roadKm / 15) * 60, 6);
    expect(journeys.offM(0)).toBeNaN();
  });

  it('knows how far off its route it is, and the limit on it', () => {
    const drive = new Drive([order('O-1', [at('A', 25, 30)], 'road')], [road]);
    const { journeys } = drive;
    expect([journeys.offM(0), journeys.limitKmph(0)]).toEqual([Number.NaN, Number.NaN]);
    drive.fix(3, 50);
    expect(journeys.limitKmph(0)).toBe(70);
    drive.fix(3, 50, 10, 10.01);
    expect(journeys.offM(0)).toBeCloseTo(haversineM(50 + 3 * KM, 10, 50 + 3 * KM, 10.01), 0);
    expect(journeys.limitKmph(0)).toBeNaN();
  });

  it('on a road there and back counts what is left behind the stop before', () => {
    const there = road.points;
    const back = { ...road, points: [...there, ...there.toReversed()] };
    const drive = new Drive([order('O-1', [at('far', 30, 60), at('home', 0, 120)], 'road')], [back]);
    drive.fix(2, 40);
    expect(drive.journeys.etaMin(0)).toBeCloseTo((28 / 40) * 60, 0);
    drive.fix(30, 0);
    drive.fix(29, 40);
    expect(drive.journeys.stop(0)?.stopId).toBe('home');
    drive.fix(20, 40, 1);
    expect(drive.journeys.etaMin(0)).toBeCloseTo((20 / 40) * 60, 0);
  });

  it('works its orders one after the other', () => {
    const drive = new Drive([order('O-1', [at('A', 1, 10)]), order('O-2', [at('A', 2, 30), at('B', 3, 40)])]);
    drive.fix(1, 0);
    drive.fix(1.5, 30);
    expect([drive.journeys.order(0)?.orderId, drive.journeys.stopsLeft(0)]).toEqual(['O-2', 2]);
  });

  it('goes on with new orders where their ids are the same', () => {
    const drive = new Drive([order('O-1', [at('A', 1, 10), at('B', 5, 30), at('C', 9, 60)])]);
    const { journeys } = drive;
    drive.fix(1, 0);
    drive.fix(1.5, 30);
    drive.fix(5, 0);
    drive.use([order('O-1', [at('A', 1, 10), at('X', 3, 20), at('B', 5, 30), at('C', 9, 60)])]);
    expect(journeys.stop(0)?.stopId).toBe('X');
    expect(journeys.waitMin(0)).toBeNaN();
    expect(journeys.stopsLeft(0)).toBe(3);
    drive.use([order('O-0', [at('Z', 8, 30)]), order('O-1', [at('B', 5, 40)])]);
    expect(journeys.stop(0)?.stopId).toBe('Z');
    drive.use([]);
    expect([journeys.any, journeys.stop(0), journeys.stopsLeft(0)]).toEqual([false, undefined, Number.NaN]);
  });

  it('keeps waiting at its stop over new orders', () => {
    const orders = [order('O-1', [at('A', 1, 10), at('B', 5, 30)])];
    const drive = new Drive(orders);
    drive.fix(1, 0);
    drive.fix(1, 0, 60);
    drive.use([...orders, order('O-2', [at('D', 7, 90)])]);
    expect([drive.journeys.stop(0)?.stopId, drive.journeys.waitMin(0)]).toEqual(['A', 1]);
  });
});
