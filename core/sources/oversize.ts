import { indexPublish, MALFORMED, PUBLISH_INDEX_STRIDE } from '../model/mqtt-frame.ts';
import type { OversizeNote } from '../model/records.ts';

const HEAD_BYTES = 1024;

/**
 * What is told about a PUBLISH that is too large to keep: the packet is [at, packetEnd), of which [at, end) is there, its
 * topic included. When its properties alone are longer than that, the head of the payload is left empty. Undefined when
 * the packet is malformed.
 */
export function oversizeNote(
  bytes: Buffer,
  at: number,
  body: number,
  packetEnd: number,
  end: number,
  level: number,
): { note: OversizeNote; packetId: number; qos: number } | undefined {
  const header = bytes[at];
  const index = new Int32Array(PUBLISH_INDEX_STRIDE);
  const qos = (header >> 1) & 3;
  if (qos === 3 || indexPublish(bytes, header, body, packetEnd, level, index, 0) === MALFORMED) return undefined;
  const [topicStart, topicLength, payload, payloadBytes, packetId] = index;
  return {
    note: {
      topic: bytes.toString('utf8', topicStart, topicStart + topicLength),
      bytes: payloadBytes,
      head: bytes.toString('latin1', Math.min(payload, end), Math.min(payload + HEAD_BYTES, end)),
    },
    packetId,
    qos,
  };
}
