import type { AlertWhy, WhyTerm, WhyWindow } from '../model/alerts.ts';
import type { BusinessData } from './business-data.ts';
import type { Part } from './expression.ts';
import type { CompiledRule } from './rule-set.ts';

/** A condition may read more than people can take in: the rest is left out. */
const MAX_TERMS = 24;
const MAX_READINGS = 64;

/** Journal position and the values of a rule's parts now. */
export function noteOnset({ parts }: CompiledRule, slot: number, position: number): Float64Array {
  const noted = new Float64Array(1 + Math.min(parts.length, MAX_TERMS));
  noted[0] = position;
  for (let i = 1; i < noted.length; i++) noted[i] = parts[i - 1].typed.evaluate(slot);
  return noted;
}

/** Why a rule raised an alert: what was noted at its onset, and what lies in its windows now. */
export function explain(
  rule: CompiledRule,
  slot: number,
  onset: Float64Array,
  position: number,
  business: BusinessData,
): AlertWhy {
  const windows = rule.parts.flatMap((part): WhyWindow[] => {
    const readings = part.term?.readings?.(slot);
    return readings ? [{ text: part.text, unit: part.typed.unit, readings: readings.slice(-MAX_READINGS) }] : [];
  });
  return {
    condition: rule.condition,
    terms: rule.parts.slice(0, onset.length - 1).map((part, i) => termOf(part, onset[i + 1], business)),
    windows,
    onsetPosition: onset[0],
    raisedPosition: position,
  };
}

/** A value as people read it. */
export function termOf({ text, typed }: Part, value: number, business: BusinessData): WhyTerm {
  return { text, value: shown(typed.type, value, business), unit: typed.unit };
}

function shown(type: Part['typed']['type'], value: number, business: BusinessData): WhyTerm['value'] {
  if (Number.isNaN(value)) return null;
  if (type === 'bool') return value === 1;
  return type === 'text' ? business.textOf(value) : value;
}
