import type { Priority } from '../model/alerts.ts';
import type { RulePackSource } from '../model/records.ts';
import type { ColumnSpec } from '../stream/columns.ts';
import type { FleetState } from '../stream/fleet-state.ts';
import { type CompiledSequence, compileSequence } from './compile-sequence.ts';
import {
  asInputs,
  type CompiledExpression,
  compileCondition,
  type Evaluate,
  ExpressionError,
  type Part,
  type Watched,
} from './expression.ts';
import type { RuleInputs } from './inputs.ts';
import { parsePack } from './pack.ts';
import { compilePriority } from './priority.ts';
import { didYouMean, quote } from './quote.ts';
import type { PackError, RuleSpec } from './spec.ts';
import { type Outcome, UNMOVED } from './start-guard.ts';
import { compileTemplate } from './template.ts';

/** A rule ready to run against the fleet's columns. */
export interface CompiledRule {
  readonly spec: RuleSpec;
  /** File it stands in. */
  readonly pack: string;
  /**
   * `event`: evaluated after each applied message; `tick`: every second; `happening`: when its event comes; `sequence`: after each
   * message that may be a step of it.
   */
  readonly runsOn: 'event' | 'tick' | 'happening' | 'sequence';
  /** 1 where the condition is true; anything else is not. */
  readonly when: Evaluate;
  readonly clear: Evaluate;
  /** Ends the alert at once; never true where the rule has none. */
  readonly until: Evaluate;
  /** Events and sequences that have an end, because there is an `until`. */
  readonly ends: boolean;
  readonly sequence: CompiledSequence | undefined;
  readonly watched: Watched | undefined;
  readonly priority: (slot: number) => Priority;
  readonly priorityVaries: boolean;
  readonly message: (slot: number) => string;
  readonly response: ((slot: number) => string) | undefined;
  /** What makes `when` true, or the first step of the sequence. */
  readonly onset: Outcome;
  /** The condition as written, and the values it looks at. */
  readonly condition: string;
  readonly parts: readonly Part[];
  /** Signals that it reads itself. */
  readonly columns: readonly ColumnSpec[];
  /** Each tells whether the condition may become true at a vehicle by the passing of time. */
  readonly timers: readonly ((slot: number) => boolean)[];
  /** Keys of the terms that it needs. */
  readonly terms: ReadonlySet<string>;
  /** So much journal makes its state what it would be had it always been in force, ms. */
  readonly lookBackMs: number;
}

const NEVER: Evaluate = () => 0;

/** Compiles packs together. With errors the rules are not to be used: the ones in force go on. */
export function compilePacks(
  packs: readonly RulePackSource[],
  inputs: RuleInputs | FleetState,
): { rules: CompiledRule[]; errors: PackError[] } {
  const ruleInputs = asInputs(inputs);
  const rules: CompiledRule[] = [];
  const errors: PackError[] = [];
  const placeOf = new Map<string, string>();
  for (const pack of packs) {
    const parsed = parsePack(pack);
    errors.push(...parsed.errors);
    for (const spec of parsed.rules) {
      const other = placeOf.get(spec.id);
      if (other !== undefined) {
        errors.push({ pack: pack.name, ...spec.place, message: `rule \`${spec.id}\` is already in ${other}` });
        continue;
      }
      placeOf.set(spec.id, `${pack.name}:${spec.place.line}`);
      try {
        rules.push(compileRule(spec, pack.name, ruleInputs));
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        errors.push({ pack: pack.name, ...error.place, message: `rule \`${spec.id}\`: ${error.message}` });
      }
    }
  }
  return { rules, errors: [...errors, ...unknownRules(rules, [...placeOf.keys()], ruleInputs)] };
}

/** Rules that are suppressed by one that does not exist, or count its alerts: it would never happen. */
function unknownRules(rules: readonly CompiledRule[], ids: readonly string[], { terms }: RuleInputs): PackError[] {
  return rules.flatMap(({ spec, pack, terms: keys }) => {
    const counted = [...keys].flatMap((key) => terms.find(key)?.term.ofRule ?? []);
    const named = [
      ...spec.suppressedBy.map((id) => ['suppressed_by', id] as const),
      ...counted.map((id) => ['alerts', id] as const),
    ];
    return named
      .filter(([, id]) => !ids.includes(id))
      .map(([by, id]) => ({
        pack,
        ...spec.place,
        message: `rule \`${spec.id}\`: \`${by}\` names ${quote(id)}, which is no rule${didYouMean(id, ids)}`,
      }));
  });
}

function compileRule(spec: RuleSpec, pack: string, inputs: RuleInputs): CompiledRule {
  const message = compileTemplate(spec.message, inputs);
  const response = spec.response && compileTemplate(spec.response, inputs);
  const priority = compilePriority(spec, inputs);
  const until = compileUntil(spec, inputs);
  const trigger = compileTrigger(spec, inputs);
  const expressions = [...trigger.expressions, until, priority.expression].filter((e) => e !== undefined);
  const { trigger: t, forMs, keepMs, cooldownMs } = spec;
  const ownMs = Math.max(forMs, keepMs, cooldownMs, t.type === 'sequence' ? t.withinMs : 0);
  const { expressions: _, ...rest } = trigger;
  return {
    spec,
    pack,
    ...rest,
    runsOn: rest.runsOn === 'event' && expressions.some((e) => e.onTick) ? 'tick' : rest.runsOn,
    until: until?.isTrue ?? NEVER,
    ends: until !== undefined,
    priority: priority.of,
    priorityVaries: priority.varies,
    message: message.text,
    response: response?.text,
    columns: expressions.flatMap((e) => [...e.columns]),
    timers: expressions.flatMap((e) => [...e.timers]),
    terms: new Set([...expressions, message, ...(response ? [response] : [])].flatMap((e) => [...e.terms])),
    lookBackMs: Math.max(0, ...expressions.map((e) => e.lookBackMs)) + ownMs,
  };
}

function compileUntil({ until, trigger }: RuleSpec, inputs: RuleInputs): CompiledExpression | undefined {
  if (!until) return undefined;
  const compiled = compileCondition(until, inputs);
  if (compiled.onTick && trigger.type !== 'condition') {
    const message =
      'the `until` of an event or a sequence is asked after messages: it cannot read what changes without';
    throw new ExpressionError(until.placeAt(0), message);
  }
  return compiled;
}

type Triggered = Pick<
  CompiledRule,
  'runsOn' | 'when' | 'clear' | 'sequence' | 'watched' | 'onset' | 'condition' | 'parts'
> & { readonly expressions: readonly (CompiledExpression | undefined)[] };

function compileTrigger(spec: RuleSpec, inputs: RuleInputs): Triggered {
  const { trigger } = spec;
  switch (trigger.type) {
    case 'condition': {
      const when = compileCondition(trigger.when, inputs, { keeps: true });
      const clear = trigger.clear && compileCondition(trigger.clear, inputs);
      if (spec.deadband > 0 && !when.watched) {
        const message = '`deadband` needs a comparison with its value on the left: rpm > 900, not 900 < rpm';
        throw new ExpressionError(trigger.when.placeAt(0), message);
      }
      const eased = spec.deadband > 0 ? compileCondition(trigger.when, inputs, spec) : when;
      return {
        runsOn: 'event',
        when: when.isTrue,
        clear: clear?.evaluate ?? ((slot) => 1 - eased.evaluate(slot)),
        sequence: undefined,
        watched: when.watched,
        onset: when.guard.isTrue,
        condition: trigger.when.text,
        parts: when.parts,
        expressions: [when, clear],
      };
    }
    case 'event': {
      const when = trigger.when && compileCondition(trigger.when, inputs);
      return {
        runsOn: 'happening',
        when: when?.isTrue ?? (() => 1),
        clear: NEVER,
        sequence: undefined,
        watched: when?.watched,
        onset: UNMOVED,
        condition: when ? `${trigger.event} while ${trigger.when?.text}` : trigger.event,
        parts: when?.parts ?? [],
        expressions: [when],
      };
    }
    case 'sequence': {
      const sequence = compileSequence(spec, inputs);
      const { conditions } = sequence;
      return {
        runsOn: 'sequence',
        when: NEVER,
        clear: NEVER,
        sequence,
        watched: conditions[0].watched,
        onset: conditions[0].guard.isTrue,
        condition: trigger.steps.map((s) => `${s.not ? 'not ' : ''}${s.condition.text}`).join(', then '),
        parts: conditions.flatMap((c) => c.parts),
        expressions: conditions,
      };
    }
  }
}
