import fc from 'fast-check';
import { MOVEMENT } from '../../../model/movement.ts';
import type { RowBlock } from '../../../model/stream-outputs.ts';
import { DEFAULT_SETTINGS, type StreamSettings } from '../../../model/stream-settings.ts';
import type { StateArray } from '../../fleet-state.ts';
import { ENGINE, Step } from '../../step.ts';
import type { DrivingDeps } from '../deps.ts';

export const T0 = Date.UTC(2026, 2, 1, 10);
export const S = 1000;
export const MINUTE = 60 * S;
export const HOUR = 60 * MINUTE;

export function testDeps(settings: Partial<StreamSettings> = {}): DrivingDeps {
  const all = { ...DEFAULT_SETTINGS, ...settings };
  return {
    vehicleName: (slot) => `v${slot}`,
    driverName: (driver) => `d${driver}`,
    tripName: (trip) => `t${trip}`,
    settings: () => all,
  };
}

/** What a message says; the rest of its step follows from the messages of the vehicle before it. */
export type Said = Partial<
  Pick<
    Step,
    | 'fix'
    | 'lat'
    | 'lon'
    | 'speedKmph'
    | 'headingDeg'
    | 'engine'
    | 'fuelPct'
    | 'engineTempC'
    | 'batteryV'
    | 'trip'
    | 'driver'
    | 'harsh'
    | 'harshMps2'
    | 'legM'
  >
>;

/** Makes the steps of vehicles from what their messages say, as the lanes do. */
export class StepMaker {
  readonly #last = new Map<number, Step>();
  readonly #lastFix = new Map<number, Step>();

  step(slot: number, timeMs: number, said: Said): Step {
    const last = this.#last.get(slot);
    const lastFix = this.#lastFix.get(slot);
    const { NaN: none } = Number;
    const step = Object.assign(
      new Step(),
      { fuelPct: none, engineTempC: none, batteryV: none, odometerKm: none, lat: 50, lon: 10, headingDeg: 0 },
      { engine: ENGINE.on, slot, timeMs, first: !last, gapMs: last ? timeMs - last.timeMs : 0 },
      { prevSpeedKmph: lastFix?.speedKmph ?? none, prevHeadingDeg: lastFix?.headingDeg ?? none },
      { fixGapMs: lastFix ? timeMs - lastFix.timeMs : none, prevTrip: lastFix?.trip ?? 0 },
      { prevMovement: last?.movement ?? MOVEMENT.noData },
      said,
    );
    if (!lastFix || !step.fix) step.legM = 0;
    if (!step.fix) step.speedKmph = none;
    step.movement = step.fix ? movementOf(step) : step.prevMovement;
    this.#last.set(slot, step);
    if (step.fix) this.#lastFix.set(slot, step);
    return step;
  }
}

function movementOf(step: Step): number {
  if (Number.isNaN(step.speedKmph)) return step.prevMovement;
  if (step.speedKmph > 5) return MOVEMENT.moving;
  return step.engine === ENGINE.on ? MOVEMENT.idling : MOVEMENT.stopped;
}

/** Rows of a block as `{key, column: value, …}`. */
export function rowsOf<C extends string>(
  block: RowBlock,
  columns: readonly C[],
): ({ key: string } & Record<C, number>)[] {
  return block.keys.map((key, row) => {
    const entries = columns.map((column, i) => [column, block.values[row * columns.length + i]]);
    return { key, ...Object.fromEntries(entries) } as { key: string } & Record<C, number>;
  });
}

/** The last row of each key and identity, as history would keep them. */
export function kept<C extends string>(block: RowBlock, columns: readonly C[], identity: C) {
  return new Map(rowsOf(block, columns).map((row) => [`${row.key} ${row[identity]}`, row]));
}

/** A copy of sections, read as a checkpoint is. */
export function stored(sections: [string, StateArray][]): (name: string) => StateArray | undefined {
  const copies = new Map(sections.map(([name, array]) => [name, array.slice()]));
  return (name) => copies.get(name);
}

const said = fc.record({
  fix: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
  speedKmph: fc.oneof(
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
    { weight: 4, arbitrary: fc.constantFrom(0, 0.5, 3, 5, 6) },
    { weight: 8, arbitrary: fc.double({ min: 0, max: 140, noNaN: true }) },
  ),
  engine: fc.constantFrom(ENGINE.unknown, ENGINE.off, ENGINE.on),
  trip: fc.constantFrom(0, 1, 1, 1, 2),
  harsh: fc.constantFrom(0, 0, 0, 0, 1, 2, 4, 9, 12),
  harshMps2: fc.double({ min: 3, max: 9, noNaN: true }),
  legM: fc.double({ min: 0, max: 500, noNaN: true }),
  fuelPct: fc.constantFrom(Number.NaN, 40, 41.5, 60),
  engineTempC: fc.constantFrom(Number.NaN, 70, 95.5),
  batteryV: fc.constantFrom(Number.NaN, 11.9, 13.2),
});

const moment = fc.record({
  slot: fc.integer({ min: 0, max: 2 }),
  gapMs: fc.constantFrom(1, 300, 1000, 1000, 1000, 1000, 2000, 5500, 12_000, 70_000, 600_000, 700_000, 9_000_000),
  otherDriver: fc.integer({ min: 0, max: 9 }),
  said,
});

/** Steps of three vehicles in an order of their own each, with every kind of gap; a driver drives one vehicle only. */
export const someSteps: fc.Arbitrary<Step[]> = fc.array(moment, { maxLength: 120, size: 'max' }).map((moments) => {
  const maker = new StepMaker();
  const clocks = [T0, T0 + 500, T0 + 40 * MINUTE];
  return moments.map((m) => {
    clocks[m.slot] += m.gapMs;
    const driver = m.otherDriver === 0 ? 0 : m.slot * 2 + (m.otherDriver === 1 ? 2 : 1);
    const { harsh, ...rest } = m.said;
    return maker.step(m.slot, clocks[m.slot], { ...rest, harsh: rest.fix ? harsh : 0, driver });
  });
});
