import type { RulePackSource } from '../../model/records.ts';
import type { RuleProblem } from '../../protocol/rule-requests.ts';
import { RuleInputs } from '../../rules/inputs.ts';
import { compilePacks } from '../../rules/rule-set.ts';

/** What is known of a rule without putting it in force. */
export interface CheckedRule {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly lookBackMs: number;
}

export interface CheckedPacks {
  readonly problems: readonly RuleProblem[];
  readonly rules: readonly CheckedRule[];
  readonly compileMs: number;
}

/** Compiles packs together, on their own. */
export function checkPacks(packs: readonly RulePackSource[]): CheckedPacks {
  const startedMs = performance.now();
  const { rules, errors } = compilePacks(packs, new RuleInputs());
  return {
    problems: errors.map(({ pack, line, column, message }) => ({ pack, line, column, message })),
    rules: rules.map(({ spec, lookBackMs }) => ({ id: spec.id, name: spec.name, version: spec.version, lookBackMs })),
    compileMs: performance.now() - startedMs,
  };
}

/** No rule looks back further than this when its state is worked out from the journal, ms. */
const MAX_LOOK_BACK_MS = 86_400_000;

/** How much journal rules need, to be as if they had always been in force, ms. */
export function lookBackOf(rules: readonly { readonly lookBackMs: number }[]): number {
  return Math.min(MAX_LOOK_BACK_MS, Math.max(0, ...rules.map((rule) => rule.lookBackMs)));
}
