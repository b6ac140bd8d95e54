import type { Ast } from './cel.ts';

const BINARY: Record<string, readonly [sign: string, binding: number]> = {
  '_||_': ['||', 1],
  '_&&_': ['&&', 2],
  '_<_': ['<', 3],
  '_<=_': ['<=', 3],
  '_>_': ['>', 3],
  '_>=_': ['>=', 3],
  '_==_': ['==', 3],
  '_!=_': ['!=', 3],
  '@in': ['in', 3],
  '_+_': ['+', 4],
  '_-_': ['-', 4],
  '_*_': ['*', 5],
  '_/_': ['/', 5],
};
const CHOICE = 0.5;
/** A part that binds as much as what it stands in needs no parentheses where this is taken off. */
const SAME = 0.5;
const UNARY = 6;

/** What may not stand in a text as it is. */
const ESCAPED = /['\\\p{Cc}\u2028\u2029]/gu;

/** An expression as text in one spelling, however it was written: terms are told apart by it, and people read it. */
export function show(node: Ast): string {
  return write(node, 0);
}

function write(node: Ast, outer: number): string {
  const { exprKind } = node;
  switch (exprKind.case) {
    case 'constExpr': {
      const { case: kind, value } = exprKind.value.constantKind;
      return kind === 'stringValue' ? quoted(String(value)) : String(value);
    }
    case 'identExpr':
      return exprKind.value.name;
    case 'selectExpr':
      return `${exprKind.value.operand ? write(exprKind.value.operand, UNARY) : ''}.${exprKind.value.field}`;
    case 'listExpr':
      return `[${exprKind.value.elements.map((element) => write(element, 0)).join(', ')}]`;
    case 'callExpr':
      return call(exprKind.value.function, exprKind.value.target, exprKind.value.args, outer);
    default:
      return '?';
  }
}

function call(name: string, target: Ast | undefined, args: Ast[], outer: number): string {
  const binary = BINARY[name];
  if (binary) {
    const [sign, binding] = binary;
    const joins = name === '_&&_' || name === '_||_';
    const parts = args.map((arg, i) => write(arg, i === 0 || joins ? binding - SAME : binding));
    return wrap(parts.join(` ${sign} `), binding, outer);
  }
  if (name === '_?_:_') {
    const [test, yes, no] = args;
    return wrap(`${write(test, CHOICE)} ? ${write(yes, CHOICE)} : ${write(no, 0)}`, CHOICE, outer);
  }
  if (name === '!_' || name === '-_') return wrap(`${name[0]}${write(args[0], UNARY)}`, UNARY, outer);
  const shown = args.map((arg) => write(arg, 0)).join(', ');
  return target ? `${write(target, UNARY)}.${name}(${shown})` : `${name}(${shown})`;
}

function wrap(text: string, binding: number, outer: number): string {
  return binding <= outer ? `(${text})` : text;
}

function quoted(text: string): string {
  return `'${text.replace(ESCAPED, (c) => (c === "'" || c === '\\' ? `\\${c}` : `\\u${hex(c)}`))}'`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, '0');
}
