import { grown } from '../../stream/arrays.ts';
import type { FleetState } from '../../stream/fleet-state.ts';
import type { Typed } from '../expression/typed.ts';
import { type EventCount, eventCount } from '../windows/event-count.ts';
import { SOURCE, type Term } from './term.ts';

/** Counts what happened to a vehicle. Its column keeps how often when it was counted last; `countAt` knows it at any time. */
export interface CountTerm extends Term {
  countAt(slot: number, clockMs: number): number;
}

/** Counts of what happened to a vehicle within `spanMs` of its clock. */
function countTerm(key: string, spanMs: number): { counts: EventCount; term: CountTerm } {
  const counts = eventCount(spanMs);
  const term: CountTerm = {
    key,
    type: 'number',
    unit: '',
    sources: [],
    lookBackMs: spanMs,
    update: (slot, atMs) => counts.count(slot, atMs),
    countAt: (slot, clockMs) => counts.count(slot, clockMs),
    readings: (slot) => counts.times(slot).map((timeMs) => [timeMs, 1] as const),
    reserve: (capacity) => counts.reserve(capacity),
    bytes: () => counts.bytes,
    arrays: (prefix, count) => counts.arrays(prefix, count),
    restore: (prefix, count, read) => void counts.restore(prefix, count, read),
  };
  return { counts, term };
}

/** Alerts that a rule raised on the vehicle. */
export function alertCountTerm(key: string, rule: string, spanMs: number): CountTerm {
  const { counts, term } = countTerm(key, spanMs);
  return {
    ...term,
    ofRule: rule,
    raised(ruleId, slot, atMs) {
      if (ruleId === rule) counts.add(slot, atMs);
    },
  };
}

/** Driver and trip events of one kind. */
export function eventCountTerm(key: string, event: string, spanMs: number): CountTerm {
  const { counts, term } = countTerm(key, spanMs);
  return {
    ...term,
    happened(name, slot, atMs) {
      if (name === event) counts.add(slot, atMs);
    },
  };
}

/** Times a condition began to hold. */
export function onsetCountTerm(key: string, inner: Typed, spanMs: number): CountTerm {
  const { counts, term } = countTerm(key, spanMs);
  let held = new Uint8Array(0);
  const reserve = (capacity: number): void => {
    if (capacity > held.length) held = grown(held, Math.max(capacity, held.length * 2));
  };
  return {
    ...term,
    sources: [...inner.reads],
    update(slot, atMs) {
      const holds = inner.evaluate(slot) === 1 ? 1 : 0;
      if (slot >= held.length) reserve(slot + 1);
      if (holds === 1 && held[slot] === 0) counts.add(slot, atMs);
      held[slot] = holds;
      return counts.count(slot, atMs);
    },
    arrays(prefix, count) {
      reserve(count);
      return [...counts.arrays(prefix, count), [`${prefix}.held`, held.subarray(0, count)]];
    },
    restore(prefix, count, read) {
      counts.restore(prefix, count, read);
      reserve(count);
      const kept = read(`${prefix}.held`);
      if (kept) held.set(kept as Uint8Array);
    },
  };
}

/** 1 while a fault code that begins with `prefix` is reported, 0 while none is or nothing was said of them. */
export function faultTerm(key: string, state: FleetState, prefix: string): Term {
  return {
    key,
    type: 'bool',
    unit: '',
    sources: [SOURCE.faultCodes],
    lookBackMs: 0,
    fromNow: true,
    update(slot) {
      const codes = state.faultCodes[slot] ?? '';
      if (codes === '') return 0;
      return codes.split(/[\s,;]+/).some((code) => code !== '' && code.startsWith(prefix)) ? 1 : 0;
    },
  };
}
