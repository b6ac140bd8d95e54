import type { RulePackSource } from '../model/records.ts';
import type { ColumnSpec } from '../stream/columns.ts';
import type { FleetState } from '../stream/fleet-state.ts';
import { compileCondition, type Evaluate, ExpressionError } from './expression.ts';
import { parsePack } from './pack.ts';
import type { PackError, RuleSpec } from './spec.ts';
import { type Outcome, UNMOVED } from './start-guard.ts';
import { compileTemplate } from './template.ts';

/** A rule ready to run against the fleet's columns. */
export interface CompiledRule {
  readonly spec: RuleSpec;
  /** `event`: evaluated after each applied message; `tick`: every second; `driver`: when its driver event comes. */
  readonly runsOn: 'event' | 'tick' | 'driver';
  readonly when: Evaluate;
  readonly clear: Evaluate;
  readonly watched: { readonly column: ColumnSpec; readonly worse: 'higher' | 'lower' } | undefined;
  readonly message: (slot: number) => string;
  /** What makes `when` true. */
  readonly onset: Outcome;
}

const NEVER: Evaluate = () => 0;

/** Compiles packs together. With errors the rules are not to be used: the ones in force go on. */
export function compilePacks(
  packs: readonly RulePackSource[],
  state: FleetState,
): { rules: CompiledRule[]; errors: PackError[] } {
  const rules: CompiledRule[] = [];
  const errors: PackError[] = [];
  const packOf = new Map<string, string>();
  for (const pack of packs) {
    const parsed = parsePack(pack);
    errors.push(...parsed.errors);
    for (const spec of parsed.rules) {
      const other = packOf.get(spec.id);
      if (other !== undefined) {
        errors.push({ pack: pack.name, ...spec.place, message: `rule \`${spec.id}\` is already in ${other}` });
        continue;
      }
      packOf.set(spec.id, `${pack.name}:${spec.place.line}`);
      try {
        rules.push(compileRule(spec, state));
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        errors.push({ pack: pack.name, ...error.place, message: `rule \`${spec.id}\`: ${error.message}` });
      }
    }
  }
  return { rules, errors };
}

function compileRule(spec: RuleSpec, state: FleetState): CompiledRule {
  const message = compileTemplate(spec.message, state);
  const { trigger } = spec;
  if (trigger.type === 'driver-event') {
    return { spec, runsOn: 'driver', when: NEVER, clear: NEVER, watched: undefined, message, onset: UNMOVED };
  }
  const when = compileCondition(trigger.when, state);
  const clear = trigger.clear ? compileCondition(trigger.clear, state) : undefined;
  const onTick = [...when.columns, ...(clear?.columns ?? [])].some((c) => c.changesOn === 'tick');
  return {
    spec,
    runsOn: onTick ? 'tick' : 'event',
    when: when.evaluate,
    clear: clear?.evaluate ?? ((slot) => 1 - when.evaluate(slot)),
    watched: when.watched,
    message,
    onset: when.guard.isTrue,
  };
}
