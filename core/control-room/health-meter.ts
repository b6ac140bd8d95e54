import type { Engine } from '../engine/engine.ts';
import type { Journal } from '../journal/journal.ts';
import type { BrokerStatus } from '../model/broker.ts';
import { MOVEMENT } from '../model/movement.ts';
import type { Summary } from '../protocol/events.ts';
import type { Health, VehicleCounts } from '../protocol/health.ts';
import type { HistorySender } from './history-sender.ts';
import { LagHistogram } from './lag-histogram.ts';

const RATE_SPAN_S = 5;
const ALERT_SPAN_MS = 600_000;

/** What the meter reads; all of it belongs to the engine worker. */
export interface Metered {
  readonly engine: Engine;
  readonly journal: Journal;
  readonly history: HistorySender;
  readonly broker: () => BrokerStatus;
  /** Messages that came from the broker since the room opened. */
  readonly received: () => number;
  /** Messages the broker says it dropped for this and other clients, where it says so. */
  readonly brokerDropped: () => number | undefined;
  readonly starting: () => boolean;
  readonly ruleErrors: () => readonly string[];
  readonly settingsErrors: () => readonly string[];
  readonly referenceProblems: () => readonly string[];
  /** Sentences about who is told of alerts, and about what could not be delivered. */
  readonly noticeProblems: () => readonly string[];
  /** Rows given up while the history could not be written. */
  readonly droppedRows: () => number;
  /** Sentences about what was found wrong when the room opened. */
  readonly notes: () => readonly string[];
}

/** Turns the state of the room's parts into its health and the once-a-second summary. */
export class HealthMeter {
  readonly lag = new LagHistogram();
  readonly #parts: Metered;
  readonly #receivedBefore: number;
  readonly #raisedMs: number[] = [];
  readonly #rates: number[] = [];

  constructor(parts: Metered) {
    this.#parts = parts;
    this.#receivedBefore = parts.journal.messages;
  }

  /** Notes the lag of what the engine has just applied. */
  applied(nowMs: number): void {
    const { fleet } = this.#parts.engine;
    for (let i = 0; i < fleet.lagSampleCount; i++) this.lag.add(nowMs - fleet.lagSamplesMs[i], nowMs);
    fleet.lagSampleCount = 0;
  }

  alertsRaised(count: number, nowMs: number): void {
    for (let i = 0; i < count; i++) this.#raisedMs.push(nowMs);
  }

  health(nowMs: number): Health {
    const { engine, journal } = this.#parts;
    const { counters } = engine;
    const [p50, p99] = this.lag.quantiles([0.5, 0.99], nowMs);
    const problems = this.#problems();
    const broker = this.#parts.broker();
    const degraded = problems.length > 0 || broker.state !== 'connected';
    return {
      status: this.#parts.starting() ? 'starting' : degraded ? 'degraded' : 'ok',
      messages: {
        received: this.#receivedBefore + this.#parts.received(),
        journaled: journal.messages,
        processed: counters.processed,
        quarantined: counters.quarantined,
        duplicates: counters.duplicates,
        late: counters.late,
        dropped: journal.unrecordedMessages,
      },
      vehicles: countVehicles(engine),
      alerts: { ...engine.alertTotals },
      lagMs: { p50, p99 },
      broker,
      recording: journal.recording && !this.#parts.history.failure,
      problems,
    };
  }

  /** Call once a second: the rate is measured between calls. */
  summary(nowMs: number): Summary {
    const { processed } = this.#parts.engine.counters;
    this.#rates.push(processed);
    if (this.#rates.length > RATE_SPAN_S + 1) this.#rates.shift();
    while (this.#raisedMs.length > 0 && this.#raisedMs[0] < nowMs - ALERT_SPAN_MS) this.#raisedMs.shift();
    return {
      ...this.health(nowMs),
      nowMs,
      messagesPerSecond: Math.round((processed - this.#rates[0]) / Math.max(1, this.#rates.length - 1)),
      alertsLast10Min: this.#raisedMs.length,
      ...queueLoad(this.#parts.engine),
    };
  }

  #problems(): string[] {
    const { journal, history } = this.#parts;
    const problems: string[] = [];
    if (journal.failure) problems.push(journal.failure);
    if (history.failure) problems.push(history.failure);
    const dropped = this.#parts.brokerDropped();
    if (dropped) problems.push(`The broker says that it dropped ${dropped} messages. Raise its queue limits.`);
    const rows = this.#parts.droppedRows();
    if (rows > 0)
      problems.push(`${rows} rows of tracks, windows and trips were not kept: the history could not be written.`);
    problems.push(...this.#parts.notes());
    problems.push(...this.#parts.noticeProblems(), ...this.#parts.referenceProblems());
    problems.push(
      ...this.#parts.settingsErrors().map((error) => `The settings were refused: ${error}. Those before go on.`),
    );
    return [...problems, ...this.#parts.ruleErrors().map((error) => `A rule pack was refused: ${error}`)];
  }
}

/** How many entries came into an engine's queue lately, and whether that is a flood. */
export function queueLoad({ book }: Engine): Pick<Summary, 'entriesLast10Min' | 'flood'> {
  const { flood, recentEntries } = book;
  return { entriesLast10Min: recentEntries, flood: flood ? { startMs: flood.startMs, raised: flood.raised } : null };
}

/** Vehicles that an engine knows, by what they do. */
export function countVehicles(engine: Engine): VehicleCounts {
  const { movement, count } = engine.fleet.state;
  const by = new Uint32Array(8);
  for (let slot = 0; slot < count; slot++) by[movement[slot]]++;
  return {
    total: count,
    moving: by[MOVEMENT.moving],
    idling: by[MOVEMENT.idling],
    stopped: by[MOVEMENT.stopped],
    offline: by[MOVEMENT.offline],
  };
}
