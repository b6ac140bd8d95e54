import { Decoder, type DecodeSink } from '../../core/decode/decoder.ts';
import { indexPublish, PUBLISH_INDEX_STRIDE, remainingLength } from '../../core/model/mqtt-frame.ts';
import { recordFleet } from '../fleet/record-fleet.ts';
import { type Bench, people, perSecond, repeat } from '../stage.ts';

interface Run {
  readonly bytes: Uint8Array;
  readonly index: Int32Array;
  readonly count: number;
}

/** Topic and payload to events, nothing else: packets are found beforehand. */
export function decodeStage(bench: Bench): void {
  for (const vehicles of bench.fleets) {
    const recording = recordFleet(vehicles, bench.quick ? 100_000 : 1_000_000);
    const runs = recording.records.filter((r) => r.count > 0).map((r) => indexed(r.payload, r.count, r.flags));
    bench.report({
      what: `${people(vehicles)} vehicles`,
      unit: 'messages/s',
      runs: repeat(bench, () => perSecond(recording.messages, decodeAll(runs, recording.messages))),
      note: `${Math.round(recording.bytes / recording.messages)} bytes a message`,
    });
  }
}

/** Decodes everything with a new decoder; answers how long it took, ms. Throws when a message did not become an event. */
function decodeAll(runs: readonly Run[], messages: number): number {
  const decoder = new Decoder({ maxVehicles: 100_000 });
  let events = 0;
  const sink: DecodeSink = {
    event: () => void events++,
    refuse: (problem) => {
      throw new Error(`a message of the fleet was refused: ${problem.detail}`);
    },
    unknownField: () => {},
  };
  let ignored = 0;
  const startedMs = performance.now();
  for (const { bytes, index, count } of runs) {
    for (let i = 0, k = 0; i < count; i++, k += PUBLISH_INDEX_STRIDE) {
      if (!decoder.message(bytes, index[k], index[k + 1], index[k + 2], index[k + 3], sink)) ignored++;
    }
  }
  const tookMs = performance.now() - startedMs;
  if (events + ignored !== messages) throw new Error(`${messages} messages gave ${events} events, ${ignored} ignored`);
  return tookMs;
}

function indexed(bytes: Uint8Array, count: number, level: number): Run {
  const index = new Int32Array(count * PUBLISH_INDEX_STRIDE);
  for (let row = 0, at = 0; row < count; row++) {
    const packed = remainingLength(bytes, at, bytes.length);
    const body = at + 1 + (packed & 7);
    at = indexPublish(bytes, bytes[at], body, body + (packed >> 3), level, index, row);
  }
  return { bytes, index, count };
}
