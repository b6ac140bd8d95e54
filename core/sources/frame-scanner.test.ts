import fc from 'fast-check';
import mqttPacket, { type IPublishPacket, type Packet } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import type { OversizeNote } from '../model/records.ts';
import { DROPPED_TOPIC, FrameScanner } from './frame-scanner.ts';

type Level = 4 | 5;

const CONNACK = (level: Level): Packet =>
  level === 5
    ? { cmd: 'connack', reasonCode: 0, sessionPresent: false }
    : { cmd: 'connack', returnCode: 0, sessionPresent: false };

const publishArbitrary = fc.record({
  topic: fc.string({ minLength: 1, maxLength: 40 }),
  size: fc.oneof({ weight: 8, arbitrary: fc.nat(400) }, { weight: 1, arbitrary: fc.nat(300_000) }),
  qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
  messageId: fc.integer({ min: 1, max: 65_535 }),
  retain: fc.boolean(),
  dup: fc.boolean(),
  properties: fc.option(fc.record({ userProperties: fc.constant({ a: 'b'.repeat(200) }), contentType: fc.string() }), {
    nil: undefined,
  }),
});

const otherArbitrary = fc.constantFrom<Packet[]>(
  { cmd: 'pingresp' },
  { cmd: 'suback', messageId: 5, granted: [1] },
  { cmd: 'pubrel', messageId: 77 },
);

function packetOf(level: Level, p: ReturnType<typeof sample>): IPublishPacket {
  return {
    cmd: 'publish',
    topic: p.topic,
    payload: Buffer.alloc(p.size, p.topic),
    qos: p.qos,
    messageId: p.qos > 0 ? p.messageId : undefined,
    retain: p.retain,
    dup: p.qos > 0 && p.dup,
    properties: level === 5 ? p.properties : undefined,
  };
}
const sample = () => fc.sample(publishArbitrary, 1)[0];

/** Feeds a scanner piece by piece and writes down what it finds. */
function scan(level: Level, stream: Buffer, pieces: number[], maxMessageBytes = 8 * 2 ** 20) {
  const found = {
    published: [] as Buffer[],
    counts: [] as number[],
    acks: [] as number[],
    others: [] as Buffer[],
    replies: [] as Buffer[],
    oversize: [] as OversizeNote[],
    malformed: [] as string[],
  };
  const scanner = new FrameScanner(level, maxMessageBytes, {
    run(bytes, count, acks) {
      found.published.push(Buffer.from(bytes));
      found.counts.push(count);
      found.acks.push(...acks);
    },
    oversize(note, acks) {
      found.oversize.push(note);
      found.acks.push(...acks);
    },
    other: (packet) => found.others.push(packet),
    reply: (bytes) => found.replies.push(bytes),
    malformed: (detail) => found.malformed.push(detail),
  });
  let piece = 0;
  for (let at = 0; at < stream.length; ) {
    const end = at + Math.max(1, pieces[piece++ % pieces.length]);
    const copied = stream.copy(scanner.space(), 0, at, Math.min(end, stream.length));
    expect(copied).toBeGreaterThan(0);
    scanner.received(copied);
    at += copied;
  }
  return found;
}

function generate(level: Level, packets: Packet[]): Buffer {
  return Buffer.concat(packets.map((p) => mqttPacket.generate(p, { protocolVersion: level })));
}

describe('framing', () => {
  it('finds what mqtt-packet wrote, however the bytes are split', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Level[]>(4, 5),
        fc.array(fc.oneof({ weight: 5, arbitrary: publishArbitrary }, { weight: 1, arbitrary: otherArbitrary }), {
          maxLength: 30,
        }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 70_000 })), {
          minLength: 1,
          maxLength: 20,
        }),
        (level, drawn, pieces) => {
          const packets = drawn.map((p) => ('cmd' in p ? p : packetOf(level, p)));
          const found = scan(level, generate(level, [CONNACK(level), ...packets]), pieces);
          const publishes = packets.filter((p) => p.cmd === 'publish');
          expect(found.malformed).toEqual([]);
          expect(Buffer.concat(found.published).equals(generate(level, publishes))).toBe(true);
          expect(found.counts.reduce((sum, n) => sum + n, 0)).toBe(publishes.length);
          const acks = publishes
            .filter((p) => p.qos > 0)
            .map(
              (p): Packet =>
                p.qos === 1 ? { cmd: 'puback', messageId: p.messageId } : { cmd: 'pubrec', messageId: p.messageId },
            );
          expect(Buffer.from(found.acks)).toEqual(generate(4, acks));
          const others = packets.filter((p) => p.cmd !== 'publish' && p.cmd !== 'pubrel');
          expect(Buffer.concat(found.others)).toEqual(generate(level, [CONNACK(level), ...others]));
          const released = packets.filter((p) => p.cmd === 'pubrel');
          expect(Buffer.concat(found.replies)).toEqual(
            generate(
              4,
              released.map((p) => ({ cmd: 'pubcomp', messageId: p.messageId })),
            ),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('makes one run of what one read brought', () => {
    const packets = Array.from({ length: 500 }, (_, i) => packetOf(5, { ...sample(), size: 300, messageId: i + 1 }));
    const stream = generate(5, [CONNACK(5), ...packets]);
    expect(scan(5, stream, [stream.length]).counts).toEqual([500]);
  });

  it('passes the broker’s own count of dropped messages on, apart from the fleet’s', () => {
    const dropped: Packet = { cmd: 'publish', topic: DROPPED_TOPIC, payload: '12', qos: 0, dup: false, retain: true };
    const message: Packet = { cmd: 'publish', topic: '$SYS/other', payload: 'x', qos: 0, dup: false, retain: false };
    const found = scan(4, generate(4, [CONNACK(4), message, dropped, message]), [1000]);
    expect(found.counts).toEqual([1, 1]);
    expect(found.others[1]).toEqual(generate(4, [dropped]));
  });
});

describe('a message that is too large', () => {
  it('goes by unkept: topic, size, head and acknowledgement stay, and so does all around it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Level[]>(4, 5),
        fc.constantFrom(0 as const, 1 as const, 2 as const),
        fc.integer({ min: 2 ** 20, max: 3 * 2 ** 20 }),
        fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 5 }),
        (level, qos, size, pieces) => {
          const big = packetOf(level, { ...sample(), topic: 'fleet/big', qos, size, messageId: 300, dup: false });
          const small = packetOf(level, { ...sample(), qos: 1, size: 10, messageId: 9 });
          const found = scan(level, generate(level, [CONNACK(level), small, big, small]), [...pieces, 5000], 2 ** 20);
          expect(found.oversize).toEqual([
            { topic: 'fleet/big', bytes: size, head: 'fleet/big'.repeat(200).slice(0, 1024) },
          ]);
          expect(Buffer.concat(found.published)).toEqual(generate(level, [small, small]));
          const id = [0, 9];
          const bigAck = qos === 0 ? [] : [qos === 1 ? 0x40 : 0x50, 2, 1, 44];
          expect(found.acks).toEqual([0x40, 2, ...id, ...bigAck, 0x40, 2, ...id]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('never makes the buffer grow past the limit', () => {
    const limit = 2 ** 20;
    const scanner = new FrameScanner(4, limit, {
      run() {},
      oversize() {},
      other() {},
      reply() {},
      malformed: (detail) => expect.unreachable(detail),
    });
    const kept = packetOf(4, { ...sample(), size: limit - 100, topic: 't' });
    const big = packetOf(4, { ...sample(), size: 5 * limit, topic: 't' });
    const stream = generate(4, [CONNACK(4), kept, big, kept]);
    for (let at = 0; at < stream.length; ) {
      const space = scanner.space();
      expect(space.buffer.byteLength).toBeLessThan(1.5 * limit);
      const copied = stream.copy(space, 0, at);
      scanner.received(copied);
      at += copied;
    }
    expect(scanner.space().buffer.byteLength).toBeLessThan(limit);
  });
});

describe('bytes that are not MQTT', () => {
  const connack = generate(4, [CONNACK(4)]);
  const good = packetOf(4, { ...sample(), qos: 0, size: 5, topic: 'fleet/a' });
  it.each([
    ['an HTTP answer', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'not an MQTT broker'],
    [
      'a length of five bytes',
      Buffer.concat([connack, Buffer.from([0x30, 255, 255, 255, 255, 1])]),
      'impossible length',
    ],
    ['a topic that overruns its packet', Buffer.concat([connack, Buffer.from([0x30, 4, 0, 9, 65, 66])]), 'malformed'],
    ['QoS 3', Buffer.concat([connack, Buffer.from([0x36, 5, 0, 1, 65, 0, 1])]), 'malformed'],
    ['a huge packet of another type', Buffer.concat([connack, Buffer.from([0x90, 255, 255, 255, 127])]), 'type 9'],
  ])('%s ends the stream, and nothing behind it is believed', (_, bytes, detail) => {
    const found = scan(4, Buffer.concat([bytes, generate(4, [good])]), [3]);
    expect(found.malformed).toHaveLength(1);
    expect(found.malformed[0]).toContain(detail);
    expect(found.counts).toEqual([]);
  });

  it('does not lose the good packets before it', () => {
    const found = scan(4, Buffer.concat([connack, generate(4, [good, good]), Buffer.from([0x36, 2, 0, 0])]), [1000]);
    expect(found.counts).toEqual([2]);
    expect(found.malformed).toHaveLength(1);
  });
});
