import { SIGNALS, type SignalSpec } from '../../core/model/signals.ts';

export type Level = 'low' | 'normal' | 'high';

/** Where a value stands to the normal band; a signal without a band is always normal. */
export function levelOf(spec: SignalSpec, value: number): Level {
  if (spec.normalLow !== undefined && value < spec.normalLow) return 'low';
  if (spec.normalHigh !== undefined && value > spec.normalHigh) return 'high';
  return 'normal';
}

/** The value with as many decimals as mean something: `12.6`, `104`, `183,204`. */
export function formatSignal(spec: SignalSpec, value: number): string {
  const decimals = spec.unit === 'g' ? 2 : spec.unit === 'V' || spec.unit === '°C' ? 1 : 0;
  return value.toLocaleString('en-GB', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A signal's bar, each figure a share of its width from 0 to 1. */
export interface Bar {
  readonly bandFrom: number;
  readonly bandTo: number;
  readonly value: number;
}

/**
 * The bar reaches half a band beyond the normal band on both sides, as far as that is physically possible; a value
 * beyond it lies at the end. Undefined for signals without a band.
 */
export function barOf(spec: SignalSpec, value: number): Bar | undefined {
  const { normalLow, normalHigh } = spec;
  if (normalLow === undefined || normalHigh === undefined) return undefined;
  const margin = (normalHigh - normalLow) / 2;
  const from = Math.max(spec.min, normalLow - margin);
  const to = Math.min(spec.max, normalHigh + margin);
  const share = (v: number): number => Math.min(1, Math.max(0, (v - from) / (to - from)));
  return { bandFrom: share(normalLow), bandTo: share(normalHigh), value: share(value) };
}

export interface SignalReading {
  readonly spec: SignalSpec;
  readonly value: number;
}

/** Splits what the vehicle has reported into numbers and flags; signals never reported are left out. */
export function reportedSignals(signals: readonly (number | null)[]): {
  numbers: readonly SignalReading[];
  flags: readonly SignalReading[];
} {
  const readings = SIGNALS.flatMap((spec) => {
    const value = signals[spec.column];
    return typeof value === 'number' && Number.isFinite(value) ? [{ spec, value }] : [];
  });
  return { numbers: readings.filter((r) => !r.spec.flag), flags: readings.filter((r) => r.spec.flag) };
}

/** The single codes of a `fault_codes` field, which senders part with commas, semicolons or blanks. */
export function splitFaultCodes(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((code) => code !== '');
}
