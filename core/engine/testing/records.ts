import { type JournalRecord, type OperatorAction, RECORD_KIND, type RecordKind } from '../../model/records.ts';
import { DEFAULT_TOPICS, type TopicKindName } from '../../model/topics.ts';

const encoder = new TextEncoder();

/** One PUBLISH packet of MQTT 5, QoS 0, without properties. */
export function publishPacket(topic: string, payload: string): Uint8Array {
  const t = encoder.encode(topic);
  const p = encoder.encode(payload);
  const length = 2 + t.length + 1 + p.length;
  const size: number[] = [];
  for (let rest = length; ; ) {
    const byte = rest & 127;
    rest >>= 7;
    size.push(rest > 0 ? byte | 128 : byte);
    if (rest === 0) break;
  }
  return Uint8Array.from([0x30, ...size, t.length >> 8, t.length & 255, ...t, 0, ...p]);
}

/** Makes journal records in order, as the journal would hand them out. */
export class RecordMaker {
  readonly records: JournalRecord[] = [];
  #position = 0;

  add(kind: RecordKind, flags: number, count: number, receivedMs: number, payload: Uint8Array): JournalRecord {
    const record: JournalRecord = {
      position: this.#position,
      nextPosition: this.#position + 28 + payload.length,
      kind,
      flags,
      count,
      receivedMs,
      payload,
    };
    this.#position = record.nextPosition;
    this.records.push(record);
    return record;
  }

  /** One record holding one message each, of a default topic or any other. */
  messages(
    receivedMs: number,
    ...messages: [topic: TopicKindName | string, payload: object | string][]
  ): JournalRecord {
    const packets = messages.map(([topic, payload]) =>
      publishPacket(
        DEFAULT_TOPICS[topic as TopicKindName] ?? topic,
        typeof payload === 'string' ? payload : JSON.stringify(payload),
      ),
    );
    const bytes = new Uint8Array(packets.reduce((sum, p) => sum + p.length, 0));
    let at = 0;
    for (const packet of packets) {
      bytes.set(packet, at);
      at += packet.length;
    }
    return this.add(RECORD_KIND.publish, 5, messages.length, receivedMs, bytes);
  }

  tick(receivedMs: number, listening = true): JournalRecord {
    return this.add(RECORD_KIND.tick, listening ? 1 : 0, 0, receivedMs, new Uint8Array(0));
  }

  operator(receivedMs: number, action: OperatorAction): JournalRecord {
    return this.add(RECORD_KIND.operator, 0, 0, receivedMs, encoder.encode(JSON.stringify(action)));
  }

  rules(receivedMs: number, text: string, name = 'test.yaml'): JournalRecord {
    const change = { packs: [{ name, text }], by: 'test' };
    return this.add(RECORD_KIND.rules, 0, 0, receivedMs, encoder.encode(JSON.stringify(change)));
  }
}

/** Telemetry of the default profile, Unix ms; the event id is unique unless given. */
export function telemetry(
  vehicleId: string,
  timeMs: number,
  fields: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    event_id: `${vehicleId}-${timeMs}-${JSON.stringify(fields)}`,
    vehicle_id: vehicleId,
    driver_id: 'drv-1',
    trip_id: '',
    timestamp: new Date(timeMs).toISOString(),
    lat: 52.5,
    lon: 13.4,
    speed_kmph: 50,
    heading: 90,
    sat_count: 10,
    battery_v: 13.9,
    ...fields,
  };
}
