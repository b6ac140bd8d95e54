import { type CompiledExpression, compileCondition, ExpressionError } from './expression.ts';
import type { RuleInputs } from './inputs.ts';
import { PatternError } from './patterns/check-pattern.ts';
import { type CompiledPattern, compilePattern } from './patterns/compile-pattern.ts';
import type { PatternStep } from './patterns/pattern-spec.ts';
import type { RuleSpec, SequenceStep } from './spec.ts';

export interface CompiledSequence {
  readonly pattern: CompiledPattern;
  /** By bit of the matcher's mask. */
  readonly conditions: readonly CompiledExpression[];
  /** It ends with something that must not come: only time tells. */
  readonly waits: boolean;
  readonly withinMs: number;
}

/** Compiles the steps of a sequence. Throws ExpressionError. */
export function compileSequence(spec: RuleSpec, inputs: RuleInputs): CompiledSequence {
  const { trigger } = spec;
  if (trigger.type !== 'sequence') throw new Error('the rule has no sequence');
  const { steps, withinMs } = trigger;
  const conditions = steps.map((step) => compileCondition(step.condition, inputs, { keeps: true }));
  try {
    const pattern = compilePattern({
      steps: steps.map(patternStep),
      withinMs,
      afterMatch: { skip: 'pastLast' },
    });
    return { pattern, conditions, waits: steps.at(-1)!.not, withinMs };
  } catch (error) {
    if (error instanceof PatternError) throw new ExpressionError(steps[0].condition.placeAt(0), error.message);
    throw error;
  }
}

function patternStep({ not, directly, times }: SequenceStep, condition: number): PatternStep {
  const name = `step-${condition}`;
  if (not) return { name, contiguity: directly ? 'notNext' : 'notFollowedBy', condition };
  const quantifier = times > 1 ? { min: times, max: times } : undefined;
  return { name, contiguity: directly ? 'next' : 'followedBy', condition, quantifier };
}
