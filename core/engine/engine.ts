import { Decoder, type DecodeSink } from '../decode/decoder.ts';
import { fingerprint } from '../decode/fingerprint.ts';
import { SlotTable } from '../decode/slot-table.ts';
import type { Problem } from '../decode/slow-decoder.ts';
import type { Alert } from '../model/alerts.ts';
import { type Counters, ZERO_COUNTERS } from '../model/counters.ts';
import { indexPublish, MALFORMED, PACKET_PUBLISH, PUBLISH_INDEX_STRIDE, remainingLength } from '../model/mqtt-frame.ts';
import type { OutputBatch } from '../model/outputs.ts';
import {
  type JournalRecord,
  type NotifyChange,
  type OperatorAction,
  type OversizeNote,
  RECORD_KIND,
  type ReferenceChange,
  type RulePackSource,
  type RulesChange,
  type SettingsChange,
} from '../model/records.ts';
import { DEFAULT_SETTINGS } from '../model/stream-settings.ts';
import { AlertBook, type AlertTotals } from '../rules/alert-book.ts';
import { Evaluator } from '../rules/evaluator.ts';
import { RuleInputs } from '../rules/inputs.ts';
import { NoticePlanner } from '../rules/notices/planner.ts';
import { compilePacks } from '../rules/rule-set.ts';
import { formatPackError } from '../rules/spec.ts';
import type { VehicleStream } from '../stream/vehicle-stream.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { Fleet } from './fleet.ts';
import { type MessageRef, QuarantineLog, type QuarantineState } from './quarantine-log.ts';
import { readRuleState } from './rule-state.ts';

export interface EngineOptions {
  readonly maxVehicles: number;
  readonly topicPrefix?: string;
  /** Size of the duplicate table as a power of two; default 2^20 entries, 8 MiB. */
  readonly dedupeLog2?: number;
  /**
   * True: only what alerts depend on. Tracks, minutes, windows, trips and scores are left out, the alerts are the same. For trying
   * rules; its checkpoints are of no use to others.
   */
  readonly rulesOnly?: boolean;
}

/** Keeps fingerprints of what was set aside apart from those of events. */
const REFUSED = 0x5bf03635;

interface CheckpointMeta {
  readonly position: number;
  readonly engineMs: number;
  readonly counters: Counters;
  readonly count: number;
  readonly silenceS: number;
  readonly lastTickMs: number;
  readonly driverIds: string[];
  readonly tripIds: string[];
  readonly faultCodes: string[];
  /** Missing in version 1. */
  readonly stream?: ReturnType<VehicleStream['serialize']>;
  readonly book: ReturnType<AlertBook['serialize']>;
  /** Missing before there were notices. */
  readonly notices?: ReturnType<NoticePlanner['serialize']>;
  readonly quarantine: QuarantineState;
  readonly packs: readonly RulePackSource[];
}

/**
 * The deterministic function of the journal: the same records give the same state and the same outputs, whenever and wherever
 * they are read. It reads no clock, file, socket or random number. Not thread-safe; one record at a time.
 */
export class Engine {
  readonly fleet: Fleet;
  readonly book: AlertBook;
  /** Who is told what of the book's alerts. */
  readonly notices = new NoticePlanner();
  readonly counters: Counters = { ...ZERO_COUNTERS };
  /** Where the next record starts. */
  position = 0;
  /** `receivedMs` of the newest record, Unix ms. */
  engineMs = 0;
  /** Sentences about the packs last refused; the ones before them are still in force. */
  ruleErrors: string[] = [];
  /** Packs in force. */
  packs: readonly RulePackSource[] = [];
  readonly #decoder: Decoder;
  readonly rules: Evaluator;
  readonly #quarantine = new QuarantineLog();
  readonly #index = new Int32Array(PUBLISH_INDEX_STRIDE);
  readonly #text = new TextDecoder();
  readonly #sink: DecodeSink;
  readonly #findAlert = (id: string): Alert | undefined => this.book.get(id);
  #record: JournalRecord | undefined;
  #messageIndex = 0;
  readonly #print = { idA: 0, idB: 0 };
  readonly #ref = { position: 0, messageIndex: 0, objectIndex: 0 };
  #takenPosition = 0;
  #operatorActions: OutputBatch['operatorActions'] = [];
  #rulesChanges: OutputBatch['rulesChanges'] = [];

  constructor(options: EngineOptions) {
    this.#decoder = new Decoder({ maxVehicles: options.maxVehicles, topicPrefix: options.topicPrefix });
    const nameOf = (slot: number): string => this.#decoder.vehicles.name(slot);
    this.fleet = new Fleet(nameOf, options.dedupeLog2, options.rulesOnly);
    this.book = new AlertBook(
      (slot) => this.fleet.state.touch(slot),
      options.rulesOnly ? undefined : (alert, transition) => this.notices.transition(alert, transition),
    );
    this.rules = new Evaluator(new RuleInputs(this.fleet.state, this.fleet.reference), this.book, nameOf);
    this.#sink = {
      event: (row) => {
        this.fleet.event(row, this.counters, this.rules, this.#ref);
        this.#ref.objectIndex++;
      },
      refuse: (problem, bytes, start, end, kind) => this.#refuse(problem, kind, this.#messageRef(), bytes, start, end),
      unknownField: (kind, path) => this.#quarantine.newField(kind, path, this.engineMs),
    };
  }

  /** Ids by slot; only slots below `fleet.state.count` have state. */
  get vehicles(): SlotTable {
    return this.#decoder.vehicles;
  }

  get alertTotals(): AlertTotals {
    return this.book.totals();
  }

  process(record: JournalRecord): void {
    this.#record = record;
    this.engineMs = record.receivedMs;
    this.fleet.receivedMs = record.receivedMs;
    this.rules.position = record.position;
    switch (record.kind) {
      case RECORD_KIND.publish:
        this.#publish(record);
        break;
      case RECORD_KIND.tick:
        this.book.tick(record.receivedMs);
        this.fleet.tick(record.receivedMs, record.flags === 1, this.rules);
        break;
      case RECORD_KIND.operator:
        this.#operator(record);
        break;
      case RECORD_KIND.rules:
        this.#rules(record);
        break;
      case RECORD_KIND.oversize:
        this.#oversize(record);
        break;
      case RECORD_KIND.settings:
        this.#settings(record);
        break;
      case RECORD_KIND.reference:
        this.fleet.reference.use((JSON.parse(this.#text.decode(record.payload)) as ReferenceChange).data);
        this.rules.factsChanged();
        break;
      case RECORD_KIND.notify:
        this.notices.use((JSON.parse(this.#text.decode(record.payload)) as NotifyChange).plan);
        break;
    }
    if (record.kind === RECORD_KIND.tick) this.notices.tick(record.receivedMs, this.#findAlert);
    else this.notices.settle(record.receivedMs, this.#findAlert);
    this.position = record.nextPosition;
  }

  /**
   * What happened since the last call, for history. `vehicles` adds the rows of changed vehicles, `checkpoint` the whole state;
   * both are costly and asked for now and then.
   */
  takeOutputs(want: { vehicles: boolean; checkpoint: boolean }): OutputBatch {
    const { alerts, transitions, floods } = this.book.take();
    const { samples, notices } = this.#quarantine.take();
    const batch: OutputBatch = {
      fromPosition: this.#takenPosition,
      toPosition: this.position,
      engineMs: this.engineMs,
      vehicles: want.vehicles ? this.fleet.takeVehicles() : [],
      tracks: this.fleet.takeTracks(),
      minutes: this.fleet.takeMinutes(),
      alerts,
      transitions,
      notices: this.notices.take(),
      floods,
      operatorActions: this.#operatorActions,
      rulesChanges: this.#rulesChanges,
      quarantineCounts: { ...this.#quarantine.counts },
      quarantineSamples: samples,
      schemaNotices: notices,
      counters: { ...this.counters },
      stream: this.fleet.stream.take(),
      checkpoint: want.checkpoint ? this.checkpoint() : undefined,
    };
    this.#takenPosition = this.position;
    this.#operatorActions = [];
    this.#rulesChanges = [];
    return batch;
  }

  checkpoint(): Uint8Array {
    const { state, silence } = this.fleet;
    const meta: CheckpointMeta = {
      position: this.position,
      engineMs: this.engineMs,
      counters: this.counters,
      count: state.count,
      silenceS: silence.nowS,
      lastTickMs: silence.lastTickMs,
      driverIds: state.driverIds,
      tripIds: state.tripIds,
      faultCodes: state.faultCodes,
      stream: this.fleet.stream.serialize(),
      book: this.book.serialize(),
      notices: this.notices.serialize(),
      quarantine: this.#quarantine.serialize(),
      packs: this.packs,
    };
    const vehicles = this.#decoder.vehicles.serialize();
    return writeCheckpoint(meta, [['vehicles', vehicles], ...this.fleet.arrays(), ...this.rules.arrays(state.count)]);
  }

  /** State of the rules of these versions and of what they read, for RulesChange. */
  ruleState(versions: ReadonlySet<string>): Uint8Array {
    const { count } = this.fleet.state;
    return writeCheckpoint({ count }, this.rules.arrays(count, versions));
  }

  /** An engine that continues from a checkpoint. Throws when the bytes are unreadable or of another version. */
  static restore(bytes: Uint8Array, options: EngineOptions): Engine {
    const { meta, read } = readCheckpoint<CheckpointMeta>(bytes);
    const engine = new Engine(options);
    engine.position = meta.position;
    engine.#takenPosition = meta.position;
    engine.engineMs = meta.engineMs;
    Object.assign(engine.counters, meta.counters);
    const vehicles = read('vehicles');
    if (vehicles) engine.#decoder.vehicles = SlotTable.restore(vehicles as Uint8Array, options.maxVehicles);
    const { state, silence } = engine.fleet;
    silence.nowS = meta.silenceS;
    silence.lastTickMs = meta.lastTickMs;
    state.driverIds = meta.driverIds;
    state.tripIds = meta.tripIds;
    state.faultCodes = meta.faultCodes;
    engine.fleet.restore(meta.count, read, meta.stream);
    engine.book.restore(meta.book);
    if (meta.notices) engine.notices.restore(meta.notices);
    engine.#quarantine.restore(meta.quarantine);
    engine.packs = meta.packs;
    engine.rules.use(compilePacks(meta.packs, engine.rules.inputs).rules, meta.engineMs);
    engine.rules.restore(meta.count, read);
    return engine;
  }

  #publish(record: JournalRecord): void {
    const bytes = record.payload;
    const index = this.#index;
    const end = bytes.length;
    this.#decoder.notAfterMs = record.receivedMs + this.fleet.stream.settings.futureBoundMs;
    this.#ref.position = record.position;
    let at = 0;
    for (this.#messageIndex = 0; at < end; this.#messageIndex++) {
      const packed = remainingLength(bytes, at, end);
      const body = at + 1 + (packed & 7);
      const packetEnd = body + Math.floor(packed / 8);
      const bad =
        packed <= 0 ||
        bytes[at] >> 4 !== PACKET_PUBLISH ||
        packetEnd > end ||
        indexPublish(bytes, bytes[at], body, packetEnd, record.flags, index, 0) === MALFORMED;
      if (bad) {
        this.#badFrame(record, at, end);
        return;
      }
      this.counters.processed++;
      this.#ref.messageIndex = this.#messageIndex;
      this.#ref.objectIndex = 0;
      if (!this.#decoder.message(bytes, index[0], index[1], index[2], index[3], this.#sink)) this.counters.ignored++;
      at = packetEnd;
    }
  }

  /** The rest of a run that does not read as PUBLISH packets; its messages are counted as processed and set aside. */
  #badFrame(record: JournalRecord, at: number, end: number): void {
    const rest = Math.max(1, record.count - this.#messageIndex);
    this.counters.processed += rest;
    this.counters.quarantined += rest;
    const problem = {
      reason: 'bad-frame' as const,
      detail: `${rest} messages from byte ${at} of the record do not read as MQTT`,
    };
    this.#index.fill(0);
    this.#quarantine.add(problem, '', this.#messageRef(), record.payload, at, end);
  }

  #operator(record: JournalRecord): void {
    const action = JSON.parse(this.#text.decode(record.payload)) as OperatorAction;
    this.#operatorActions.push({ action, atMs: record.receivedMs, position: record.position });
    this.book.operator(action, record.receivedMs);
  }

  #rules(record: JournalRecord): void {
    const { state, ...change } = JSON.parse(this.#text.decode(record.payload)) as RulesChange;
    this.#rulesChanges.push({ change, atMs: record.receivedMs, position: record.position });
    const { rules, errors } = compilePacks(change.packs, this.rules.inputs);
    this.ruleErrors = errors.map(formatPackError);
    if (errors.length > 0) {
      this.rules.keepTerms();
      return;
    }
    this.packs = change.packs;
    const before = new Set(this.rules.rules.map((rule) => rule.spec.version));
    const terms = new Set(this.rules.rules.flatMap((rule) => [...rule.terms]));
    this.rules.use(rules, record.receivedMs);
    if (state !== undefined) this.#adoptRules(state, before, terms, record.receivedMs);
  }

  /** State of changed rules that was worked out from the journal before; a state that cannot be read is done without. */
  #adoptRules(state: string, before: ReadonlySet<string>, terms: ReadonlySet<string>, atMs: number): void {
    const stored = readRuleState(state);
    if (!stored) return;
    const { rules } = this.rules;
    const versions = new Set(rules.map((rule) => rule.spec.version).filter((version) => !before.has(version)));
    const newTerms = new Set(rules.flatMap((rule) => [...rule.terms]).filter((key) => !terms.has(key)));
    this.rules.adopt(Math.min(stored.count, this.fleet.state.count), stored.read, versions, newTerms, atMs);
  }

  #settings(record: JournalRecord): void {
    const { settings } = JSON.parse(this.#text.decode(record.payload)) as SettingsChange;
    this.fleet.stream.settings = { ...DEFAULT_SETTINGS, ...settings };
  }

  #oversize(record: JournalRecord): void {
    this.#messageIndex = 0;
    const note = JSON.parse(this.#text.decode(record.payload)) as OversizeNote;
    this.counters.processed++;
    const detail = `payload of ${note.bytes} bytes is more than the room takes in`;
    const head = new TextEncoder().encode(note.head);
    const ref = { ...this.#messageRef(), topic: () => note.topic };
    this.#refuse({ reason: 'too-large', detail }, '', ref, head, 0, head.length);
  }

  /** Sets a message aside, once: a broker sends again what it was not thanked for in time, and that is equal in every byte. */
  #refuse(problem: Problem, kind: string, ref: MessageRef, bytes: Uint8Array, start: number, end: number): void {
    const print = this.#print;
    fingerprint(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), start, end, print);
    if (this.fleet.seen(print.idA ^ REFUSED, print.idB)) {
      this.counters.duplicates++;
      return;
    }
    this.counters.quarantined++;
    this.#quarantine.add(problem, kind, ref, bytes, start, end);
  }

  #messageRef() {
    const record = this.#record!;
    return {
      topic: (): string => this.#text.decode(record.payload.subarray(this.#index[0], this.#index[0] + this.#index[1])),
      position: record.position,
      index: this.#messageIndex,
      receivedMs: record.receivedMs,
    };
  }
}
