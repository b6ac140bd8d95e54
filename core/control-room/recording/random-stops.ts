import { createHash } from 'node:crypto';
import type { ReplaySource } from '../../recording/replay-source.ts';

const DIGEST_BYTES = 6;

/** `count` positions spread at random over a source, ascending. The same seed gives the same ones. */
export function randomStops(
  { startPosition, endPosition }: Pick<ReplaySource, 'startPosition' | 'endPosition'>,
  count: number,
  seed: string,
): number[] {
  const share = (i: number): number =>
    createHash('sha256').update(`${seed}:${i}`).digest().readUIntBE(0, DIGEST_BYTES) / 256 ** DIGEST_BYTES;
  return Array.from({ length: count }, (_, i) =>
    Math.floor(startPosition + share(i) * (endPosition - startPosition)),
  ).sort((a, b) => a - b);
}
