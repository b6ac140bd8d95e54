import type { PendingRule } from '../model/pending.ts';
import type { BusinessData } from './business-data.ts';
import type { Watched } from './expression.ts';
import type { RuleRun } from './rule-run.ts';
import { STAGE } from './rule-state.ts';
import { termOf } from './why.ts';

/** A value that has reached so much of its limit is near it. */
const NEAR = 0.9;

const STAGES = ['near', 'pending', 'firing', 'clearing', 'unknown'] as const;

/** Where a rule stands at a vehicle whose clock is at `atMs`; undefined when it is neither under way nor near. */
export function pendingRule(
  { rule, state }: RuleRun,
  slot: number,
  atMs: number,
  business: BusinessData,
): PendingRule | undefined {
  const stage = slot < state.stage.length ? state.stage[slot] : STAGE.inactive;
  const closeness = rule.watched ? closenessOf(rule.watched, slot) : null;
  if (stage === STAGE.inactive && (closeness === null || closeness < NEAR || closeness > 1)) return undefined;
  const { spec } = rule;
  const timed = stage === STAGE.pending || stage === STAGE.clearing;
  const heldMs = stage === STAGE.inactive ? 0 : Math.max(0, atMs - state.since(slot, atMs));
  const neededMs = !timed ? 0 : stage === STAGE.pending ? spec.forMs : spec.keepMs;
  const value = rule.watched && valueText(rule.watched, slot);
  const time = timed && `${seconds(heldMs)} of ${seconds(neededMs)} s`;
  return {
    ruleId: spec.id,
    ruleName: spec.name,
    priority: rule.priority(slot),
    stage: STAGES[stage],
    heldMs,
    neededMs,
    terms: rule.parts.map((part) => termOf(part, part.typed.evaluate(slot), business)),
    closeness,
    text: [value, time].filter(Boolean).join(', ') || rule.condition,
  };
}

/** How much of the limit the value has reached; of values and limits above 0 only, others have no proportion. */
function closenessOf({ value, limit, worse }: Watched, slot: number): number | null {
  const v = value.evaluate(slot);
  const l = limit.evaluate(slot);
  if (!(v > 0 && l > 0)) return null;
  return worse === 'higher' ? v / l : l / v;
}

function valueText({ text, value, limit }: Watched, slot: number): string {
  const unit = value.unit ? ` ${value.unit}` : '';
  return `${text} ${short(value.evaluate(slot))} of ${short(limit.evaluate(slot))}${unit}`;
}

function short(value: number): string {
  return Number.isNaN(value) ? '?' : String(Math.round(value * 10) / 10);
}

function seconds(ms: number): string {
  return String(Math.round(ms / 1000));
}
