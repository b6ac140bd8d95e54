import type { ReadSection, Sections } from '../../stream/arrays.ts';

export type ValueType = 'number' | 'bool' | 'text';

/** First number of a source that is no column: behind every column and term there can be. */
const FIRST_SOURCE = 1000;

/** What can change a term beside columns. Passed around with columns' numbers, never stored. */
export const SOURCE = {
  /** A position of the vehicle was applied. */
  position: FIRST_SOURCE,
  /** What it is inside of changed. */
  places: FIRST_SOURCE + 1,
  /** The figures of its journey: distance from the route, expected arrival, time at the stop. */
  journey: FIRST_SOURCE + 2,
  /** Business data of it changed. */
  facts: FIRST_SOURCE + 3,
  faultCodes: FIRST_SOURCE + 4,
  driver: FIRST_SOURCE + 5,
  trip: FIRST_SOURCE + 6,
  /** Any message of the vehicle: its clock may have moved. */
  clock: FIRST_SOURCE + 7,
  /** It has another stop, order or route. */
  stop: FIRST_SOURCE + 8,
} as const;

export const SOURCE_COUNT = 9;
export const SOURCE_END = FIRST_SOURCE + SOURCE_COUNT;

/** How often what changes slowly is worked out for each vehicle, s. */
export const SLOW_TICK_S = 60;

/** Terms at one time, of all rules together. */
export const MAX_TERMS = 900;

/**
 * Something that conditions read and that is worked out from messages: a window over a signal, a place, a business fact. Each has a
 * column of its own behind those of the fleet, so that a rule reads it like a signal.
 */
export interface Term {
  /** The same text, the same term: rules share it, and a checkpoint knows it by this. */
  readonly key: string;
  readonly type: ValueType;
  readonly unit: string;
  /** Columns and sources that change it. */
  readonly sources: readonly number[];
  /** How far back it looks, ms: so much journal makes it what it would be had it always been there. */
  readonly lookBackMs: number;
  /** Its value after a message of the vehicle that changed one of the sources; `atMs` is the vehicle's clock. A text is its code; NaN = unknown. */
  update(slot: number, atMs: number): number;
  /** Where the value also changes every second: as of a tick at `atMs`, the silence clock being at `nowS`. */
  tick?(slot: number, atMs: number, nowS: number): number;
  /** True when once in SLOW_TICK_S is often enough. */
  readonly slow?: true;
  /** True when the same value as before is no reading of its own for the terms that read it. */
  readonly sampled?: true;
  /** True when `update` answers from what is there now, without a memory: a new term is then filled in for all vehicles. */
  readonly fromNow?: boolean;
  /** What lies in it, oldest first, for explanations: event time (Unix ms) and value. */
  readings?(slot: number): (readonly [timeMs: number, value: number])[];
  /** Id of the rule whose alerts it counts. */
  readonly ofRule?: string;
  /** A rule raised an alert on the vehicle. */
  raised?(ruleId: string, slot: number, atMs: number): void;
  /** A driver or trip event came, by the names `on:` knows. */
  happened?(event: string, slot: number, atMs: number): void;
  reserve?(capacity: number): void;
  bytes?(): number;
  arrays?(prefix: string, count: number): Sections;
  restore?(prefix: string, count: number, read: ReadSection): void;
}
