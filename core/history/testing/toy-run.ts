import { hashId } from '../../model/hash.ts';
import type { ToyEvent } from './toy-event.ts';

const KINDS = [
  ...(['fix', 'fix', 'raise', 'clear', 'acknowledge', 'bad', 'drift', 'rules'] as const),
  ...(['raise', 'worsen', 'group', 'aside', 'back', 'chatter', 'service', 'flood'] as const),
];

/** The same 400 events for the same seed. */
export function toyRun(seed: number): ToyEvent[] {
  return Array.from({ length: 400 }, (_, i) => {
    const bits = Number.parseInt(hashId(seed, i).slice(0, 8), 16);
    return {
      kind: KINDS[bits % 16],
      vehicle: (bits >>> 4) % 6,
      afterMs: 1 + ((bits >>> 7) % 20_000),
      value: (bits >>> 20) % 120,
    };
  });
}
