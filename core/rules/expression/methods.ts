import type { Ast } from './cel.ts';
import type { CompileContext } from './context.ts';
import { derived, type Typed } from './typed.ts';

/** What can be asked of a text, as CEL names it. */
const METHODS: Record<string, (text: string, part: string) => boolean> = {
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
};

/** Answers kept per condition: texts repeat, and there are few of them. */
const MAX_KEPT = 10_000;

export function isMethod(name: string): boolean {
  return Object.hasOwn(METHODS, name);
}

/** `text.startsWith('…')` and the like; the part must be a literal. */
export function compileMethod(compiler: CompileContext, node: Ast, name: string, target: Ast, args: Ast[]): Typed {
  const text = compiler.expect('text', target);
  const part = args.length === 1 ? compiler.expect('text', args[0]).literal : undefined;
  if (part === undefined) throw compiler.error(node, `write ${name} with one text in quotes, such as ${name}('AB')`);
  const { business } = compiler.inputs;
  const holds = METHODS[name];
  const known = new Map<number, number>();
  return derived(
    'bool',
    (slot) => {
      const code = text.evaluate(slot);
      if (Number.isNaN(code)) return code;
      let answer = known.get(code);
      if (answer === undefined) {
        if (known.size >= MAX_KEPT) known.clear();
        answer = holds(business.textOf(code), part) ? 1 : 0;
        known.set(code, answer);
      }
      return answer;
    },
    [text],
  );
}
