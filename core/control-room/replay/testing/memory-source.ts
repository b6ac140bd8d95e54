import { RecordMaker, telemetry } from '../../../engine/testing/records.ts';
import type { JournalRecord } from '../../../model/records.ts';
import type { ReplaySource } from '../../../recording/replay-source.ts';

export const T0_MS = Date.UTC(2026, 2, 1, 10);

const RULES = `
rules:
  - {id: fast, name: Fast, priority: high, when: speed_kmph > 110, message: "{speed_kmph} km/h"}
  - {id: hot, name: Hot, priority: critical, when: engine_temp_c > 105, for: 10s, message: "{engine_temp_c} °C"}
`;

/** A replay source over records in memory. As a real one does, it reuses the memory of a payload once the next record is taken. */
export function memorySource(records: readonly JournalRecord[], more: Partial<ReplaySource> = {}): ReplaySource {
  const last = records[records.length - 1];
  const endPosition = last.nextPosition;
  return {
    name: 'in memory',
    startPosition: records[0].position,
    endPosition,
    startMs: records[0].receivedMs,
    endMs: last.receivedMs,
    messages: records.reduce((sum, record) => sum + record.count, 0),
    startState: undefined,
    *records(position) {
      const scratch = new Uint8Array(Math.max(...records.map((record) => record.payload.length)));
      for (const record of records) {
        if (record.position < position) continue;
        scratch.set(record.payload);
        yield { ...record, payload: scratch.subarray(0, record.payload.length) };
      }
    },
    positionAt: (ms) => records.find((record) => record.receivedMs >= ms)?.position ?? endPosition,
    close: () => {},
    ...more,
  };
}

/** A pseudo-random number from 0 to 1 that depends on nothing but its arguments. */
function noise(seed: number, i: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(i + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

/** `seconds` of a fleet of up to 50 as a room would have journaled it: some unreadable, some late, some sent twice; alerts are raised and acknowledged. */
export function smallRecording(seed: number, seconds: number, vehicles = 5): JournalRecord[] {
  const make = new RecordMaker();
  make.rules(T0_MS, RULES);
  for (let s = 0; s < seconds; s++) {
    const nowMs = T0_MS + s * 1000;
    for (let v = 0; v < vehicles; v++) {
      const n = noise(seed, s * vehicles + v);
      const late = n > 0.9 ? 8000 : 0;
      const fields = {
        speed_kmph: Math.round(60 + 60 * Math.sin((s + v * 40) / 30)),
        lat: 52.5 + s / 10_000,
        lon: 13.4 + v / 100,
        engine_temp_c: Math.round(95 + 15 * Math.sin(s / 50 + v)),
      };
      make.messages(nowMs + 100 + v * 10, ['telemetry', telemetry(`v${v}`, nowMs - late, fields)]);
      if (n < 0.03) make.messages(nowMs + 103 + v * 10, ['telemetry', '{"vehicle_id": ']);
      if (n > 0.97) make.messages(nowMs + 106 + v * 10, ['telemetry', telemetry(`v${v}`, nowMs - late, fields)]);
    }
    make.tick(nowMs + 900);
  }
  return make.records;
}
