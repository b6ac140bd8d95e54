import { findReferenceField } from '../../model/reference.ts';
import { type ColumnSpec, findColumn } from '../../stream/columns.ts';
import type { RuleInputs } from '../inputs.ts';
import { keptTerm } from '../terms/kept-term.ts';
import { fieldTerm } from '../terms/place-terms.ts';
import { SOURCE, type Term } from '../terms/term.ts';
import { type Ast, ExpressionError, type ParsedExpression } from './cel.ts';
import type { CompileContext, ReadTimed } from './context.ts';
import { generate, ofValue, threeValued } from './emit.ts';
import { compileFunction, isFunction } from './functions.ts';
import { compileMethod, isMethod } from './methods.ts';
import { nameTerm } from './name-terms.ts';
import { noSuchFunction, noSuchName } from './names.ts';
import { show } from './show.ts';
import {
  ARITHMETIC,
  all,
  any,
  COMPARISONS,
  choice,
  column,
  comparison,
  constant,
  derived,
  not,
  type Typed,
} from './typed.ts';

const UNSUPPORTED =
  'only signals, functions, numbers, texts, + - * /, comparisons, in, &&, ||, ! and ?: may be used here';

/** Seconds since the onset of the alert. */
export const LASTING = 'lasting_s';

const KIND: Record<Typed['type'], string> = { number: 'a number', bool: 'true or false', text: 'a text' };

/** A value that the condition looks at, for explanations. */
export interface Part {
  readonly text: string;
  readonly typed: Typed;
  /** The window or the like it comes from. */
  readonly term: Term | undefined;
}

/** The first comparison of a number and the direction in which it gets worse. */
export interface Watched {
  readonly text: string;
  readonly value: Typed;
  readonly limit: Typed;
  readonly worse: 'higher' | 'lower';
}

export interface CompileOptions {
  /** By how much the limit that is watched is put back. */
  readonly deadband?: number;
  /** Numbers that are compared with constants get columns of their own; the terms have to be kept up to date then. */
  readonly keeps?: boolean;
  /** It is about an alert that has begun. */
  readonly ofAlert?: boolean;
}

/** Compiles one expression; afterwards it tells what the expression reads. */
export class Compiler implements CompileContext {
  readonly inputs: RuleInputs;
  readonly columns: ColumnSpec[] = [];
  readonly parts: Part[] = [];
  /** Keys of the terms it reads. */
  readonly terms = new Set<string>();
  /** Each tells whether the value may change at a vehicle by the passing of time. */
  readonly timers: ((slot: number) => boolean)[] = [];
  watched: Watched | undefined;
  /** It changes every second, without messages. */
  onTick = false;
  /** How far back it looks, ms. */
  lookBackMs = 0;
  readonly #parsed: ParsedExpression;
  readonly #options: CompileOptions;

  constructor(parsed: ParsedExpression, inputs: RuleInputs, options: CompileOptions = {}) {
    this.#parsed = parsed;
    this.inputs = inputs;
    this.#options = options;
  }

  compile(node: Ast = this.#parsed.expr): Typed {
    const { exprKind } = node;
    switch (exprKind.case) {
      case 'constExpr':
        return this.#constant(node, exprKind.value.constantKind);
      case 'identExpr':
        return this.#name(node, exprKind.value.name);
      case 'selectExpr': {
        const { operand, field, testOnly } = exprKind.value;
        if (testOnly || operand?.exprKind.case !== 'identExpr' || findColumn(operand.exprKind.value.name))
          throw this.error(node, UNSUPPORTED);
        return this.#name(node, `${operand.exprKind.value.name}.${field}`);
      }
      case 'callExpr':
        return this.#call(node, exprKind.value.function, exprKind.value.target, exprKind.value.args);
      default:
        throw this.error(node, UNSUPPORTED);
    }
  }

  expect(type: Typed['type'], node: Ast): Typed {
    const typed = this.compile(node);
    if (typed.type === type) return typed;
    const wanted = type === 'bool' ? 'a flag or a comparison' : KIND[type];
    throw this.error(node, `${wanted} is needed here, this is ${KIND[typed.type]}`);
  }

  inner(node: Ast, type?: Typed['type']): Typed {
    const { columns, parts, timers, watched, onTick } = this;
    const [columnCount, partCount, timerCount] = [columns.length, parts.length, timers.length];
    this.onTick = false;
    const typed = this.generated(type ? this.expect(type, node) : this.compile(node));
    if (typed.reads.size === 0) throw this.error(node, 'something that is reported is needed here: a signal');
    if (this.onTick) throw this.error(node, 'this changes without messages and cannot be followed over time');
    const timed = timers.length > timerCount;
    columns.length = columnCount;
    parts.length = partCount;
    timers.length = timerCount;
    this.watched = watched;
    this.onTick = onTick;
    return timed ? { ...typed, reads: new Set([...typed.reads, SOURCE.clock]) } : typed;
  }

  /** The same value by a function of its own instead of closures. */
  generated(typed: Typed): Typed {
    if (typed.isColumn || typed.reads.size === 0) return typed;
    const write = typed.type === 'bool' ? threeValued(typed.written) : typed.written.value;
    return { ...typed, evaluate: generate(write, this.inputs.state, typed.evaluate) };
  }

  term(node: Ast, key: string, make: () => Term): Typed {
    const typed = this.hidden(node, key, make);
    this.#note(show(node), typed, this.inputs.terms.find(key)?.term);
    return typed;
  }

  hidden(node: Ast, key: string, make: () => Term): Typed {
    const { terms, state } = this.inputs;
    let placed: ReturnType<typeof terms.place>;
    try {
      placed = terms.place(key, make);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw this.error(node, error.message);
    }
    const { term } = placed;
    this.terms.add(key);
    this.onTick ||= term.tick !== undefined;
    this.lookBackMs = Math.max(this.lookBackMs, terms.lookBackMs(term));
    return column(term.type, placed.column, term.unit, () => state.values);
  }

  timed(node: Ast, key: string, unit: string, make: () => Term, read: ReadTimed, lookBackMs = 0): Typed {
    const kept = this.hidden(node, key, make);
    this.lookBackMs = Math.max(this.lookBackMs, lookBackMs);
    const { state } = this.inputs;
    const typed = derived('number', (slot) => read(slot, kept.evaluate(slot), state.clockMs[slot]), [kept], unit);
    this.timers.push((slot) => kept.evaluate(slot) > 0);
    this.#note(show(node), typed, this.inputs.terms.find(key)?.term);
    return typed;
  }

  error(node: Ast, message: string): ExpressionError {
    return new ExpressionError(this.#parsed.placeOf(node), message);
  }

  #constant(node: Ast, { case: kind, value }: { case?: string; value?: unknown }): Typed {
    switch (kind) {
      case 'int64Value':
      case 'uint64Value':
      case 'doubleValue': {
        const number = Number(value);
        if (!Number.isFinite(number)) throw this.error(node, 'this number is too large');
        return constant('number', number);
      }
      case 'boolValue':
        return constant('bool', value ? 1 : 0);
      case 'stringValue': {
        const text = String(value);
        return constant('text', this.inputs.business.codeOf(text), text);
      }
      default:
        throw this.error(node, UNSUPPORTED);
    }
  }

  #name(node: Ast, name: string): Typed {
    const spec = findColumn(name);
    if (name === LASTING) return this.#lasting(node);
    if (!spec) {
      if (findReferenceField(name)?.changesOn === 'time') return this.#timeField(node, name);
      const term = nameTerm(name, this.inputs);
      if (!term) throw this.error(node, noSuchName(name));
      return this.term(node, name, term);
    }
    if (!this.columns.includes(spec)) this.columns.push(spec);
    this.onTick ||= spec.changesOn === 'tick';
    const typed = column(spec.flag ? 'bool' : 'number', spec.column, spec.unit, () => this.inputs.state.values);
    this.#note(name, typed, undefined);
    return typed;
  }

  /** How long the alert has lasted that the text or priority is about. */
  #lasting(node: Ast): Typed {
    if (!this.#options.ofAlert) throw this.error(node, `${LASTING} is known in messages and priorities only`);
    const { inputs } = this;
    const lastingS = (slot: number): number => Math.max(0, (inputs.state.clockMs[slot] - inputs.onsetMs) / 1000);
    return derived('number', lastingS, [], 's');
  }

  /** A field that is another one as time passes: read when it is asked for. */
  #timeField(node: Ast, name: string): Typed {
    const field = findReferenceField(name)!;
    const known = this.hidden(node, name, () => fieldTerm(field, this.inputs.business));
    const read = this.inputs.business.fieldReader(name);
    const type = field.type === 'flag' ? 'bool' : field.type;
    const typed = derived(type, (slot) => read(slot, this.inputs.state.clockMs[slot]), [known], field.unit);
    this.timers.push((slot) => !Number.isNaN(known.evaluate(slot)));
    this.#note(name, typed, undefined);
    return typed;
  }

  #call(node: Ast, name: string, target: Ast | undefined, args: Ast[]): Typed {
    if (target) {
      if (!isMethod(name)) throw this.error(node, UNSUPPORTED);
      return compileMethod(this, node, name, target, args);
    }
    if (Object.hasOwn(ARITHMETIC, name)) {
      const [a, b] = [this.expect('number', args[0]), this.expect('number', args[1])];
      const operation = ARITHMETIC[name];
      const evaluate = (slot: number): number => operation(a.evaluate(slot), b.evaluate(slot));
      const written = ofValue((e) => `(${a.written.value(e)}${name[1]}${b.written.value(e)})`);
      return derived('number', evaluate, [a, b], a.unit || b.unit, written);
    }
    if (Object.hasOwn(COMPARISONS, name)) return this.#comparison(node, name, args);
    switch (name) {
      case '-_': {
        const a = this.expect('number', args[0]);
        const written = ofValue((e) => `(-${a.written.value(e)})`);
        return derived('number', (slot) => -a.evaluate(slot), [a], a.unit, written);
      }
      case '!_':
        return not(this.expect('bool', args[0]));
      case '_&&_':
        return all(args.map((arg) => this.expect('bool', arg)));
      case '_||_':
        return any(args.map((arg) => this.expect('bool', arg)));
      case '_?_:_': {
        const test = this.expect('bool', args[0]);
        const [yes, no] = [this.compile(args[1]), this.compile(args[2])];
        if (yes.type !== no.type) throw this.error(node, 'both results of ?: must be of one type');
        return choice(test, yes, no);
      }
      case '@in':
        return this.#among(node, args);
    }
    if (isFunction(name)) return compileFunction(this, node, name, args);
    if (!/^\w+$/.test(name)) throw this.error(node, UNSUPPORTED);
    throw this.error(node, noSuchFunction(name));
  }

  #comparison(node: Ast, name: string, args: Ast[]): Typed {
    const timers = this.timers.length;
    let left = this.compile(args[0]);
    let right = this.compile(args[1]);
    if (left.type !== right.type)
      throw this.error(node, 'the two sides of a comparison must both be numbers, both be texts or both be flags');
    if (left.type !== 'number' && name !== '_==_' && name !== '_!=_')
      throw this.error(node, `${left.type === 'bool' ? 'flags' : 'texts'} are compared with == or !=`);
    const worse =
      name === '_>_' || name === '_>=_' ? 'higher' : name === '_<_' || name === '_<=_' ? 'lower' : undefined;
    if (worse && !this.watched && left.type === 'number' && left.reads.size > 0) {
      this.watched = { text: show(args[0]), value: left, limit: right, worse };
      right = this.#putBack(right, worse);
    }
    for (const [i, side] of [left, right].entries())
      if (!side.isColumn && side.type === 'number' && side.reads.size > 0) this.#note(show(args[i]), side, undefined);
    if (this.#options.keeps && this.timers.length === timers && !this.onTick) {
      if (right.reads.size === 0) left = this.#kept(args[0], left);
      else if (left.reads.size === 0) right = this.#kept(args[1], right);
    }
    return comparison(name, left, right);
  }

  /**
   * A number worked out from signals and compared with a constant gets a column of its own, worked out when one of them changes: so the
   * rule need not be looked at while the number stays on its side of the constant.
   */
  #kept(node: Ast, typed: Typed): Typed {
    if (typed.type !== 'number' || typed.isColumn || typed.reads.size === 0) return typed;
    const key = `=${show(node)}`;
    return this.hidden(node, key, () => keptTerm(key, this.generated(typed)));
  }

  #putBack(limit: Typed, worse: 'higher' | 'lower'): Typed {
    const { deadband = 0 } = this.#options;
    if (deadband === 0) return limit;
    const by = worse === 'higher' ? -deadband : deadband;
    if (limit.reads.size === 0) return constant('number', limit.evaluate(0) + by);
    return derived('number', (slot) => limit.evaluate(slot) + by, [limit], limit.unit);
  }

  #among(node: Ast, [what, list]: Ast[]): Typed {
    const value = this.compile(what);
    if (list.exprKind.case !== 'listExpr' || value.type === 'bool')
      throw this.error(node, "write a number or a text `in` a list of them, such as vehicle.class in ['van', 'car']");
    const { elements } = list.exprKind.value;
    if (elements.length === 0) throw this.error(node, 'the list is empty');
    return any(
      elements.map((element) => {
        const literal = this.expect(value.type, element);
        if (literal.reads.size > 0) throw this.error(element, 'a list holds numbers or texts, no signals');
        return comparison('_==_', value, literal);
      }),
    );
  }

  #note(text: string, typed: Typed, term: Term | undefined): void {
    if (!this.parts.some((part) => part.text === text)) this.parts.push({ text, typed, term });
  }
}
