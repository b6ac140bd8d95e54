import { hashId } from '../../model/hash.ts';
import type { ToyEvent } from './toy-event.ts';

const KINDS = ['fix', 'fix', 'raise', 'clear', 'acknowledge', 'bad', 'drift', 'rules'] as const;

/** The same 400 events for the same seed. */
export function toyRun(seed: number): ToyEvent[] {
  return Array.from({ length: 400 }, (_, i) => {
    const bits = Number.parseInt(hashId(seed, i).slice(0, 8), 16);
    return {
      kind: KINDS[bits % 8],
      vehicle: (bits >>> 3) % 6,
      afterMs: 1 + ((bits >>> 6) % 20_000),
      value: (bits >>> 20) % 120,
    };
  });
}
