import type { StepTest } from './match-outputs.ts';

export const DEFAULT_MAX_PARTIAL_MATCHES = 256;
export const DEFAULT_MAX_EVENTS = 1024;

export interface MatcherOptions {
  /** Prefix of the sections in a checkpoint: the same for the same pattern only, so put the version of its rule into it. */
  readonly name: string;
  /** Of one key; beyond it the oldest is dropped and counted. */
  readonly maxPartialMatches?: number;
  /**
   * Of one key. Beyond so many in partial matches the oldest partial match is dropped and counted; beyond so many that wait for
   * the watermark, the first of them is looked at as if it had passed.
   */
  readonly maxEvents?: number;
  /** Needed when a step is iterative. */
  readonly test?: StepTest;
}
