import type { Priority } from './alerts.ts';

/** Alerts that come into the queue are counted by 10 min. */
export const SLOT_MS = 600_000;
/** An alert that has been open for longer than this is stale. */
export const STALE_MS = 86_400_000;

/** `good`: within the target; `fair`: beyond it but within the limit; `bad`: beyond the limit, or beyond the target where there is no limit. */
export type Verdict = 'good' | 'fair' | 'bad';

export interface Bounds {
  readonly target: number;
  /** null = there is only a target. */
  readonly limit: number | null;
  /** True where more is better. */
  readonly atLeast?: boolean;
}

export interface KpiFigure extends Bounds {
  /** null = there was nothing to work it out from. */
  readonly value: number | null;
  readonly verdict: Verdict | null;
}

/** Targets and limits per operator, of EEMUA 191 and ISA-18.2. Shares are 0…1. */
export const ALERT_TARGETS = {
  per10Min: { target: 1, limit: 2 },
  perHour: { target: 6, limit: 12 },
  perDay: { target: 150, limit: 300 },
  /** Entries in the worst 10 min of a flood. */
  worst10Min: { target: 10, limit: null },
  floodShare: { target: 0.01, limit: null },
  chattering: { target: 0, limit: null },
  stale: { target: 4, limit: null },
  tenMostFrequent: { target: 0.05, limit: null },
} as const satisfies Record<string, Bounds>;

/** Share of each priority among the entries, 0…1, to whole percent. */
export const PRIORITY_TARGETS: Readonly<Record<Priority, Bounds>> = {
  1: { target: 0.01, limit: null },
  2: { target: 0.05, limit: null },
  3: { target: 0.15, limit: null },
  4: { target: 0.8, limit: null, atLeast: true },
};

/** A value with what it is measured by. */
export function kpiFigure(value: number | null, bounds: Bounds): KpiFigure {
  return { value, ...bounds, verdict: value === null ? null : verdictOf(value, bounds) };
}

function verdictOf(value: number, { target, limit, atLeast = false }: Bounds): Verdict {
  const within = (bound: number): boolean => (atLeast ? value >= bound : value <= bound);
  if (within(target)) return 'good';
  return limit !== null && within(limit) ? 'fair' : 'bad';
}

/** A rule on a vehicle whose alert came and went too often. */
export interface ChatteringSource {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly vehicleId: string;
  /** How often it began to chatter. */
  readonly times: number;
  /** Unix ms. */
  readonly lastMs: number;
}

export interface StaleAlert {
  readonly alertId: string;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly vehicleId: string;
  readonly priority: Priority;
  /** Unix ms. */
  readonly raisedMs: number;
}

/** A rule or a vehicle with its part of all entries, 0…1. */
export interface FrequentSource {
  readonly id: string;
  readonly entries: number;
  readonly share: number;
}

/** The ten most frequent; the figure is the part of all entries that they have together. */
export interface MostFrequent {
  readonly figure: KpiFigure;
  readonly top: readonly FrequentSource[];
}

/** How long alerts waited for their acknowledgement, ms from when they came into the queue; null without any. */
export interface ResponseTimes {
  readonly acknowledged: number;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
}

/**
 * How good the alerts of a span are. An *entry* is an alert that came into the queue: not one that is folded under another, nor
 * one that was put aside from the moment it was raised until its end.
 */
export interface AlertKpis {
  /** Start of the first 10 min. */
  readonly fromMs: number;
  /** End of the last 10 min, or the engine's clock when they are not over. */
  readonly toMs: number;
  /** Rates are divided by this. */
  readonly operators: number;
  readonly entries: number;
  readonly rate: {
    readonly per10Min: KpiFigure;
    readonly perHour: KpiFigure;
    readonly perDay: KpiFigure;
    /** The 10 min with most entries; null without any. */
    readonly peak10Min: { readonly startMs: number; readonly entries: number } | null;
    /** Part of the time with more than the limit in 10 min. */
    readonly shareOverLimit: number;
  };
  readonly floods: {
    /** Part of the time. */
    readonly share: KpiFigure;
    readonly count: number;
    readonly longestMs: number;
    readonly worst10Min: KpiFigure;
  };
  /** The most frequent first, at most 100; the figure counts all. */
  readonly chattering: { readonly figure: KpiFigure; readonly sources: readonly ChatteringSource[] };
  /** Now, whatever the span; the oldest first, at most 100; the figure counts all. */
  readonly stale: { readonly figure: KpiFigure; readonly alerts: readonly StaleAlert[] };
  readonly frequent: { readonly rules: MostFrequent; readonly vehicles: MostFrequent };
  /** Shares to whole percent. */
  readonly priorities: Readonly<Record<Priority, KpiFigure & { readonly entries: number }>>;
  /** Of the entries acknowledged in the span by people; operators with most first, at most 100. */
  readonly response: ResponseTimes & { readonly operators: readonly (ResponseTimes & { readonly operator: string })[] };
  /** Open alerts that are put aside now, whatever the span. */
  readonly aside: { readonly shelved: number; readonly suppressed: number; readonly outOfService: number };
}
