import { readdirSync, readFileSync } from 'node:fs';
import { RECORD_KIND, type RulePackSource } from '../../model/records.ts';
import type { ReferenceData } from '../../model/reference.ts';
import { Engine } from '../engine.ts';
import { RecordMaker, telemetry } from './records.ts';

const T0 = Date.UTC(2026, 2, 2, 10);
const S = 1000;
const STATUS_EVERY_S = 10;
const METRES_A_DEGREE = 111_195;

const folder = new URL('../../../resources/rules/', import.meta.url);

/** The rule packs that every room starts with. */
export function defaultPacks(): RulePackSource[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
}

/** What a healthy vehicle reports of itself. */
export const HEALTHY = {
  fuel_pct: 60,
  engine_temp_c: 90,
  odometer_km: 1000,
  fault_codes: [] as string[],
  coolant_level_pct: 95,
  oil_temp_c: 96,
  oil_pressure_kpa: 300,
  fuel_pressure_kpa: 360,
  ac_on: true,
  tyre_pressure_kpa: [240, 240, 240, 240],
  ignition: true,
  doors_open: false,
  headlights_on: false,
  accel_g: [0, 0, 1],
  ecu_cpu_pct: 40,
  ecu_mem_pct: 50,
  ecu_temp_c: 40,
  rpm: 1500,
  seatbelt: true,
};

type Fields = Record<string, unknown>;
type Course = Fields | ((second: number) => Fields);

/** Km/h a second: a gentle driver. */
const EASY_KMPH = 5;

/**
 * One vehicle in a room with the default rules; every second a fix and a tick, every ten seconds a status. It reaches a new speed gently, unless
 * the course says `abrupt`.
 */
export class DefaultRoom {
  readonly engine = new Engine({ maxVehicles: 10, dedupeLog2: 12 });
  readonly #make = new RecordMaker();
  readonly #raised: [rule: string, second: number][] = [];
  #second = 0;
  #lat = 52.5;
  #speedKmph = 50;
  #status: Fields = { ...HEALTHY };
  #fix: Fields = {};

  constructor(reference?: Partial<ReferenceData>) {
    const packs = defaultPacks();
    this.#record(RECORD_KIND.rules, { packs, by: 'test' });
    if (this.engine.ruleErrors.length > 0) throw new Error(this.engine.ruleErrors.join('\n'));
    if (reference) this.#record(RECORD_KIND.reference, { data: withAll(reference), by: 'test' });
  }

  get timeMs(): number {
    return T0 + this.#second * S;
  }

  /** Goes on for so many seconds. `fix` and `status` say what differs from before, for good. */
  go(seconds: number, fix: Course = {}, status: Course = {}): this {
    for (const end = this.#second + seconds; this.#second < end; ) {
      this.#second++;
      this.#fix = { ...this.#fix, ...(typeof fix === 'function' ? fix(this.#second) : fix) };
      this.#status = { ...this.#status, ...(typeof status === 'function' ? status(this.#second) : status) };
      this.#send();
    }
    return this;
  }

  /** Only ticks. */
  silent(seconds: number): this {
    for (let i = 0; i < seconds; i++) {
      this.#second++;
      this.#tick();
    }
    return this;
  }

  event(topic: 'driver' | 'trip' | 'alert', fields: Fields): this {
    const at = new Date(this.timeMs).toISOString();
    const ids = { vehicle_id: 'v1', driver_id: 'drv-1', timestamp: at, ts: at };
    this.engine.process(this.#make.messages(this.timeMs, [topic, { ...ids, ...fields }]));
    this.#take();
    return this;
  }

  /** Alerts raised since the last call: rule and second. */
  raised(): [rule: string, second: number][] {
    return this.#raised.splice(0);
  }

  /** Rules of the alerts raised since the last call. */
  rules(): string[] {
    return this.raised().map(([rule]) => rule);
  }

  #send(): void {
    const ms = this.timeMs;
    const wantedKmph = (this.#fix.speed_kmph as number | undefined) ?? 50;
    const easy = Math.max(-EASY_KMPH, Math.min(EASY_KMPH, wantedKmph - this.#speedKmph));
    this.#speedKmph = this.#fix.abrupt ? wantedKmph : this.#speedKmph + easy;
    this.#lat += this.#speedKmph / 3.6 / METRES_A_DEGREE;
    const clockMs = ms - ((this.#fix.clock_behind_s as number | undefined) ?? 0) * S;
    const { clock_behind_s: _, abrupt: __, ...fix } = this.#fix;
    const fields = { lat: this.#lat, trip_id: 't1', ...fix, speed_kmph: this.#speedKmph };
    const messages: ['telemetry' | 'status', object][] = [['telemetry', telemetry('v1', clockMs, fields)]];
    if (this.#second % STATUS_EVERY_S === 0)
      messages.push(['status', { vehicle_id: 'v1', timestamp: new Date(ms).toISOString(), ...this.#status }]);
    this.engine.process(this.#make.messages(ms, ...messages));
    this.#tick();
  }

  #tick(): void {
    this.engine.process(this.#make.tick(this.timeMs));
    this.#take();
  }

  #take(): void {
    this.#make.records.length = 0;
    const { transitions, alerts } = this.engine.takeOutputs({ vehicles: false, checkpoint: false });
    for (const t of transitions) {
      if (t.kind === 'raised') this.#raised.push([alerts.find((a) => a.id === t.alertId)!.ruleId, this.#second]);
    }
  }

  #record(kind: (typeof RECORD_KIND)['rules' | 'reference'], change: object): void {
    this.engine.process(this.#make.add(kind, 0, 0, T0, new TextEncoder().encode(JSON.stringify(change))));
  }
}

function withAll(reference: Partial<ReferenceData>): ReferenceData {
  return { vehicles: [], drivers: [], orders: [], routes: [], geofences: [], reservations: [], ...reference };
}

/** Reference data of the test vehicle with these facts. */
export function vehicleFacts(facts: Record<string, string | number | boolean>): Partial<ReferenceData> {
  return { vehicles: [{ vehicleId: 'v1', facts }] };
}

/** A geofence of that group from `south` to `north` along the way of the test vehicle, degrees of latitude. */
export function belt(group: string, south: number, north: number): ReferenceData['geofences'][number] {
  const [west, east] = [13.3, 13.5];
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ] as const;
  return { geofenceId: group, name: `the ${group}`, groups: [group], polygons: [[ring]] };
}
