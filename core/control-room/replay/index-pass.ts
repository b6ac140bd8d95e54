import type { ReplaySource } from '../../recording/replay-source.ts';
import { MomentPacker, type PackedMoment } from './pack-moments.ts';
import { Playhead } from './playhead.ts';

/** Messages between two moments: 0.15 to 0.4 s of work. */
const EVERY_MESSAGES = 75_000;
/** A long recording has its moments further apart instead of more of them. */
const MAX_MOMENTS = 256;

export interface IndexOptions {
  readonly everyMessages?: number;
}

/**
 * Reads a source once at full speed and gives out moments of it. Blocks its thread between two moments: run it in a worker of
 * its own, or on little. The next moment is being worked out while the one before is packed.
 */
export async function* indexPass(
  source: ReplaySource,
  { everyMessages = Math.max(EVERY_MESSAGES, source.messages / MAX_MOMENTS) }: IndexOptions = {},
): AsyncGenerator<PackedMoment, void, void> {
  const packer = new MomentPacker();
  const head = new Playhead(source);
  let packing: Promise<PackedMoment> | undefined;
  let since = 0;
  try {
    for (const record of source.records(source.startPosition)) {
      if (record.position >= source.endPosition) break;
      if (since >= everyMessages) {
        since = 0;
        // Behind a gap in the journal the next record is not where the last one ended.
        const moment = { ...head.moment(), position: record.position };
        if (packing) yield await packing;
        packing = packer.pack(moment);
      }
      head.process(record);
      since += Math.max(1, record.count);
    }
    if (packing) yield await packing;
  } finally {
    head.close();
  }
}
