import type { PendingRule } from '../model/pending.ts';
import type { ReadSection, Sections } from '../stream/arrays.ts';
import { COLUMN } from '../stream/columns.ts';
import type { FleetState } from '../stream/fleet-state.ts';
import type { AlertBook } from './alert-book.ts';
import { asInputs } from './expression.ts';
import type { RuleInputs } from './inputs.ts';
import type { PatternMatch } from './patterns/match-outputs.ts';
import { pendingRule } from './pending.ts';
import { RuleAlerts } from './rule-alerts.ts';
import { RuleIndex } from './rule-index.ts';
import { RuleRun } from './rule-run.ts';
import type { CompiledRule } from './rule-set.ts';
import { STAGE } from './rule-state.ts';
import { SLOW_TICK_S } from './terms/term.ts';

/** A vehicle has to be silent for this long before its silence counts as something that did not come, s. */
const QUIET_FROM_S = 3;

/**
 * Runs rules over vehicles and drives the alert book: inactive → pending (`for`) → firing → clearing (`keep`) → inactive, and
 * unknown while a needed signal is missing. Times are event times for rules over signals, tick times for rules over silence.
 */
export class Evaluator {
  readonly inputs: RuleInputs;
  readonly #state: FleetState;
  readonly #alerts: RuleAlerts;
  #running: RuleRun[] = [];
  /** Looked at after messages: rules over signals, sequences, and event rules that have an end. */
  #onEvent: RuleRun[] = [];
  /** `fromS`: the rule cannot start at a vehicle that has been silent for less. */
  #onTick: { readonly run: RuleRun; readonly fromS: number; readonly isSlow: boolean }[] = [];
  #onHappening: { readonly run: RuleRun; readonly place: number }[] = [];
  /** Sequences that end with something that does not come. */
  #waiting: { readonly run: RuleRun; readonly place: number }[] = [];
  #index = new RuleIndex([]);
  /**
   * By slot, `#index.words` words: the rules of `#onEvent` to be looked at after every message, whatever it changed. The others are
   * inactive, and their condition was not true when it was looked at last.
   */
  #awake = new Int32Array(0);

  constructor(inputs: RuleInputs | FleetState, book: AlertBook, nameOf: (slot: number) => string) {
    this.inputs = asInputs(inputs);
    this.#state = this.inputs.state;
    this.#alerts = new RuleAlerts(this.inputs, book, nameOf, (slot) => this.#wakeTimed(slot));
  }

  /** Where the record that is worked on stands in the journal. */
  set position(position: number) {
    this.#alerts.position = position;
  }

  get rules(): readonly CompiledRule[] {
    return this.#running.map((r) => r.rule);
  }

  /** Puts rules in force. Rules of the same version keep their state; alerts of rules that are gone or changed are cleared. */
  use(rules: readonly CompiledRule[], atMs: number): void {
    const before = new Map(this.#running.map((r) => [r.rule.spec.version, r]));
    this.#running = rules.map((rule) => {
      const old = before.get(rule.spec.version);
      before.delete(rule.spec.version);
      return new RuleRun(rule, old);
    });
    for (const gone of before.values()) this.#alerts.giveUp(gone, atMs);
    this.keepTerms();
    const of = (...kinds: CompiledRule['runsOn'][]) => this.#running.filter((r) => kinds.includes(r.rule.runsOn));
    this.#onEvent = [...of('event', 'sequence'), ...of('happening').filter((r) => r.rule.ends)];
    this.#onTick = of('tick').map((run) => ({ run, fromS: silentFrom(run.rule), isSlow: this.#isSlow(run.rule) }));
    const placed = (run: RuleRun) => ({ run, place: this.#onEvent.indexOf(run) });
    this.#onHappening = of('happening').map(placed);
    this.#waiting = of('sequence')
      .filter((r) => r.rule.sequence!.waits)
      .map(placed);
    this.#index = new RuleIndex(this.#onEvent.map((r) => r.rule.onset));
    this.#wakeAll();
  }

  /** Gives up terms that no rule in force reads, such as those of packs that were refused. */
  keepTerms(): void {
    this.inputs.terms.keepOnly(new Set(this.rules.flatMap((rule) => [...rule.terms])));
  }

  /** Business data has changed: everything that reads it is worked out anew. */
  factsChanged(): void {
    this.inputs.terms.refill();
    this.#wakeAll();
  }

  /**
   * After a message of the vehicle was applied; `atMs` is the vehicle's clock. `changed` lists in its first `count` places the
   * columns and sources that may have changed since the last call for this vehicle, with room for MAX_TERMS more; without it any may have.
   */
  event(slot: number, atMs: number, changed?: Uint16Array, count = 0): void {
    const index = this.#index;
    const { words, found } = index;
    const from = slot * words;
    if (from + words > this.#awake.length) this.#reserveAwake();
    if (changed === undefined) {
      this.inputs.terms.updateAll(slot, atMs);
      index.findAll();
    } else index.find(this.#state.values, slot, changed, this.inputs.terms.update(slot, atMs, changed, count));
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
  tick(slot: number, silentS: number, atMs: number, nowS = 0): void {
    const { terms } = this.inputs;
    // Vehicles take turns, so that no second has all of them.
    const isSlowTurn = (Math.floor(nowS) + slot) % SLOW_TICK_S === 0;
    if (terms.ticks) terms.tick(slot, atMs, nowS, isSlowTurn);
    if (silentS >= QUIET_FROM_S && this.#waiting.length > 0) this.#wait(slot, silentS);
    for (const { run, fromS, isSlow } of this.#onTick) {
      const { stage } = run.state;
      const isAsleep = slot >= stage.length || stage[slot] === STAGE.inactive;
      if (isAsleep && (silentS < fromS || (isSlow && !isSlowTurn))) continue;
      this.#step(run, slot, atMs);
    }
  }

  /** An event such as `driver.sos`, see NAMED_EVENTS. */
  happened(slot: number, event: string, atMs: number): void {
    if (this.inputs.terms.happened(event, slot, atMs)) this.#wakeTimed(slot);
    for (const { run, place } of this.#onHappening) {
      const { trigger } = run.rule.spec;
      if (trigger.type !== 'event' || trigger.event !== event || run.rule.when(slot) !== 1) continue;
      if (this.#alerts.happen(run, slot, atMs, atMs)) this.#wake(slot, place);
    }
  }

  /** An alert of another system, see RuleAlerts. */
  external(slot: number, type: string, key: string, severity: number, message: string, atMs: number): void {
    this.#alerts.external(slot, type, key, severity, message, atMs);
  }

  /** The vehicle went offline: what fires on its signals is now unknown. */
  silence(slot: number, atMs: number): void {
    for (const running of this.#onEvent) {
      const { state } = running;
      state.reserve(this.#state.capacity);
      if (state.stage[slot] === STAGE.firing || state.stage[slot] === STAGE.clearing)
        this.#alerts.toUnknown(running, slot, atMs);
      else if (state.stage[slot] === STAGE.pending) state.toInactive(slot);
    }
  }

  /** Rules that are under way at a vehicle or close to it, the most urgent first; `atMs` is its clock. */
  pending(slot: number, atMs: number): PendingRule[] {
    const { business } = this.inputs;
    const rules = this.#running.flatMap((run) => {
      this.inputs.onsetMs = run.state.since(slot, atMs);
      return pendingRule(run, slot, atMs, business) ?? [];
    });
    return rules.sort((a, b) => a.priority - b.priority || (a.ruleId < b.ruleId ? -1 : 1));
  }

  /** How many vehicles a rule fires and is pending at, by rule id. */
  counts(): Map<string, { firing: number; pending: number }> {
    return new Map(
      this.#running.map(({ rule, state }) => {
        let [firing, pending] = [0, 0];
        for (const stage of state.stage) {
          if (stage === STAGE.pending) pending++;
          else if (stage !== STAGE.inactive) firing++;
        }
        return [rule.spec.id, { firing, pending }];
      }),
    );
  }

  /** State of all rules, or of those of some versions and the terms they read. */
  arrays(count: number, versions?: ReadonlySet<string>): Sections {
    const runs = this.#running.filter(({ rule }) => !versions || versions.has(rule.spec.version));
    const terms = versions && new Set(runs.flatMap(({ rule }) => [...rule.terms]));
    return [...runs.flatMap((run) => run.arrays(count)), ...this.inputs.terms.arrays(count, terms)];
  }

  /** After `use` and after the book was restored: takes over stored stages and finds the alerts they belong to. */
  restore(count: number, read: ReadSection): void {
    this.inputs.terms.restore(count, read);
    this.#wakeAll();
    for (const run of this.#running) {
      if (run.restore(count, read)) this.#alerts.find(run, count);
    }
  }

  /**
   * Takes over the state of rules and terms that are new, worked out elsewhere from the journal before; what fires there is raised now. Rules and
   * terms that were in force before keep what they have.
   */
  adopt(
    count: number,
    read: ReadSection,
    versions: ReadonlySet<string>,
    terms: ReadonlySet<string>,
    atMs: number,
  ): void {
    this.inputs.terms.restore(count, read, terms);
    for (const run of this.#running) {
      if (versions.has(run.rule.spec.version) && run.restore(count, read)) this.#alerts.adopt(run, count, atMs);
    }
    this.#wakeAll();
  }

  /** Rules that change with slow terms only, and with messages. */
  #isSlow({ columns, terms }: CompiledRule): boolean {
    return columns.every((c) => c.changesOn === 'event') && this.inputs.terms.areSlow(terms);
  }

  #wakeAll(): void {
    this.#awake = new Int32Array(this.#state.capacity * this.#index.words).fill(-1);
  }

  /** Rules that count alerts or events are looked at with the vehicle's next message. */
  #wakeTimed(slot: number): void {
    for (const [place, { rule }] of this.#onEvent.entries()) if (rule.timers.length > 0) this.#wake(slot, place);
  }

  #wake(slot: number, place: number): void {
    const at = slot * this.#index.words + (place >> 5);
    if (at >= this.#awake.length) this.#reserveAwake();
    this.#awake[at] |= 1 << (place & 31);
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

  /** Answers false when the rule is inactive and its condition not true. */
  #step(run: RuleRun, slot: number, atMs: number): boolean {
    const { rule, state } = run;
    if (slot >= state.stage.length) state.reserve(this.#state.capacity);
    if (run.sequence !== undefined) return this.#sequence(run, slot, atMs);
    switch (state.stage[slot]) {
      case STAGE.inactive:
        if (rule.runsOn === 'happening') return false;
        if (rule.when(slot) !== 1) return rule.timers.length > 0 && rule.timers.some((runs) => runs(slot));
        if (rule.ends && rule.until(slot) === 1) return true;
        if (this.#alerts.isCooling(run, slot, atMs)) return true;
        state.sinceMs.set(slot, atMs);
        if (rule.spec.forMs > 0) {
          state.stage[slot] = STAGE.pending;
          state.onsets.set(slot, this.#alerts.note(run, slot));
        } else this.#alerts.fire(run, slot, atMs);
        return true;
      case STAGE.pending:
        if (rule.when(slot) !== 1 || (rule.ends && rule.until(slot) === 1)) {
          state.toInactive(slot);
          return true;
        }
        if (atMs - state.since(slot, atMs) >= rule.spec.forMs) this.#alerts.fire(run, slot, atMs);
        return true;
      default:
        this.#alerts.firing(run, slot, atMs);
        return true;
    }
  }

  /** A message of a sequence; answers false when none has begun, nor can without a change. */
  #sequence(run: RuleRun, slot: number, atMs: number): boolean {
    const { rule, state } = run;
    const sequence = run.sequence!;
    const match = sequence.step(slot, atMs);
    if (state.stage[slot] !== STAGE.inactive) this.#alerts.firing(run, slot, atMs);
    if (match) this.#matched(run, slot, match, atMs);
    if (state.stage[slot] !== STAGE.inactive || !sequence.isIdle(slot)) return true;
    return rule.timers.some((runs) => runs(slot)) || rule.sequence!.conditions[0].isTrue(slot) === 1;
  }

  /** Answers true when its alert goes on. Messages of one time have fractions of a ms between them here. */
  #matched(run: RuleRun, slot: number, { startMs, endMs }: PatternMatch, atMs: number): boolean {
    return this.#alerts.happen(run, slot, Math.floor(startMs), Math.max(atMs, Math.floor(endMs)));
  }

  /** Lets sequences that wait for something not to come go on with the vehicle's silence. */
  #wait(slot: number, silentS: number): void {
    for (const { run, place } of this.#waiting) {
      if (run.sequence!.isIdle(slot)) continue;
      const atMs = this.#state.clockMs[slot] + (silentS - QUIET_FROM_S) * 1000;
      const match = run.sequence!.wait(slot, atMs);
      if (match && this.#matched(run, slot, match, atMs)) this.#wake(slot, place);
    }
  }
}

/** How long a vehicle must be silent before a rule can start, s; −∞ when that is not among its conditions. */
function silentFrom({ onset }: CompiledRule): number {
  const silence = onset.needs.get(COLUMN.silentS);
  return silence === undefined || silence === 'any' || silence.length === 0 ? Number.NEGATIVE_INFINITY : silence[0][0];
}
