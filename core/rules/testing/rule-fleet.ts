import type { Alert, AlertTransition } from '../../model/alerts.ts';
import { TOPIC_KIND } from '../../model/topics.ts';
import { COLUMNS, findColumn } from '../../stream/columns.ts';
import { FleetState, type StateArray } from '../../stream/fleet-state.ts';
import { deriveMovement } from '../../stream/motion.ts';
import { AlertBook } from '../alert-book.ts';
import { Evaluator } from '../evaluator.ts';
import { compileExpression, type Evaluate } from '../expression.ts';
import { RuleInputs } from '../inputs.ts';
import { compilePacks } from '../rule-set.ts';
import type { ExpressionText } from '../spec.ts';
import { formatPackError } from '../spec.ts';
import { MAX_TERMS, SOURCE, SOURCE_COUNT } from '../terms/term.ts';
import { FakeBusiness } from './fake-business.ts';

/** An expression as if it stood at the start of a pack. */
export function expressionText(text: string): ExpressionText {
  return {
    text,
    placeAt: (offset) => {
      const before = text.slice(0, offset).split('\n');
      return { line: before.length, column: before[before.length - 1].length + 1 };
    },
  };
}

/** What the compiler says about a pack named `p.yaml`, as `line:column message` without the pack's name. */
export function packErrors(text: string): string[] {
  const { errors } = compilePacks([{ name: 'p.yaml', text }], new FleetState());
  return errors.map((e) => formatPackError(e).replace(/^p\.yaml:(\d+:\d+): /, '$1 '));
}

/** Keys of a rule as YAML has them. */
export type WrittenRule = Readonly<Record<string, unknown>>;

/** One rule as a pack; its values are written as JSON, which is YAML. */
export function rulePack(...rules: WrittenRule[]): string {
  const whole = rules.map((rule) => ({ id: 'r', name: 'R', priority: 'low', message: 'm', ...rule }));
  return JSON.stringify({ rules: whole });
}

export type SignalValues = Readonly<Record<string, number | boolean | undefined>>;

/** What else a message says. */
export interface MessageMore {
  readonly at?: readonly [lat: number, lon: number];
  readonly faultCodes?: string;
  readonly driver?: string;
  readonly trip?: string;
  /** Its arrival, Unix ms; without it, it arrives at once. */
  readonly receivedMs?: number;
}

/** Rules running on a few vehicles, with columns set by hand: what the engine does, without its decoding. */
export class RuleFleet {
  readonly state = new FleetState();
  readonly business: FakeBusiness;
  readonly inputs: RuleInputs;
  readonly book = new AlertBook(() => {});
  readonly evaluator: Evaluator;
  /** Expressions that `value` was asked for, as long as terms have their places. */
  readonly #asked = new Map<string, { readonly evaluate: Evaluate }>();

  /** `like`: business data that is taken over. */
  constructor(pack: string, slots = 1, like?: FakeBusiness) {
    this.state.use(slots - 1, 0);
    this.business = new FakeBusiness(this.state, like);
    this.inputs = new RuleInputs(this.state, this.business);
    this.evaluator = new Evaluator(this.inputs, this.book, (slot) => `v${slot}`);
    this.putInForce(pack, 0);
  }

  putInForce(text: string, atMs: number): void {
    const { rules, errors } = compilePacks([{ name: 'p.yaml', text }], this.inputs);
    if (errors.length > 0) throw new Error(errors.map(formatPackError).join('\n'));
    this.evaluator.use(rules, atMs);
    this.#asked.clear();
  }

  /** Sets columns; undefined = unknown. */
  set(values: SignalValues, slot = 0): void {
    for (const [name, value] of Object.entries(values)) {
      const column = findColumn(name);
      if (!column) throw new Error(`no column ${name}`);
      this.state.values[column.column][slot] = value === undefined ? Number.NaN : Number(value);
    }
  }

  /** A message of the vehicle: sets what it says and runs the rules. Answers the transitions it made. */
  event(atMs: number, values: SignalValues, slot = 0, more: MessageMore = {}): string[] {
    this.message(atMs, values, slot, more);
    return this.kinds();
  }

  /** The same without taking the transitions. */
  message(atMs: number, values: SignalValues, slot = 0, more: MessageMore = {}): void {
    const changed = new Uint16Array(COLUMNS.length + MAX_TERMS + SOURCE_COUNT);
    const count = this.#apply(atMs, values, slot, more, changed);
    this.evaluator.event(slot, atMs, changed, count);
  }

  /** A tick of a room whose silence clock is at `nowS`, for every vehicle; `silent` says for how long each has been silent, s. */
  tick(atMs: number, nowS: number, silent: readonly number[] = []): string[] {
    this.tickAll(atMs, nowS, silent);
    return this.kinds();
  }

  /** The same without taking the transitions. */
  tickAll(atMs: number, nowS: number, silent: readonly number[] = []): void {
    for (let slot = 0; slot < this.state.count; slot++) {
      const silentS = silent[slot] ?? 0;
      this.set({ silent_s: silentS }, slot);
      this.evaluator.tick(slot, silentS, atMs, nowS);
    }
  }

  /** The value of an expression at a vehicle; its windows hold something where a rule in force has them too. */
  value(text: string, slot = 0): number {
    const known = this.#asked.get(text);
    const { evaluate } = known ?? compileExpression(expressionText(text), this.inputs);
    if (!known) this.#asked.set(text, { evaluate });
    return evaluate(slot);
  }

  /** Kinds of the transitions since the last look. */
  kinds(): string[] {
    return this.take().transitions.map((t) => t.kind);
  }

  take(): { alerts: Alert[]; transitions: AlertTransition[] } {
    return this.book.take();
  }

  /** A fresh fleet that goes on from this one's stored state, through JSON as a checkpoint does. */
  restored(pack: string): RuleFleet {
    const next = new RuleFleet(pack, this.state.count, this.business);
    const stored = new Map<string, StateArray>(
      [...this.state.arrays(), ...this.evaluator.arrays(this.state.count)].map(([name, a]) => [name, a.slice()]),
    );
    const read = (name: string): StateArray | undefined => stored.get(name);
    next.state.restore(this.state.count, read);
    for (const texts of ['driverIds', 'tripIds', 'faultCodes'] as const) next.state[texts] = [...this.state[texts]];
    next.book.restore(JSON.parse(JSON.stringify(this.book.serialize())) as ReturnType<AlertBook['serialize']>);
    next.evaluator.restore(this.state.count, read);
    return next;
  }

  /** Another fleet whose vehicles are as these are now, in which this pack is put in force. */
  sameWith(pack: string, atMs: number): RuleFleet {
    const other = new RuleFleet(JSON.stringify({ rules: [] }), this.state.count, this.business);
    const stored = new Map<string, StateArray>(this.state.arrays());
    other.state.restore(this.state.count, (name) => stored.get(name));
    for (const texts of ['driverIds', 'tripIds', 'faultCodes'] as const) other.state[texts] = [...this.state[texts]];
    other.putInForce(pack, atMs);
    return other;
  }

  /** Writes a message into the fleet as `Fleet` does, and lists what it changed. Answers how many it listed. */
  #apply(atMs: number, values: SignalValues, slot: number, more: MessageMore, changed: Uint16Array): number {
    const { state } = this;
    let count = 0;
    this.set(values, slot);
    for (const name of Object.keys(values)) changed[count++] = findColumn(name)!.column;
    if (more.at) {
      [state.lat[slot], state.lon[slot]] = more.at;
      changed[count++] = SOURCE.position;
      changed[count++] = SOURCE.places;
    }
    const texts = [
      ['faultCodes', SOURCE.faultCodes, more.faultCodes],
      ['driverIds', SOURCE.driver, more.driver],
      ['tripIds', SOURCE.trip, more.trip],
    ] as const;
    for (const [field, source, text] of texts) {
      if (text === undefined) continue;
      state[field][slot] = text;
      changed[count++] = source;
    }
    state.clockMs[slot] = Math.max(state.clockMs[slot], atMs);
    state.kindMs[TOPIC_KIND.telemetry][slot] = atMs;
    state.receivedMs[slot] = more.receivedMs ?? atMs;
    state.movement[slot] = deriveMovement(state, slot);
    return count;
  }
}
