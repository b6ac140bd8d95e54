/**
 * The layout of MQTT packets as far as the product needs it: PUBLISH packets stay raw from the socket to the journal
 * to the decoder, so every one of these reads the same bytes. (MQTT 3.1.1 §2.2, §3.3; MQTT 5 §2.1, §3.3.)
 */
export const PACKET_PUBLISH = 3;

/** Numbers per packet in an index: topic start, topic length, payload start, payload length, packet id (0 = none), header flags. */
export const PUBLISH_INDEX_STRIDE = 6;

/** What `indexPublish` answers when the bytes are not a well-formed PUBLISH. */
export const MALFORMED = -1;

/**
 * Remaining length of the packet at `at`, packed as `length * 8 + bytes of the length field`;
 * 0 when more bytes are needed, MALFORMED when the field has more than four bytes.
 */
export function remainingLength(bytes: Uint8Array, at: number, end: number): number {
  let length = 0;
  for (let i = 0; i < 4; i++) {
    if (at + 1 + i >= end) return 0;
    const c = bytes[at + 1 + i];
    length += (c & 127) << (7 * i);
    if (c < 128) return length * 8 + i + 1;
  }
  return MALFORMED;
}

/**
 * Writes the parts of the PUBLISH whose body is [body, packetEnd) to `index` at row `row`; `header` is its first byte,
 * `level` the MQTT level (4 or 5). Answers `packetEnd`, or MALFORMED when topic, id or properties overrun the packet.
 */
export function indexPublish(
  bytes: Uint8Array,
  header: number,
  body: number,
  packetEnd: number,
  level: number,
  index: Int32Array,
  row: number,
): number {
  if (body + 2 > packetEnd) return MALFORMED;
  const topicLength = (bytes[body] << 8) | bytes[body + 1];
  let at = body + 2 + topicLength;
  let packetId = 0;
  if (((header >> 1) & 3) > 0) {
    if (at + 2 > packetEnd) return MALFORMED;
    packetId = (bytes[at] << 8) | bytes[at + 1];
    at += 2;
  }
  if (level === 5) {
    let properties = 0;
    let shift = 0;
    let c = 128;
    while (c > 127) {
      if (at >= packetEnd || shift > 21) return MALFORMED;
      c = bytes[at++];
      properties |= (c & 127) << shift;
      shift += 7;
    }
    at += properties;
  }
  if (at > packetEnd) return MALFORMED;
  const k = row * PUBLISH_INDEX_STRIDE;
  index[k] = body + 2;
  index[k + 1] = topicLength;
  index[k + 2] = at;
  index[k + 3] = packetEnd - at;
  index[k + 4] = packetId;
  index[k + 5] = header & 15;
  return packetEnd;
}
