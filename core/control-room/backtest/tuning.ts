import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { RulePackSource } from '../../model/records.ts';
import type { TuningAnswer } from '../../protocol/backtest.ts';
import { RuleInputs } from '../../rules/inputs.ts';
import { type CompiledRule, compilePacks } from '../../rules/rule-set.ts';

const MORE_FOR_S = [5, 10, 20, 30, 60];
const MORE_KEEP_S = [10, 30, 60];
/** Deadbands that are tried, as shares of the limit. */
const DEADBAND_SHARES = [0.01, 0.02, 0.05];
/** A pack may have 512 KiB. */
const MAX_PACK_CHARS = 300_000;
const TUNED_ID = 'tried-';

/** A rule with one thing changed, which runs beside it under an id of its own. */
export interface Variant {
  readonly id: string;
  readonly ruleId: string;
  readonly by: TuningAnswer['by'];
  /** ms, or the unit of the value. */
  readonly amount: number;
  readonly unit: string;
}

export interface Tuning {
  readonly variants: readonly Variant[];
  /** Packs of the variants, to be put in force beside the tried ones. */
  readonly packs: readonly RulePackSource[];
}

export function isVariant(ruleId: string): boolean {
  return ruleId.startsWith(TUNED_ID);
}

/** Variants of rules over conditions: longer on-delays, longer off-delays, and deadbands where there is one limit and no `clear`. */
export function tuningOf(packs: readonly RulePackSource[], ruleIds: ReadonlySet<string>): Tuning {
  if (ruleIds.size === 0) return { variants: [], packs: [] };
  const { rules } = compilePacks(packs, new RuleInputs());
  const written = writtenRules(packs);
  const all: { variant: Variant; rule: object }[] = [];
  for (const rule of rules) {
    const text = written.get(rule.spec.id);
    if (!text || !ruleIds.has(rule.spec.id) || rule.spec.trigger.type !== 'condition') continue;
    for (const change of changesOf(rule)) {
      const { by, amount, unit, keys } = change;
      const id = `${TUNED_ID}${all.length}`;
      all.push({ variant: { id, ruleId: rule.spec.id, by, amount, unit }, rule: { ...text, ...keys, id } });
    }
  }
  const right = withoutErrors(packs, all);
  return { variants: right.map(({ variant }) => variant), packs: inPacks(right.map(({ rule }) => rule)) };
}

/** What the variants' counts of alerts say; `alerts` tells how many a rule or variant raised. */
export function tuningAnswers(variants: readonly Variant[], alerts: (ruleId: string) => number): TuningAnswer[] {
  return variants.map(({ id, ruleId, by, amount, unit }) => {
    const of = alerts(ruleId);
    const left = alerts(id);
    const removedShare = of === 0 ? 0 : 1 - left / of;
    const what =
      by === 'deadband'
        ? `a deadband of ${amount}${unit && ` ${unit}`}`
        : `${by === 'for' ? 'an on-delay' : 'an off-delay'} of ${amount / 1000} s more`;
    return { ruleId, by, amount, alerts: left, of, removedShare, text: `${what} ${effect(removedShare)} (of ${of})` };
  });
}

function effect(removedShare: number): string {
  const percent = Math.round(removedShare * 100);
  if (percent === 0) return 'changes nothing';
  return percent > 0 ? `removes ${percent} %` : `adds ${-percent} %`;
}

interface RuleChange {
  readonly by: TuningAnswer['by'];
  readonly amount: number;
  readonly unit: string;
  readonly keys: object;
}

function changesOf({ spec, watched }: CompiledRule): RuleChange[] {
  const delays = MORE_FOR_S.map((s): RuleChange => {
    return { by: 'for', amount: s * 1000, unit: 's', keys: { for: `${spec.forMs + s * 1000}ms` } };
  });
  const keeps = MORE_KEEP_S.map((s): RuleChange => {
    return { by: 'keep', amount: s * 1000, unit: 's', keys: { keep: `${spec.keepMs + s * 1000}ms` } };
  });
  const hasClear = spec.trigger.type === 'condition' && spec.trigger.clear !== undefined;
  const limit = watched && watched.limit.reads.size === 0 ? Math.abs(watched.limit.evaluate(0)) : 0;
  if (hasClear || !(limit > 0)) return [...delays, ...keeps];
  const amounts = DEADBAND_SHARES.map((share) => Number((spec.deadband + limit * share).toPrecision(2)));
  const unit = watched?.value.unit ?? '';
  const deadbands = amounts.map((amount): RuleChange => {
    return { by: 'deadband', amount, unit, keys: { deadband: amount } };
  });
  return [...delays, ...keeps, ...deadbands];
}

/** Rules as they are written, by id. */
function writtenRules(packs: readonly RulePackSource[]): Map<string, Record<string, unknown>> {
  const written = new Map<string, Record<string, unknown>>();
  for (const pack of packs) {
    const { contents } = parseDocument(pack.text);
    const list = isMap(contents) ? contents.get('rules', true) : undefined;
    for (const item of isSeq(list) ? list.items : []) {
      const rule = isMap(item) ? ((item as YAMLMap).toJSON() as Record<string, unknown>) : {};
      if (typeof rule.id === 'string') written.set(rule.id, rule);
    }
  }
  return written;
}

/** Leaves out variants that the language refuses, such as a time that would be too long. */
function withoutErrors<V extends { readonly rule: object }>(packs: readonly RulePackSource[], all: readonly V[]): V[] {
  const tried = inPacks(all.map(({ rule }) => rule));
  const { errors } = compilePacks([...packs, ...tried], new RuleInputs());
  if (errors.length === 0) return [...all];
  let first = 0;
  const wrong = new Set<number>();
  for (const pack of tried) {
    for (const error of errors) if (error.pack === pack.name) wrong.add(first + error.line - FIRST_LINE);
    first += pack.text.split('\n').length - FIRST_LINE;
  }
  return all.filter((_, i) => !wrong.has(i));
}

/** Line of the first rule in a pack that `inPacks` makes; there is one line behind the last. */
const FIRST_LINE = 2;

/** JSON is YAML; one line a rule. */
function inPacks(rules: readonly object[]): RulePackSource[] {
  const packs: RulePackSource[] = [];
  let lines: string[] = [];
  let chars = 0;
  const close = (): void => {
    if (lines.length > 0)
      packs.push({ name: `~tuning-${packs.length}.yaml`, text: `{"rules":[\n${lines.join(',\n')}\n]}` });
    lines = [];
    chars = 0;
  };
  for (const rule of rules) {
    const line = JSON.stringify(rule);
    if (chars + line.length > MAX_PACK_CHARS) close();
    lines.push(line);
    chars += line.length;
  }
  close();
  return packs;
}
