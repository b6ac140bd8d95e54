import {
  indexPublish,
  MALFORMED,
  PACKET_PUBLISH,
  PUBLISH_INDEX_STRIDE,
  remainingLength,
} from '../../core/model/mqtt-frame.ts';

/** MQTT control packet types the load tools meet. */
export const PACKET = {
  connect: 1,
  connack: 2,
  publish: PACKET_PUBLISH,
  puback: 4,
  subscribe: 8,
  suback: 9,
  pingreq: 12,
  disconnect: 14,
} as const;

/** Called for each packet; its body is bytes [body, end). */
export type OnPacket = (type: number, bytes: Uint8Array, body: number, end: number) => void;

/** Cuts a byte stream into MQTT packets. Answers a function to feed chunks to; throws on bytes that are not MQTT. */
export function packetReader(onPacket: OnPacket): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    while (at < bytes.length) {
      const packed = remainingLength(bytes, at, bytes.length);
      if (packed === MALFORMED) throw new Error('the peer does not speak MQTT');
      if (packed === 0) break;
      const body = at + 1 + (packed & 7);
      const end = body + (packed >> 3);
      if (end > bytes.length) break;
      onPacket(bytes[at] >> 4, bytes, body, end);
      at = end;
    }
    rest = Buffer.from(bytes.subarray(at));
  };
}

const index = new Int32Array(PUBLISH_INDEX_STRIDE);

/** Packet id of a QoS 1 PUBLISH whose body is [body, end). */
export function packetIdOf(bytes: Uint8Array, body: number, end: number, level: 4 | 5): number {
  return indexPublish(bytes, 0x32, body, end, level, index, 0) === MALFORMED ? 0 : index[4];
}
