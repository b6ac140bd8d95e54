import { type IPublishPacket, parser } from 'mqtt-packet';
import type { BrokerStatus } from '../../model/broker.ts';
import type { OversizeNote } from '../../model/records.ts';
import { type MqttSink, type MqttSource, type MqttSourceOptions, openMqttSource } from '../mqtt-source.ts';

/** An open source whose messages are parsed and kept, and a way to wait for what should happen. */
export interface Probe {
  readonly source: MqttSource;
  readonly messages: { readonly topic: string; readonly text: string; readonly dup: boolean }[];
  readonly oversize: OversizeNote[];
  readonly statuses: BrokerStatus[];
  readonly runs: { readonly count: number; readonly level: number }[];
  /** Acknowledgements not sent yet, when `holdAcks` is set. */
  readonly heldAcks: (() => void)[];
  holdAcks: boolean;
  /** Resolves when `condition` holds; looks after everything the source tells. */
  until(condition: (probe: Probe) => boolean): Promise<void>;
  untilState(state: BrokerStatus['state'], detail?: RegExp): Promise<void>;
}

/** Opens a source with short waits between attempts. */
export function openProbe(options: Pick<MqttSourceOptions, 'url'> & Partial<MqttSourceOptions>): Probe {
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const check of waiting) check();
  };
  const messages: Probe['messages'] = [];
  const oversize: Probe['oversize'] = [];
  const statuses: Probe['statuses'] = [];
  const runs: Probe['runs'] = [];
  const heldAcks: Probe['heldAcks'] = [];
  const settle = (acknowledge: () => void) => {
    if (probe.holdAcks) heldAcks.push(acknowledge);
    else acknowledge();
    changed();
  };
  const sink: MqttSink = {
    run(bytes, count, level, acknowledge) {
      runs.push({ count, level });
      for (const p of packetsOf(bytes, level)) messages.push({ topic: p.topic, text: String(p.payload), dup: p.dup });
      settle(acknowledge);
    },
    oversize(note, acknowledge) {
      oversize.push(note);
      settle(acknowledge);
    },
    status(status) {
      statuses.push(status);
      changed();
    },
  };
  const until: Probe['until'] = (condition) =>
    new Promise((resolve) => {
      const check = () => {
        if (!condition(probe)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  const probe: Probe = {
    source: undefined as never as MqttSource,
    messages,
    oversize,
    statuses,
    runs,
    heldAcks,
    holdAcks: false,
    until,
    untilState: (state, detail = /(?:)/) =>
      until(({ source }) => source.status.state === state && detail.test(source.status.detail)),
  };
  const source = openMqttSource(
    { clientId: 'room-under-test', filters: ['fleet/#'], retryFirstMs: 20, retryMaxMs: 100, ...options },
    sink,
  );
  return Object.assign(probe, { source });
}

function packetsOf(bytes: Uint8Array, level: 4 | 5): IPublishPacket[] {
  const packets: IPublishPacket[] = [];
  const parse = parser({ protocolVersion: level });
  parse.on('packet', (packet) => {
    if (packet.cmd === 'publish') packets.push(packet);
  });
  parse.parse(Buffer.from(bytes));
  return packets;
}
