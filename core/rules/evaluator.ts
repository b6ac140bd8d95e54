import { type Alert, PRIORITY } from '../model/alerts.ts';
import { COLUMN } from '../stream/columns.ts';
import type { FleetState, StateArray } from '../stream/fleet-state.ts';
import type { AlertBook } from './alert-book.ts';
import { RuleIndex } from './rule-index.ts';
import type { CompiledRule } from './rule-set.ts';
import { RuleState, STAGE } from './rule-state.ts';

const PRIORITIES = Object.values(PRIORITY);

interface RunningRule {
  readonly rule: CompiledRule;
  readonly state: RuleState;
  /** Open alerts by slot while the rule fires there. */
  readonly alerts: Map<number, Alert>;
}

/**
 * Runs rules over vehicles and drives the alert book: inactive → pending (`for`) → firing → clearing (`keep`) → inactive, and
 * unknown while a needed signal is missing. Times are event times for rules over signals, tick times for rules over silence.
 */
export class Evaluator {
  readonly #state: FleetState;
  readonly #book: AlertBook;
  readonly #nameOf: (slot: number) => string;
  #onEvent: RunningRule[] = [];
  #onTick: RunningRule[] = [];
  #onDriver: RunningRule[] = [];
  #index = new RuleIndex([]);
  /**
   * By slot, `#index.words` words: the rules of `#onEvent` to be looked at after every message, whatever it changed. The others are
   * inactive, and their condition was not true when it was looked at last.
   */
  #awake = new Int32Array(0);
  /** No rule of `#onTick` can start at a vehicle that has been silent for less, s. */
  #tickFromS = Number.NEGATIVE_INFINITY;
  /** By slot, 0 = every rule of `#onTick` is inactive and was not true when it was looked at last. */
  #tickAwake = new Uint8Array(0);

  constructor(state: FleetState, book: AlertBook, nameOf: (slot: number) => string) {
    this.#state = state;
    this.#book = book;
    this.#nameOf = nameOf;
  }

  get rules(): readonly CompiledRule[] {
    return this.#running().map((r) => r.rule);
  }

  /** Puts rules in force. Rules of the same version keep their state; alerts of rules that are gone or changed are cleared. */
  use(rules: readonly CompiledRule[], atMs: number): void {
    const before = new Map(this.#running().map((r) => [r.rule.spec.version, r]));
    const next = rules.map((rule): RunningRule => {
      const old = before.get(rule.spec.version);
      before.delete(rule.spec.version);
      return old ? { ...old, rule } : { rule, state: new RuleState(), alerts: new Map() };
    });
    for (const gone of before.values()) {
      for (const alert of gone.alerts.values()) {
        if (alert.condition !== 'cleared') this.#book.setCondition(alert, 'cleared', atMs, 'rule changed or removed');
      }
    }
    this.#onEvent = next.filter((r) => r.rule.runsOn === 'event');
    this.#onTick = next.filter((r) => r.rule.runsOn === 'tick');
    this.#onDriver = next.filter((r) => r.rule.runsOn === 'driver');
    this.#index = new RuleIndex(this.#onEvent.map((r) => r.rule.onset));
    this.#awake = new Int32Array(0);
    this.#tickFromS = Math.min(...this.#onTick.map((r) => silentFrom(r.rule)));
    this.#tickAwake = new Uint8Array(0);
  }

  /**
   * After a message of the vehicle was applied; `atMs` is the vehicle's clock. `changed` lists in its first `count` places the
   * columns that may have changed since the last call for this vehicle; without it any may have.
   */
  event(slot: number, atMs: number, changed?: Uint8Array, count = 0): void {
    const index = this.#index;
    const { words, found } = index;
    const from = slot * words;
    if (from >= this.#awake.length) this.#reserveAwake();
    if (changed === undefined) index.findAll();
    else index.find(this.#state.values, slot, changed, count);
    for (let w = 0; w < words; w++) {
      const awake = this.#awake[from + w];
      for (let rest = found[w] | awake; rest !== 0; rest &= rest - 1) {
        const bit = rest & -rest;
        const rule = w * 32 + 31 - Math.clz32(bit);
        if ((awake & bit) === 0 && !index.mayHold(rule, this.#state.values, slot)) continue;
        this.#look(rule, bit, from + w, slot, atMs);
      }
    }
  }

  /** Every second, for a vehicle whose tick columns are up to date and that has been silent for `silentS`. */
  tick(slot: number, silentS: number, atMs: number): void {
    if (silentS < this.#tickFromS && slot < this.#tickAwake.length && this.#tickAwake[slot] === 0) return;
    if (slot >= this.#tickAwake.length) this.#tickAwake = new Uint8Array(this.#state.capacity).fill(1);
    let awake = 0;
    for (const running of this.#onTick) if (this.#step(running, slot, atMs)) awake = 1;
    this.#tickAwake[slot] = awake;
  }

  /** A driver event such as `sos`. */
  driverEvent(slot: number, event: string, atMs: number): void {
    for (const { rule, alerts } of this.#onDriver) {
      if (rule.spec.trigger.type !== 'driver-event' || rule.spec.trigger.event !== event) continue;
      const open = alerts.get(slot);
      if (open && !open.acknowledged) this.#book.repeat(open, atMs);
      else keep(alerts, slot, this.#raise(rule, slot, atMs, atMs, true));
    }
  }

  /** An alert of another system: latched until acknowledged. `key` tells repeats of one alert apart from new ones. */
  external(slot: number, type: string, key: string, severity: number, message: string, atMs: number): void {
    const priority = PRIORITIES.find((p) => p === severity) ?? PRIORITY.medium;
    this.#book.raise({
      ruleId: `external:${type}`,
      ruleName: type.replaceAll('_', ' '),
      ruleVersion: key,
      slot,
      vehicleId: this.#nameOf(slot),
      priority,
      onsetMs: atMs,
      raisedMs: atMs,
      latched: true,
      value: undefined,
      unit: '',
      message,
      ...this.#position(slot),
    });
  }

  /** The vehicle went offline: what fires on its signals is now unknown. */
  silence(slot: number, atMs: number): void {
    for (const running of this.#onEvent) {
      const { state } = running;
      state.reserve(this.#state.capacity);
      if (state.stage[slot] === STAGE.firing || state.stage[slot] === STAGE.clearing)
        this.#toUnknown(running, slot, atMs);
      else if (state.stage[slot] === STAGE.pending) state.toInactive(slot);
    }
  }

  arrays(count: number): [name: string, array: StateArray][] {
    return this.#running().flatMap(({ rule, state }) => state.arrays(rule.spec.version, count));
  }

  /** After `use` and after the book was restored: takes over stored stages and finds the alerts they belong to. */
  restore(count: number, read: (name: string) => StateArray | undefined): void {
    this.#awake.fill(-1);
    this.#tickAwake.fill(1);
    for (const { rule, state, alerts } of this.#running()) {
      if (!state.restore(rule.spec.version, count, read)) continue;
      for (let slot = 0; slot < count; slot++) {
        if (state.stage[slot] < STAGE.firing && rule.runsOn !== 'driver') continue;
        for (const alert of this.#book.of(slot)) {
          if (alert.ruleId === rule.spec.id && (alert.condition !== 'cleared' || alert.latched))
            alerts.set(slot, alert);
        }
      }
    }
  }

  #reserveAwake(): void {
    const awake = new Int32Array(this.#state.capacity * this.#index.words).fill(-1);
    awake.set(this.#awake);
    this.#awake = awake;
  }

  /** Takes a rule a step further, and lets it sleep if it is inactive because its condition is not true. */
  #look(rule: number, bit: number, word: number, slot: number, atMs: number): void {
    const running = this.#onEvent[rule];
    if (running !== undefined && this.#step(running, slot, atMs)) this.#awake[word] |= bit;
    else this.#awake[word] &= ~bit;
  }

  #running(): RunningRule[] {
    return [...this.#onEvent, ...this.#onTick, ...this.#onDriver];
  }

  /** Answers false when the rule is inactive and its condition not true. */
  #step(running: RunningRule, slot: number, atMs: number): boolean {
    const { rule, state } = running;
    if (slot >= state.stage.length) state.reserve(this.#state.capacity);
    switch (state.stage[slot]) {
      case STAGE.inactive:
        if (rule.when(slot) !== 1) return false;
        state.sinceMs.set(slot, atMs);
        if (rule.spec.forMs > 0) state.stage[slot] = STAGE.pending;
        else this.#fire(running, slot, atMs);
        return true;
      case STAGE.pending:
        if (rule.when(slot) !== 1) {
          state.toInactive(slot);
          return false;
        }
        if (atMs - state.since(slot, atMs) >= rule.spec.forMs) this.#fire(running, slot, atMs);
        return true;
      default:
        this.#firing(running, slot, atMs);
        return true;
    }
  }

  #firing(running: RunningRule, slot: number, atMs: number): void {
    const { rule, state, alerts } = running;
    const over = rule.clear(slot);
    const stage = state.stage[slot];
    if (Number.isNaN(over)) {
      if (stage !== STAGE.unknown) this.#toUnknown(running, slot, atMs);
      return;
    }
    const alert = alerts.get(slot);
    if (alert && stage === STAGE.unknown) this.#book.setCondition(alert, 'resumed', atMs);
    if (over === 0) {
      state.stage[slot] = STAGE.firing;
      if (alert) this.#notePeak(rule, alert, slot);
      return;
    }
    if (stage !== STAGE.clearing) state.sinceMs.set(slot, atMs);
    state.stage[slot] = STAGE.clearing;
    if (atMs - state.since(slot, atMs) < rule.spec.keepMs) return;
    state.toInactive(slot);
    alerts.delete(slot);
    if (alert) this.#book.setCondition(alert, 'cleared', atMs);
  }

  #fire(running: RunningRule, slot: number, atMs: number): void {
    running.state.stage[slot] = STAGE.firing;
    keep(running.alerts, slot, this.#raise(running.rule, slot, running.state.since(slot, atMs), atMs, false));
  }

  #raise(rule: CompiledRule, slot: number, onsetMs: number, raisedMs: number, latched: boolean): Alert | undefined {
    const { spec, watched } = rule;
    const value = watched ? this.#state.values[watched.column.column][slot] : Number.NaN;
    return this.#book.raise({
      ruleId: spec.id,
      ruleName: spec.name,
      ruleVersion: spec.version,
      slot,
      vehicleId: this.#nameOf(slot),
      priority: spec.priority,
      onsetMs,
      raisedMs,
      latched,
      value: Number.isNaN(value) ? undefined : value,
      unit: watched?.column.unit ?? '',
      message: rule.message(slot),
      ...this.#position(slot),
    });
  }

  #toUnknown({ state, alerts }: RunningRule, slot: number, atMs: number): void {
    state.stage[slot] = STAGE.unknown;
    const alert = alerts.get(slot);
    if (alert) this.#book.setCondition(alert, 'unknown', atMs);
  }

  #notePeak(rule: CompiledRule, alert: Alert, slot: number): void {
    if (!rule.watched) return;
    const value = this.#state.values[rule.watched.column.column][slot];
    if (!Number.isNaN(value)) this.#book.note(alert, value, rule.watched.worse);
  }

  #position(slot: number): { lat: number | undefined; lon: number | undefined } {
    const lat = this.#state.lat[slot];
    return Number.isNaN(lat) ? { lat: undefined, lon: undefined } : { lat, lon: this.#state.lon[slot] };
  }
}

/** Remembers the alert of a slot; none when its onset was one that is closed already. */
function keep(alerts: Map<number, Alert>, slot: number, alert: Alert | undefined): void {
  if (alert) alerts.set(slot, alert);
  else alerts.delete(slot);
}

/** How long a vehicle must be silent before a rule can start, s; −∞ when that is not among its conditions. */
function silentFrom({ onset }: CompiledRule): number {
  const silence = onset.needs.get(COLUMN.silentS);
  return silence === undefined || silence === 'any' || silence.length === 0 ? Number.NEGATIVE_INFINITY : silence[0][0];
}
