import { type Alert, PRIORITY } from '../model/alerts.ts';
import type { AlertBook } from './alert-book.ts';
import type { RuleInputs } from './inputs.ts';
import type { RuleRun } from './rule-run.ts';
import type { CompiledRule } from './rule-set.ts';
import { STAGE } from './rule-state.ts';
import { explain, noteOnset } from './why.ts';

const PRIORITIES = Object.values(PRIORITY);

/** The alerts of rules: how they are raised, go on and end. The evaluator says when. */
export class RuleAlerts {
  /** Where the record that is worked on stands in the journal. */
  position = 0;
  readonly #inputs: RuleInputs;
  readonly #book: AlertBook;
  readonly #nameOf: (slot: number) => string;
  readonly #depotOf: (slot: number, atMs: number) => number;
  readonly #onCounted: (slot: number) => void;

  /** `onCounted` is told the vehicle when a rule counts an alert that was raised. */
  constructor(
    inputs: RuleInputs,
    book: AlertBook,
    nameOf: (slot: number) => string,
    onCounted: (slot: number) => void,
  ) {
    this.#inputs = inputs;
    this.#book = book;
    this.#nameOf = nameOf;
    this.#depotOf = inputs.business.fieldReader('vehicle.depot');
    this.#onCounted = onCounted;
  }

  /** What is remembered of the onset of an alert. */
  note({ rule }: RuleRun, slot: number): Float64Array {
    return noteOnset(rule, slot, this.position);
  }

  /** An event or a sequence happened. Answers true when its alert goes on: it has an end of its own. */
  happen(run: RuleRun, slot: number, onsetMs: number, raisedMs: number): boolean {
    if (this.isCooling(run, slot, raisedMs) || this.#repeats(run, slot, raisedMs)) return false;
    const { rule, alerts, state } = run;
    keep(alerts, slot, this.#raise(run, slot, onsetMs, raisedMs, this.note(run, slot), !rule.ends));
    if (!rule.ends) return false;
    state.reserve(this.#inputs.state.capacity);
    state.stage[slot] = STAGE.firing;
    return true;
  }

  /** An alert of another system: latched until acknowledged. `key` tells repeats of one alert apart from new ones. */
  external(slot: number, type: string, key: string, severity: number, message: string, atMs: number): void {
    if (this.#book.knows(key)) return;
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
      momentary: true,
      latch: 'acknowledge',
      value: undefined,
      unit: '',
      message,
      depot: this.#depot(slot, atMs),
      ...this.#positionOf(slot),
    });
  }

  /** The rule is not in force any more. */
  giveUp({ alerts }: RuleRun, atMs: number): void {
    for (const alert of alerts.values()) {
      if (alert.condition !== 'cleared') this.#book.setCondition(alert, 'cleared', atMs, 'rule changed or removed');
    }
  }

  /** After a restart: the alerts that the rule's stages belong to. */
  find(run: RuleRun, count: number): void {
    const { rule, state, alerts } = run;
    for (let slot = 0; slot < count; slot++) {
      if (state.stage[slot] < STAGE.firing && rule.runsOn !== 'happening' && rule.runsOn !== 'sequence') continue;
      for (const alert of this.#book.of(slot)) {
        const isOn = alert.condition !== 'cleared' || alert.latched;
        if (alert.ruleId === rule.spec.id && isOn && alert.quietMs === undefined) alerts.set(slot, alert);
      }
    }
  }

  /** Raises what fires by stages that were worked out elsewhere. */
  adopt(run: RuleRun, count: number, atMs: number): void {
    const { rule, alerts, state } = run;
    for (let slot = 0; slot < count; slot++) {
      if (state.stage[slot] < STAGE.firing || rule.runsOn === 'happening') continue;
      keep(alerts, slot, this.#raise(run, slot, state.since(slot, atMs), atMs, this.note(run, slot), false));
    }
  }

  /** Looks at a rule that fires: whether it is over, worse, or nobody knows. */
  firing(run: RuleRun, slot: number, atMs: number): void {
    const { rule, state, alerts } = run;
    const alert = alerts.get(slot);
    if (rule.ends && rule.until(slot) === 1) {
      this.#end(run, slot, atMs);
      return;
    }
    if (rule.priorityVaries && alert) {
      this.#inputs.onsetMs = alert.onsetMs;
      this.#book.worsen(alert, rule.priority(slot), atMs);
    }
    const over = rule.clear(slot);
    const stage = state.stage[slot];
    if (Number.isNaN(over)) {
      if (stage !== STAGE.unknown) this.toUnknown(run, slot, atMs);
      return;
    }
    if (alert && stage === STAGE.unknown) this.#book.setCondition(alert, 'resumed', atMs);
    if (over === 0) {
      state.stage[slot] = STAGE.firing;
      if (alert) this.#notePeak(rule, alert, slot);
      return;
    }
    if (stage !== STAGE.clearing) state.sinceMs.set(slot, atMs);
    state.stage[slot] = STAGE.clearing;
    if (atMs - state.since(slot, atMs) >= rule.spec.keepMs) this.#end(run, slot, atMs);
  }

  #end({ rule, state, alerts }: RuleRun, slot: number, atMs: number): void {
    const alert = alerts.get(slot);
    state.toInactive(slot);
    alerts.delete(slot);
    if (rule.spec.cooldownMs > 0) state.coolMs.set(slot, atMs + rule.spec.cooldownMs);
    if (alert) this.#book.setCondition(alert, 'cleared', atMs);
  }

  /** After an alert of the rule none is raised for a while. */
  isCooling({ state }: RuleRun, slot: number, atMs: number): boolean {
    const untilMs = state.coolMs.size === 0 ? undefined : state.coolMs.get(slot);
    if (untilMs === undefined) return false;
    if (atMs < untilMs) return true;
    state.coolMs.delete(slot);
    return false;
  }

  /** The condition has held for long enough. */
  fire(run: RuleRun, slot: number, atMs: number): void {
    const { state, alerts } = run;
    const onset = state.onsets.get(slot) ?? this.note(run, slot);
    state.stage[slot] = STAGE.firing;
    state.onsets.delete(slot);
    keep(alerts, slot, this.#raise(run, slot, state.since(slot, atMs), atMs, onset, false));
  }

  #raise(
    { rule, state }: RuleRun,
    slot: number,
    onsetMs: number,
    raisedMs: number,
    onset: Float64Array,
    momentary: boolean,
  ): Alert | undefined {
    const { spec, watched } = rule;
    this.#inputs.onsetMs = onsetMs;
    const value = watched ? watched.value.evaluate(slot) : Number.NaN;
    if (momentary && spec.cooldownMs > 0) state.coolMs.set(slot, raisedMs + spec.cooldownMs);
    const latch = spec.latch ?? (momentary ? 'acknowledge' : undefined);
    const alert = this.#book.raise({
      ruleId: spec.id,
      ruleName: spec.name,
      ruleVersion: spec.version,
      slot,
      vehicleId: this.#nameOf(slot),
      priority: rule.priority(slot),
      onsetMs,
      raisedMs,
      latched: latch !== undefined,
      momentary,
      ...(latch && { latch }),
      value: Number.isNaN(value) ? undefined : value,
      unit: watched?.value.unit ?? '',
      message: rule.message(slot),
      ...(rule.response && { response: rule.response(slot) }),
      ...(spec.runbook && { runbook: spec.runbook }),
      why: explain(rule, slot, onset, this.position, this.#inputs.business),
      depot: this.#depot(slot, raisedMs),
      ...(spec.suppressedBy.length > 0 && { suppress: { rules: spec.suppressedBy, on: spec.suppressedOn } }),
      ...this.#positionOf(slot),
    });
    if (this.#inputs.terms.raised(spec.id, slot, raisedMs)) this.#onCounted(slot);
    return alert;
  }

  /** What the alert's end needs is not known any more. */
  toUnknown({ state, alerts }: RuleRun, slot: number, atMs: number): void {
    state.stage[slot] = STAGE.unknown;
    const alert = alerts.get(slot);
    if (alert) this.#book.setCondition(alert, 'unknown', atMs);
  }

  #notePeak({ watched }: CompiledRule, alert: Alert, slot: number): void {
    if (!watched) return;
    const value = watched.value.evaluate(slot);
    if (!Number.isNaN(value)) this.#book.note(alert, value, watched.worse);
  }

  #depot(slot: number, atMs: number): string | undefined {
    const code = this.#depotOf(slot, atMs);
    return Number.isNaN(code) ? undefined : this.#inputs.business.textOf(code) || undefined;
  }

  #positionOf(slot: number): { lat: number | undefined; lon: number | undefined } {
    const lat = this.#inputs.state.lat[slot];
    return Number.isNaN(lat) ? { lat: undefined, lon: undefined } : { lat, lon: this.#inputs.state.lon[slot] };
  }

  /** What happens again while its alert goes on, or waits for somebody, belongs to that alert. */
  #repeats({ rule, alerts }: RuleRun, slot: number, atMs: number): boolean {
    const alert = alerts.get(slot);
    if (!alert) return false;
    const open = rule.ends ? alert.condition !== 'cleared' : alert.latched && !alert.acknowledged;
    if (open) this.#book.repeat(alert, atMs);
    return open;
  }
}

/** Remembers the alert of a slot; none when its onset was one that is closed already. */
function keep(alerts: Map<number, Alert>, slot: number, alert: Alert | undefined): void {
  if (alert) alerts.set(slot, alert);
  else alerts.delete(slot);
}
