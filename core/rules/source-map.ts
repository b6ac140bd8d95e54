import type { Scalar } from 'yaml';
import type { PackText } from './pack-text.ts';
import type { ExpressionText, Place } from './spec.ts';

/** Length of a double-quoted scalar's escape, by the letter after the backslash (YAML 1.2, 5.7); the others have two characters. */
const ESCAPE_LENGTHS: Record<string, number> = { x: 4, u: 6, U: 10 };

const SPACE = /\s/;

/**
 * The text of a scalar with the way back from each of its characters to its place in the pack: folding, quotes and escapes
 * make text and source differ. The text is trimmed.
 */
export function scalarText(node: Scalar, pack: PackText): ExpressionText {
  const raw = node.source ?? String(node.value);
  const text = raw.trim();
  const [start, end] = node.range ?? [0, 0, 0];
  let offsets: readonly number[] | undefined;
  const placeAt = (offset: number): Place => {
    offsets ??= align(text, pack.text, contentStart(node, pack.text, start), end, node.type);
    return pack.placeOf(offsets[Math.min(offset, text.length)]);
  };
  return { text, placeAt };
}

/** A quoted scalar's text starts after its quote; a block scalar's on the line after its `|` or `>`. */
function contentStart(node: Scalar, pack: string, start: number): number {
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') return start + 1;
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return pack.indexOf('\n', start) + 1;
  return start;
}

/** For each character of `text`, and for its end, the offset in the pack: white space stands for any run of it. */
function align(text: string, pack: string, from: number, end: number, type: Scalar['type']): number[] {
  const offsets: number[] = [];
  let p = from;
  for (const c of text) {
    if (!SPACE.test(c)) p = skipSpace(pack, p, end, type);
    for (let unit = 0; unit < c.length; unit++) offsets.push(p);
    if (SPACE.test(c)) continue;
    if (pack.startsWith(c, p)) p += c === "'" && type === 'QUOTE_SINGLE' ? 2 : c.length;
    else if (pack[p] === '\\') p += ESCAPE_LENGTHS[pack[p + 1]] ?? 2;
  }
  offsets.push(p);
  return offsets;
}

/** Over white space; in double quotes also over escaped line ends and escapes that stand for white space. */
function skipSpace(pack: string, at: number, end: number, type: Scalar['type']): number {
  let p = at;
  while (p < end) {
    if (SPACE.test(pack[p])) p++;
    else if (type === 'QUOTE_DOUBLE' && pack[p] === '\\' && /[\s tnrvfeabN_LP0]/.test(pack[p + 1] ?? '')) p += 2;
    else break;
  }
  return p;
}
