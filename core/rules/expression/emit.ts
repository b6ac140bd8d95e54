import type { FleetState } from '../../stream/fleet-state.ts';
import type { Evaluate } from './evaluate.ts';

/** Parts of generated code at most; nested choices double what is written, so a bound is needed. */
const MAX_PARTS = 2000;

class TooLong extends Error {}

/**
 * Gathers the JavaScript of one expression. It is made of operators, numbers and numbers of columns only: no text of a rule ever gets in.
 * What cannot be said so is called: `f[n](s)`.
 */
export class Emitter {
  readonly calls: Evaluate[] = [];
  #left = MAX_PARTS;

  column(index: number): string {
    this.#spend();
    return `v[${index}][s]`;
  }

  number(value: number): string {
    this.#spend();
    if (Number.isNaN(value)) return '(0/0)';
    if (!Number.isFinite(value)) return value > 0 ? '(1/0)' : '(-1/0)';
    return Object.is(value, -0) ? '(-0)' : `(${value})`;
  }

  flag(holds: boolean): string {
    this.#spend();
    return holds ? 'true' : 'false';
  }

  call(evaluate: Evaluate): string {
    this.#spend();
    return `f[${this.calls.push(evaluate) - 1}](s)`;
  }

  #spend(): void {
    if (--this.#left < 0) throw new TooLong();
  }
}

/** How a part of an expression is written as JavaScript: a number or text by its value, a condition by when it is true and when false. */
export interface Written {
  readonly value: (e: Emitter) => string;
  readonly yes: (e: Emitter) => string;
  readonly no: (e: Emitter) => string;
}

type Make = (state: FleetState, calls: readonly Evaluate[], known: (x: number, y: number) => number) => Evaluate;

const known = (x: number, y: number): number => (Number.isNaN(x) ? y : x);

/** The expression as a function of its own, or `otherwise` where it is too long or code may not be generated. */
export function generate(write: (e: Emitter) => string, state: FleetState, otherwise: Evaluate): Evaluate {
  const emitter = new Emitter();
  try {
    const make = new Function('d', 'f', 'k', `return function(s){const v=d.values;return ${write(emitter)}}`) as Make;
    return make(state, emitter.calls, known);
  } catch (error) {
    if (error instanceof TooLong || error instanceof EvalError) return otherwise;
    throw error;
  }
}

/** 1, 0 or NaN of a condition. */
export function threeValued({ yes, no }: Written): (e: Emitter) => string {
  return (e) => `(${yes(e)}?1:${no(e)}?0:0/0)`;
}

/** 1 where the condition is true, else 0. */
export function truth({ yes }: Written): (e: Emitter) => string {
  return (e) => `(${yes(e)}?1:0)`;
}

/** Something that is called. */
export function called(evaluate: Evaluate): Written {
  return {
    value: (e) => e.call(evaluate),
    yes: (e) => `(${e.call(evaluate)}===1)`,
    no: (e) => `(${e.call(evaluate)}===0)`,
  };
}

export function ofColumn(index: number): Written {
  return {
    value: (e) => e.column(index),
    yes: (e) => `(${e.column(index)}===1)`,
    no: (e) => `(${e.column(index)}===0)`,
  };
}

export function ofNumber(number: number): Written {
  return {
    value: (e) => e.number(number),
    yes: (e) => e.flag(number === 1),
    no: (e) => e.flag(number === 0),
  };
}

/** Of a condition given by when it is true and when it is false. */
export function ofCondition(yes: Written['yes'], no: Written['no']): Written {
  return { yes, no, value: threeValued({ yes, no, value: yes }) };
}

/** Of a number given by its value. */
export function ofValue(value: Written['value']): Written {
  return { value, yes: (e) => `(${value(e)}===1)`, no: (e) => `(${value(e)}===0)` };
}

const SIGNS: Readonly<Record<string, readonly [yes: string, no: string]>> = {
  '_>_': ['>', '<='],
  '_>=_': ['>=', '<'],
  '_<_': ['<', '>='],
  '_<=_': ['<=', '>'],
};

/** A comparison: neither it nor its opposite holds where a side is unknown. */
export function ofComparison(name: string, a: Written, b: Written): Written {
  const signs = SIGNS[name];
  if (signs) {
    const side = (sign: string) => (e: Emitter) => `(${a.value(e)}${sign}${b.value(e)})`;
    return ofCondition(side(signs[0]), side(signs[1]));
  }
  const equal = (e: Emitter) => `(${a.value(e)}===${b.value(e)})`;
  const differs = (e: Emitter) => `(${a.value(e)}<${b.value(e)}||${a.value(e)}>${b.value(e)})`;
  return name === '_==_' ? ofCondition(equal, differs) : ofCondition(differs, equal);
}

export function ofAll(parts: readonly Written[]): Written {
  return ofCondition(
    (e) => `(${parts.map((p) => p.yes(e)).join('&&')})`,
    (e) => `(${parts.map((p) => p.no(e)).join('||')})`,
  );
}

export function ofAny(parts: readonly Written[]): Written {
  return ofCondition(
    (e) => `(${parts.map((p) => p.yes(e)).join('||')})`,
    (e) => `(${parts.map((p) => p.no(e)).join('&&')})`,
  );
}

export function ofNot(a: Written): Written {
  return ofCondition(a.no, a.yes);
}

/** `test ? yes : no` of numbers and texts, or of conditions. */
export function ofChoice(test: Written, a: Written, b: Written, isCondition: boolean): Written {
  if (!isCondition) return ofValue((e) => `(${test.yes(e)}?${a.value(e)}:${test.no(e)}?${b.value(e)}:0/0)`);
  const side = (of: 'yes' | 'no') => (e: Emitter) => `(${test.yes(e)}?${a[of](e)}:${test.no(e)}&&${b[of](e)})`;
  return ofCondition(side('yes'), side('no'));
}

/** The first of them that is known. */
export function ofKnown(a: Written, b: Written, isCondition: boolean): Written {
  if (!isCondition) return ofValue((e) => `k(${a.value(e)},${b.value(e)})`);
  return ofCondition(
    (e) => `(${a.yes(e)}||!${a.no(e)}&&${b.yes(e)})`,
    (e) => `(${a.no(e)}||!${a.yes(e)}&&${b.no(e)})`,
  );
}

export function ofIsKnown(a: Written, isCondition: boolean): Written {
  const holds = isCondition
    ? (e: Emitter) => `(${a.yes(e)}||${a.no(e)})`
    : (e: Emitter) => `(${a.value(e)}===${a.value(e)})`;
  return ofCondition(holds, (e) => `!${holds(e)}`);
}
