import { Engine } from '../../core/engine/engine.ts';
import { RECORD_KIND, type RulePackSource } from '../../core/model/records.ts';
import { type Comparison, compare, type RaisedAlert } from '../../simulator/faults/compare.ts';
import { createFleet, type FaultKind, type Fleet } from '../../simulator/fleet.ts';
import { fleetReference } from '../../simulator/reference/fleet-reference.ts';
import { RecordWriter } from './record-writer.ts';

export interface VerifyOptions {
  readonly vehicles: number;
  readonly minutes: number;
  readonly seed: string;
  /** Telemetry messages per second and vehicle. */
  readonly rate: number;
  readonly faults: readonly FaultKind[];
  readonly packs: readonly RulePackSource[];
  /** Called now and then with the share of the run that is done, 0 … 1. */
  readonly onProgress?: (share: number) => void;
}

export interface VerifyResult {
  readonly comparison: Comparison;
  /** Kinds that found no suitable vehicle. */
  readonly leftOut: readonly FaultKind[];
  readonly messages: number;
  /** Wall-clock time of the run, s. */
  readonly seconds: number;
}

/** Event time of the first message: any fixed time will do, so that every run sees the same. Some cities lie in the dark. */
const START_MS = Date.UTC(2026, 2, 2, 12);
/** How much later than due a room may raise an alert. */
const GRACE_MS = 5_000;
const PROGRESS_EVERY_MS = 60_000;

/**
 * Runs a fleet and the room's engine in one process, event time at full speed, and sets what the engine raised against what the
 * fleet did. An alert counts from the second in which the engine has given it out, whatever time it bears itself. Throws
 * an Error with the sentences about packs that are refused.
 */
export function verifyRun(options: VerifyOptions): VerifyResult {
  const { vehicles, minutes, rate, faults, seed } = options;
  const beganMs = performance.now();
  const seconds = minutes * 60;
  const fleet = createFleet({ vehicles, rate, seed, faults, seconds, startMs: START_MS });
  const engine = new Engine({ maxVehicles: vehicles });
  const raised = new Map<string, RaisedAlert>();
  const writer = new RecordWriter(START_MS, (record) => {
    engine.process(record);
    if (record.kind === RECORD_KIND.tick) collect(engine, record.receivedMs, raised);
  });
  writer.change(RECORD_KIND.reference, { data: fleetReference(fleet), by: 'verify' });
  writer.change(RECORD_KIND.rules, { packs: options.packs, by: 'verify' });
  if (engine.ruleErrors.length > 0) throw new Error(engine.ruleErrors.join('\n'));
  drive(fleet, writer, options);
  const endMs = START_MS + seconds * 1000;
  writer.until(endMs);
  return {
    comparison: compare(fleet.truth, [...raised.values()], endMs, GRACE_MS),
    leftOut: fleet.leftOut.map(({ kind }) => kind),
    messages: writer.messages,
    seconds: (performance.now() - beganMs) / 1000,
  };
}

function drive(fleet: Fleet, writer: RecordWriter, { minutes, onProgress }: VerifyOptions): void {
  let progressMs = START_MS;
  const topics = fleet.topics;
  for (let nowMs = fleet.nextMs(); nowMs < Number.POSITIVE_INFINITY; nowMs = fleet.nextMs()) {
    fleet.step((kind, payload, _vehicle, timeMs) => writer.message(topics[kind], payload, timeMs));
    if (nowMs < progressMs) continue;
    progressMs = nowMs + PROGRESS_EVERY_MS;
    onProgress?.((nowMs - START_MS) / (minutes * 60_000));
  }
}

/** Alerts that the engine has given out since the last second; each counts once, from then on. */
function collect(engine: Engine, nowMs: number, raised: Map<string, RaisedAlert>): void {
  for (const { id, ruleId, vehicleId, onsetMs } of engine.takeOutputs({ vehicles: false, checkpoint: false }).alerts) {
    if (!raised.has(id)) raised.set(id, { ruleId, vehicleId, onsetMs, raisedMs: nowMs });
  }
}
