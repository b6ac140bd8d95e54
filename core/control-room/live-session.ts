import { readFileSync } from 'node:fs';
import type { Engine } from '../engine/engine.ts';
import type { Journal } from '../journal/journal.ts';
import type { BrokerStatus } from '../model/broker.ts';
import {
  type OperatorAction,
  RECORD_KIND,
  type RecordKind,
  type RulesChange,
  type SettingsChange,
} from '../model/records.ts';
import { subscriptionFilters } from '../model/topics.ts';
import { type MqttSource, openMqttSource } from '../sources/mqtt-source.ts';
import { clientIdOf } from './client-id.ts';
import { referenceDirOf } from './data-folders.ts';
import type { HealthMeter } from './health-meter.ts';
import { planChange } from './notify/enforce-plan.ts';
import type { RoomOptions } from './options.ts';
import { referenceChange } from './reference/reference-change.ts';
import { type ReferenceWatch, watchReference } from './reference/watch-reference.ts';
import { readSettings, sameSettings } from './settings-file.ts';

const TICK_MS = 1000;

/**
 * The live road: what comes from the broker, the clock, operators and rule files is journaled, then given to the engine.
 * Lives in the engine worker; every record passes through `enter`, so journal order is engine order.
 */
export class LiveSession {
  broker: BrokerStatus = { state: 'connecting', detail: '' };
  /** Sentences about the settings file, when it was refused: the settings before it stay in force. */
  settingsErrors: readonly string[] = [];
  /** Sentences about the file of who is told of alerts, when it was refused: the plan before it stays in force. */
  planErrors: readonly string[] = [];
  /** Sentences about reference files that were refused, or of which something was left out. */
  referenceProblems: readonly string[] = [];
  readonly #options: RoomOptions;
  readonly #engine: Engine;
  readonly #journal: Journal;
  readonly #meter: HealthMeter;
  #source: MqttSource | undefined;
  #ticker: NodeJS.Timeout | undefined;
  #referenceWatch: ReferenceWatch | undefined;

  constructor(options: RoomOptions, engine: Engine, journal: Journal, meter: HealthMeter) {
    this.#options = options;
    this.#engine = engine;
    this.#journal = journal;
    this.#meter = meter;
  }

  get received(): number {
    return this.#source?.received ?? 0;
  }

  get brokerDropped(): number | undefined {
    return this.#source?.brokerDropped;
  }

  /** Puts changed settings and reference data in force, starts the clock and connects. */
  start(): void {
    this.#enforceSettings();
    this.#enforcePlan();
    const referenceDir = referenceDirOf(this.#options.dataDir);
    this.#referenceWatch = watchReference(referenceDir, () => this.#enforceReference(referenceDir, 'files'));
    this.#enforceReference(referenceDir, 'startup');
    this.#connect();
    this.#ticker = setInterval(() => {
      const listening = this.broker.state === 'connected';
      this.#enter(RECORD_KIND.tick, listening ? 1 : 0, 0, new Uint8Array(0));
    }, TICK_MS);
  }

  /** Stops taking messages; the broker keeps what comes meanwhile for this room. */
  async stop(): Promise<void> {
    clearInterval(this.#ticker);
    this.#referenceWatch?.close();
    await this.#source?.close();
    this.broker = { state: 'stopped', detail: '' };
  }

  pause(): void {
    this.#source?.pause();
  }

  resume(): void {
    this.#source?.resume();
  }

  /**
   * Journals an operator's action and lets the engine act on it. While the disk refuses the journal it is acted on all the
   * same: who works alerts must not wait for a disk.
   */
  operator(action: OperatorAction): void {
    this.#enter(RECORD_KIND.operator, 0, 0, new TextEncoder().encode(JSON.stringify(action)));
  }

  /** Journals rule packs that were checked, from where on they are in force; answers that position. */
  changeRules(change: RulesChange): number {
    return this.#enter(RECORD_KIND.rules, 0, 0, new TextEncoder().encode(JSON.stringify(change)));
  }

  #enter(kind: RecordKind, flags: number, count: number, payload: Uint8Array, onDurable?: () => void): number {
    const receivedMs = Date.now();
    const position = this.#journal.append(kind, flags, count, receivedMs, payload, onDurable);
    this.#engine.process({ position, nextPosition: this.#journal.position, kind, flags, count, receivedMs, payload });
    this.#meter.applied(receivedMs);
    return position;
  }

  #enforceSettings(): void {
    const { settings, errors } = readSettings(this.#options.dataDir);
    this.settingsErrors = errors ?? [];
    if (!settings || sameSettings(settings, this.#engine.fleet.stream.settings)) return;
    const change: SettingsChange = { settings, by: 'startup' };
    this.#enter(RECORD_KIND.settings, 0, 0, new TextEncoder().encode(JSON.stringify(change)));
  }

  #enforcePlan(): void {
    const { change, errors } = planChange(this.#options.dataDir, this.#engine.notices.plan);
    this.planErrors = errors;
    if (change) this.#enter(RECORD_KIND.notify, 0, 0, new TextEncoder().encode(JSON.stringify(change)));
  }

  /** Files are compared with what is in force, so that only what differs is journaled. */
  #enforceReference(dir: string, by: string): void {
    const { payload, problems } = referenceChange(dir, this.#engine.fleet.reference, by);
    this.referenceProblems = problems;
    if (payload) this.#enter(RECORD_KIND.reference, 0, 0, payload);
  }

  #connect(): void {
    const { broker, dataDir } = this.#options;
    const pem = (file: string | undefined): Buffer | undefined => (file ? readFileSync(file) : undefined);
    try {
      this.#source = openMqttSource(
        {
          url: broker.url,
          ca: pem(broker.caFile),
          cert: pem(broker.certFile),
          key: pem(broker.keyFile),
          user: broker.user,
          password: broker.password,
          clientId: broker.clientId ?? clientIdOf(dataDir),
          filters: subscriptionFilters(broker.topicPrefix),
          shareGroup: broker.shareGroup,
        },
        {
          run: (bytes, count, level, acknowledge) => this.#enter(RECORD_KIND.publish, level, count, bytes, acknowledge),
          oversize: (note, acknowledge) =>
            this.#enter(RECORD_KIND.oversize, 0, 1, new TextEncoder().encode(JSON.stringify(note)), acknowledge),
          status: (status) => {
            this.broker = status;
          },
        },
      );
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.broker = { state: 'refused', detail: `${detail} Correct it and start again.` };
    }
  }
}
