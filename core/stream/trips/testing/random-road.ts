import fc from 'fast-check';
import { ENGINE } from '../../step.ts';
import type { Vehicle } from './road.ts';

/** Something that a vehicle does or its sender says. */
export type Act =
  | {
      readonly kind: 'go';
      readonly seconds: number;
      readonly kmph: number;
      readonly engine: number;
      readonly everyS: number;
    }
  | { readonly kind: 'silent'; readonly seconds: number; readonly movedM: number }
  | { readonly kind: 'status'; readonly engine: number }
  | { readonly kind: 'trip'; readonly trip: string }
  | { readonly kind: 'start' | 'end'; readonly trip: string; readonly offsetS: number; readonly cancelled: boolean }
  | { readonly kind: 'idle' }
  | { readonly kind: 'expire'; readonly seconds: number };

const engine = fc.constantFrom(ENGINE.unknown, ENGINE.off, ENGINE.on, ENGINE.on);
const trip = fc.constantFrom('', 'A', 'B', 'C');

export const acts = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('go' as const),
      seconds: fc.constantFrom(1, 5, 20, 31, 60, 150, 220, 400),
      kmph: fc.constantFrom(0, 0, 0, 3, 8, 50, 50, 100),
      engine,
      everyS: fc.constantFrom(1, 1, 5, 10),
    }),
    fc.record({
      kind: fc.constant('silent' as const),
      seconds: fc.constantFrom(0, 30, 100, 200, 1000, 3599, 5000),
      movedM: fc.constantFrom(0, 0, 30, 200, 800, 20_000, 3_000_000),
    }),
    fc.record({ kind: fc.constant('status' as const), engine }),
    fc.record({ kind: fc.constant('trip' as const), trip }),
    fc.record({
      kind: fc.constantFrom('start' as const, 'end' as const),
      trip: fc.constantFrom('A', 'B', 'C'),
      offsetS: fc.integer({ min: -500, max: 60 }),
      cancelled: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('idle' as const) }),
    fc.record({ kind: fc.constant('expire' as const), seconds: fc.constantFrom(30, 40, 400, 4000) }),
  ),
  { minLength: 1, maxLength: 40 },
);

export function act(car: Vehicle, what: Act): void {
  const { room, slot } = car;
  switch (what.kind) {
    case 'go':
      car.engine = what.engine;
      car.everyMs = what.everyS * 1000;
      car.go(what.seconds, what.kmph);
      break;
    case 'silent':
      car.silent(what.seconds, what.movedM);
      break;
    case 'status':
      car.silent(70);
      car.fix(Number.NaN, { fix: false, engine: what.engine });
      break;
    case 'trip':
      car.trip = what.trip;
      break;
    case 'idle':
      room.idle(slot);
      break;
    case 'expire':
      car.silent(what.seconds);
      room.engine.expire(slot, car.timeMs);
      break;
    default: {
      const atMs = car.timeMs + what.offsetS * 1000;
      const said = { cancelled: what.cancelled, distanceM: 1000, durationS: 300 };
      if (what.kind === 'start') car.start(what.trip, atMs);
      else car.end(what.trip, atMs, said);
    }
  }
}
