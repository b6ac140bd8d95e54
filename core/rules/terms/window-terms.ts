import type { Typed } from '../expression/typed.ts';
import { signalWindow, type WindowKind } from '../windows/signal-window.ts';
import type { Term } from './term.ts';

/** Panes make a window up to a fifteenth longer. */
const LOOK_BACK_FACTOR = 16 / 15;
/** A reading from before the window holds into it for so long. */
const HOLDS_MS = 60_000;

function unitOf(kind: WindowKind, unit: string): string {
  if (kind === 'count' || kind === 'share') return '';
  return kind === 'slope' ? `${unit}/min` : unit;
}

/** A window over what `inner` reads, as of its newest reading; times are the vehicle's clock. */
export function windowTerm(key: string, kind: WindowKind, inner: Typed, spanMs: number): Term {
  const window = signalWindow(kind, spanMs);
  return {
    key,
    type: 'number',
    unit: unitOf(kind, inner.unit),
    sources: [...inner.reads],
    lookBackMs: spanMs * LOOK_BACK_FACTOR + (kind === 'share' ? HOLDS_MS : 0),
    update(slot, atMs) {
      window.add(slot, atMs, inner.evaluate(slot));
      return window.valueAt(slot, atMs);
    },
    readings: (slot) => window.readings(slot),
    reserve: (capacity) => window.reserve(capacity),
    bytes: () => window.bytes,
    arrays: (prefix, count) => window.arrays(prefix, count),
    restore: (prefix, count, read) => void window.restore(prefix, count, read),
  };
}
