import type { Alert, AlertTransition } from '../../model/alerts.ts';
import { findColumn } from '../../stream/columns.ts';
import { FleetState, type StateArray } from '../../stream/fleet-state.ts';
import { AlertBook } from '../alert-book.ts';
import { Evaluator } from '../evaluator.ts';
import { compilePacks } from '../rule-set.ts';
import type { ExpressionText } from '../spec.ts';
import { formatPackError } from '../spec.ts';

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

/** One rule as a pack; its values are written as JSON, which is YAML. */
export function rulePack(...rules: Record<string, string>[]): string {
  const whole = rules.map((rule) => ({ id: 'r', name: 'R', priority: 'low', message: 'm', ...rule }));
  return JSON.stringify({ rules: whole });
}

/** Rules running on a few vehicles, with columns set by hand: what the engine does, without its decoding. */
export class RuleFleet {
  readonly state = new FleetState();
  readonly book = new AlertBook(() => {});
  readonly evaluator = new Evaluator(this.state, this.book, (slot) => `v${slot}`);

  constructor(pack: string, slots = 1) {
    this.state.use(slots - 1, 0);
    this.putInForce(pack, 0);
  }

  putInForce(text: string, atMs: number): void {
    const { rules, errors } = compilePacks([{ name: 'p.yaml', text }], this.state);
    if (errors.length > 0) throw new Error(errors.map(formatPackError).join('\n'));
    this.evaluator.use(rules, atMs);
  }

  /** Sets columns; undefined = unknown. */
  set(values: Record<string, number | boolean | undefined>, slot = 0): void {
    for (const [name, value] of Object.entries(values)) {
      const column = findColumn(name);
      if (!column) throw new Error(`no column ${name}`);
      this.state.values[column.column][slot] = value === undefined ? Number.NaN : Number(value);
    }
  }

  /** A message of the vehicle: sets columns and runs the rules. Answers the transitions it made. */
  event(atMs: number, values: Record<string, number | boolean | undefined>, slot = 0): string[] {
    this.set(values, slot);
    this.evaluator.event(slot, atMs);
    return this.kinds();
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
    const next = new RuleFleet(pack, this.state.count);
    const stored = new Map<string, StateArray>(
      [...this.state.arrays(), ...this.evaluator.arrays(this.state.count)].map(([name, a]) => [name, a.slice()]),
    );
    const read = (name: string): StateArray | undefined => stored.get(name);
    next.state.restore(this.state.count, read);
    next.book.restore(JSON.parse(JSON.stringify(this.book.serialize())) as ReturnType<AlertBook['serialize']>);
    next.evaluator.restore(this.state.count, read);
    return next;
  }
}
