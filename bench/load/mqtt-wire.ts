/** The few packets the load tools send besides PUBLISH. */

function packet(header: number, ...parts: Uint8Array[]): Buffer {
  const length = parts.reduce((sum, p) => sum + p.length, 0);
  if (length > 127) throw new RangeError(`a packet body of ${length} bytes needs a longer length field`);
  return Buffer.concat([Buffer.from([header, length]), ...parts]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u16(bytes.length), bytes]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}

/** CONNECT, clean, keep-alive off. At MQTT 5 with the largest receive maximum. */
export function connectPacket(level: 4 | 5, clientId: string): Buffer {
  const properties = level === 5 ? Buffer.from([3, 0x21, 0xff, 0xff]) : Buffer.alloc(0);
  return packet(0x10, text('MQTT'), Buffer.from([level, 2]), u16(0), properties, text(clientId));
}

export function connackPacket(level: number): Buffer {
  return packet(0x20, Buffer.from(level === 5 ? [0, 0, 0] : [0, 0]));
}

export function subscribePacket(level: 4 | 5, filter: string, qos: number): Buffer {
  const properties = Buffer.alloc(level === 5 ? 1 : 0);
  return packet(0x82, u16(1), properties, text(filter), Buffer.from([qos]));
}

/** `filters` answers, all granted at `qos`. */
export function subackPacket(level: number, packetId: number, filters: number, qos: number): Buffer {
  return packet(0x90, u16(packetId), Buffer.alloc(level === 5 ? 1 : 0), Buffer.alloc(filters, qos));
}

export const PINGRESP = Buffer.from([0xd0, 0]);
export const DISCONNECT = Buffer.from([0xe0, 0]);
