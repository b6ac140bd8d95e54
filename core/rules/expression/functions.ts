import { parseDuration } from '../duration.ts';
import { NAMED_EVENTS } from '../named-events.ts';
import { quote } from '../quote.ts';
import { ageTerm, heldS, heldTerm, prevTerm, reportedTerm } from '../terms/clock-terms.ts';
import { alertCountTerm, type CountTerm, eventCountTerm, faultTerm, onsetCountTerm } from '../terms/count-terms.ts';
import { insideTerm, placeNameTerm } from '../terms/place-terms.ts';
import { windowTerm } from '../terms/window-terms.ts';
import type { WindowKind } from '../windows/signal-window.ts';
import type { Ast } from './cel.ts';
import type { CompileContext, ReadTimed } from './context.ts';
import { ofIsKnown, ofKnown, ofValue } from './emit.ts';
import { show } from './show.ts';
import { derived, type Typed } from './typed.ts';

const DAY_MS = 86_400_000;
/** Windows of a second to a week: beyond it history is asked, not a rule. */
const SHORTEST_MS = 1000;
const LONGEST_MS = 7 * DAY_MS;

type Compile = (compiler: CompileContext, node: Ast, args: Ast[]) => Typed;

/** A function of the language. `text` is how it is written; the docs list it. */
export interface FunctionSpec {
  readonly text: string;
  readonly unit: string;
  readonly means: string;
  readonly compile: Compile;
}

const overNumber = (kind: WindowKind): Compile => {
  return (compiler, node, args) => window(compiler, node, args, kind, 'number');
};

const fold = (name: 'min' | 'max', of: (a: number, b: number) => number): Compile => {
  return (compiler, node, args) => {
    if (args.length >= 2 && isText(args.at(-1)!)) return window(compiler, node, args, name, 'number');
    if (args.length < 2) throw compiler.error(node, `write ${name}(signal, '5m') or ${name}(a, b)`);
    const parts = args.map((arg) => compiler.expect('number', arg));
    const evaluate = parts
      .map((part) => part.evaluate)
      .reduce((a, b) => (slot) => {
        const [x, y] = [a(slot), b(slot)];
        return Number.isNaN(x + y) ? Number.NaN : of(x, y);
      });
    const written = ofValue((e) => `Math.${name}(${parts.map((part) => part.written.value(e)).join(',')})`);
    return derived('number', evaluate, parts, parts[0].unit, written);
  };
};

/** Every function by name. */
export const FUNCTIONS: Readonly<Record<string, FunctionSpec>> = {
  avg: { text: "avg(x, '5m')", unit: 'of x', means: 'mean of the readings', compile: overNumber('avg') },
  min: {
    text: "min(x, '5m')",
    unit: 'of x',
    means: 'lowest reading; `min(a, b)` is the lower of numbers',
    compile: fold('min', (a, b) => Math.min(a, b)),
  },
  max: {
    text: "max(x, '5m')",
    unit: 'of x',
    means: 'highest reading; `max(a, b)` is the higher of numbers',
    compile: fold('max', (a, b) => Math.max(a, b)),
  },
  sum: { text: "sum(x, '5m')", unit: 'of x', means: 'sum of the readings', compile: overNumber('sum') },
  stddev: {
    text: "stddev(x, '5m')",
    unit: 'of x',
    means: 'standard deviation of the readings',
    compile: overNumber('stddev'),
  },
  slope: {
    text: "slope(x, '5m')",
    unit: 'of x a minute',
    means: 'how fast it rises, by least squares',
    compile: overNumber('slope'),
  },
  delta: {
    text: "delta(x, '5m')",
    unit: 'of x',
    means: 'newest reading less the oldest',
    compile: overNumber('delta'),
  },
  count: {
    text: "count(condition, '5m')",
    unit: '',
    means: 'times the condition began to hold; `count(x, …)` counts readings',
    compile(compiler, node, args) {
      const spanMs = span(compiler, node, args);
      const inner = compiler.inner(args[0]);
      if (inner.type === 'number') return window(compiler, node, args, 'count', 'number');
      if (inner.type === 'text')
        throw compiler.error(args[0], 'a condition or a number is needed here, this is a text');
      return counted(compiler, node, () => onsetCountTerm(show(node), inner, spanMs));
    },
  },
  share: {
    text: "share(condition, '5m')",
    unit: '0…1',
    means: 'part of the time during which it held',
    compile: (compiler, node, args) => window(compiler, node, args, 'share', 'bool'),
  },
  held: {
    text: 'held(condition)',
    unit: 's',
    means: 'how long it has held without a break; 0 while it does not',
    compile(compiler, node, args) {
      arity(compiler, node, args, 1, 'held(condition)');
      const inner = compiler.inner(args[0], 'bool');
      return compiler.timed(node, show(node), 's', () => heldTerm(show(node), inner), heldS);
    },
  },
  last: {
    text: "last(x, '5m')",
    unit: 'of x',
    means: 'x if it was reported in that time, else unknown',
    compile(compiler, node, args) {
      const spanMs = span(compiler, node, args);
      const inner = compiler.inner(args[0], 'number');
      const key = `reported(${show(args[0])})`;
      const read: ReadTimed = (slot, reportedMs, clockMs) =>
        clockMs - reportedMs <= spanMs ? inner.evaluate(slot) : Number.NaN;
      return compiler.timed(node, key, inner.unit, () => reportedTerm(key, inner), read, spanMs);
    },
  },
  prev: {
    text: 'prev(x)',
    unit: 'of x',
    means: 'the reading before the newest',
    compile(compiler, node, args) {
      arity(compiler, node, args, 1, 'prev(signal)');
      const inner = compiler.inner(args[0], 'number');
      return compiler.term(node, show(node), () => prevTerm(show(node), inner));
    },
  },
  age: {
    text: 'age(x)',
    unit: 's',
    means: 'since x was last reported, on the clock of `silent_s`',
    compile(compiler, node, args) {
      arity(compiler, node, args, 1, 'age(signal)');
      const inner = compiler.inner(args[0]);
      return compiler.term(node, show(node), () => ageTerm(show(node), inner));
    },
  },
  inside: {
    text: "inside('depots')",
    unit: '',
    means: 'the vehicle is in a geofence of that id or group',
    compile: (compiler, node, args) => {
      const name = literal(compiler, node, args, "inside('depots')");
      return compiler.term(node, show(node), () => insideTerm(show(node), compiler.inputs, name));
    },
  },
  geofence: {
    text: "geofence('depots')",
    unit: '',
    means: 'name of the geofence of that group it is in; empty outside',
    compile: (compiler, node, args) => {
      const name = literal(compiler, node, args, "geofence('depots')");
      return compiler.term(node, show(node), () => placeNameTerm(show(node), compiler.inputs, name));
    },
  },
  has_fault: {
    text: "has_fault('P02')",
    unit: '',
    means: "a fault code that begins so is reported; `has_fault('')` = any",
    compile: (compiler, node, args) => {
      const prefix = literal(compiler, node, args, "has_fault('P02')");
      return compiler.term(node, show(node), () => faultTerm(show(node), compiler.inputs.state, prefix));
    },
  },
  alerts: {
    text: "alerts('rule-id', '1h')",
    unit: '',
    means: 'alerts of that rule on the vehicle in that time',
    compile: (compiler, node, args) => {
      const spanMs = span(compiler, node, args);
      const rule = literal(compiler, node, args.slice(0, 1), "alerts('rule-id', '1h')");
      return counted(compiler, node, () => alertCountTerm(show(node), rule, spanMs));
    },
  },
  events: {
    text: "events('driver.sos', '1h')",
    unit: '',
    means: 'events of that kind in that time, see Events',
    compile: (compiler, node, args) => {
      const spanMs = span(compiler, node, args);
      const event = literal(compiler, node, args.slice(0, 1), "events('driver.sos', '1h')");
      if (!NAMED_EVENTS.includes(event))
        throw compiler.error(args[0], `${quote(event)} is none of ${NAMED_EVENTS.join(', ')}`);
      return counted(compiler, node, () => eventCountTerm(show(node), event, spanMs));
    },
  },
  known: {
    text: 'known(x)',
    unit: '',
    means: 'false while x is unknown; never unknown itself',
    compile(compiler, node, args) {
      arity(compiler, node, args, 1, 'known(signal)');
      const inner = compiler.compile(args[0]);
      const evaluate = (slot: number): number => (Number.isNaN(inner.evaluate(slot)) ? 0 : 1);
      return derived('bool', evaluate, [inner], '', ofIsKnown(inner.written, inner.type === 'bool'));
    },
  },
  coalesce: {
    text: 'coalesce(x, y)',
    unit: 'of x',
    means: 'x, or y while x is unknown',
    compile(compiler, node, args) {
      if (args.length < 2) throw compiler.error(node, 'write coalesce(x, y)');
      const first = compiler.compile(args[0]);
      const parts = [first, ...args.slice(1).map((arg) => compiler.expect(first.type, arg))];
      const evaluate = parts
        .map((part) => part.evaluate)
        .reduce((a, b) => (slot) => {
          const x = a(slot);
          return Number.isNaN(x) ? b(slot) : x;
        });
      const written = parts.map((part) => part.written).reduce((a, b) => ofKnown(a, b, first.type === 'bool'));
      return derived(first.type, evaluate, parts, first.unit, written);
    },
  },
  abs: {
    text: 'abs(x)',
    unit: 'of x',
    means: 'x without its sign',
    compile(compiler, node, args) {
      arity(compiler, node, args, 1, 'abs(signal)');
      const inner = compiler.expect('number', args[0]);
      const written = ofValue((e) => `Math.abs(${inner.written.value(e)})`);
      return derived('number', (slot) => Math.abs(inner.evaluate(slot)), [inner], inner.unit, written);
    },
  },
};

export function isFunction(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name);
}

export function compileFunction(compiler: CompileContext, node: Ast, name: string, args: Ast[]): Typed {
  return FUNCTIONS[name].compile(compiler, node, args);
}

function window(compiler: CompileContext, node: Ast, args: Ast[], kind: WindowKind, of: 'number' | 'bool'): Typed {
  const spanMs = span(compiler, node, args);
  const inner = compiler.inner(args[0], of);
  return compiler.term(node, show(node), () => windowTerm(show(node), kind, inner, spanMs));
}

/** How often something happened, as of the vehicle's clock. */
function counted(compiler: CompileContext, node: Ast, make: () => CountTerm): Typed {
  const key = show(node);
  const read: ReadTimed = (slot, _, clockMs) => term().countAt(slot, clockMs);
  const term = () => compiler.inputs.terms.find(key)!.term as CountTerm;
  return compiler.timed(node, key, '', make, read);
}

/** The time in the last of two arguments. */
function span(compiler: CompileContext, node: Ast, args: Ast[]): number {
  const { exprKind } = node;
  const name = exprKind.case === 'callExpr' ? exprKind.value.function : '';
  if (args.length !== 2 || !isText(args[1])) throw compiler.error(node, `write ${FUNCTIONS[name].text}`);
  const text = compiler.expect('text', args[1]).literal ?? '';
  const ms = parseDuration(text);
  if (ms === undefined || ms < SHORTEST_MS || ms > LONGEST_MS)
    throw compiler.error(args[1], `${quote(text)} is no time from 1s to 7d; write '30s', '5m' or '1h'`);
  return ms;
}

function literal(compiler: CompileContext, node: Ast, args: Ast[], how: string): string {
  const text = args.length === 1 && isText(args[0]) ? compiler.expect('text', args[0]).literal : undefined;
  if (text === undefined) throw compiler.error(node, `write ${how}`);
  return text;
}

function arity(compiler: CompileContext, node: Ast, args: Ast[], count: number, how: string): void {
  if (args.length !== count) throw compiler.error(node, `write ${how}`);
}

function isText(node: Ast): boolean {
  return node.exprKind.case === 'constExpr' && node.exprKind.value.constantKind.case === 'stringValue';
}
