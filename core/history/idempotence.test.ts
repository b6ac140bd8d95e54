import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFile } from './testing/batches.ts';
import { dump } from './testing/dump.ts';
import { toyBatch } from './testing/toy-engine.ts';
import type { ToyEvent } from './testing/toy-event.ts';
import { openHistory } from './writer.ts';

const event: fc.Arbitrary<ToyEvent> = fc.record({
  kind: fc.constantFrom(
    ...(['fix', 'fix', 'bad', 'drift', 'rules', 'raise', 'raise', 'clear', 'acknowledge'] as const),
    ...(['worsen', 'group', 'aside', 'back', 'chatter', 'service', 'flood'] as const),
  ),
  vehicle: fc.integer({ min: 0, max: 3 }),
  // Now and then hours pass, so that days end.
  afterMs: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 40_000 }) },
    { weight: 1, arbitrary: fc.constant(30_000_000) },
  ),
  value: fc.integer({ min: 0, max: 120 }),
});

/** What happens to the room between the first record and the last. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('commit'),
      records: fc.integer({ min: 0, max: 9 }),
      checkpoint: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resend') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash'), newestUnreadable: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function history(file: string, events: readonly ToyEvent[], steps: readonly Step[]): Record<string, unknown[]> {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  let writer = openHistory({ file });
  let at = 0;
  let last = toyBatch(events, 0, 0, false);
  for (const now of steps) {
    if ('records' in now) {
      const to = Math.min(events.length, at + now.records);
      last = toyBatch(events, at, to, now.checkpoint);
      writer.commit(last);
      at = to;
    } else if ('newestUnreadable' in now) {
      writer.close();
      writer = openHistory({ file });
      const checkpoints = writer.loadCheckpoint();
      const restart = now.newestUnreadable ? checkpoints[1] : checkpoints[0];
      at = restart?.position ?? 0;
      last = toyBatch(events, at, at, false);
    } else {
      writer.commit(last);
    }
  }
  writer.commit(toyBatch(events, at, events.length, true));
  writer.close();
  return dump(file);
}

describe('history after crashes', () => {
  it('is the history of a run without them, however the batches were cut, resent and overlapped', () => {
    const file = temporaryFile();
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 60 }),
        fc.array(step, { maxLength: 25 }),
        (events, steps) => {
          expect(history(file, events, steps)).toEqual(history(file, events, []));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('compares several days', () => {
    const events = Array.from(
      { length: 40 },
      (_, i): ToyEvent => ({ kind: 'fix', vehicle: 0, afterMs: 30_000_000 * (i % 2), value: i }),
    );
    const tables = Object.keys(history(temporaryFile(), events, []));
    expect(tables.filter((table) => /^vehicle_window_\d{8}$/.test(table)).length).toBeGreaterThan(5);
  });

  it('has something to compare', () => {
    const events = Array.from({ length: 60 }, (_, i): ToyEvent => {
      const kinds = ['fix', 'raise', 'acknowledge', 'clear', 'bad', 'drift', 'rules', 'flood'] as const;
      const kind = kinds[Math.floor(i / 2) % kinds.length];
      return { kind, vehicle: i % 2, afterMs: 30_000, value: i };
    });
    const rows = history(temporaryFile(), events, []);
    const empty = Object.keys(rows).filter((table) => rows[table].length === 0);
    expect(empty).toEqual(['journal_gap']);
  });
});
