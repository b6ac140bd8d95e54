import { isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Path, Source, Unreadable } from './source.ts';

/** Takes a YAML file apart. */
export function yamlSource(file: string, text: string): Source | Unreadable {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `:${line}:${col}`;
  };
  const [error] = doc.errors;
  if (error) return { error: `${file}${place(error.pos[0])}: ${error.message.replace(/\.$/, '')}` };
  const locate = (path: Path): string => {
    for (let length = path.length; length > 0; length--) {
      const holder = doc.getIn(path.slice(0, length - 1), true);
      const key = isMap(holder) ? holder.items.find((pair) => String(pair.key) === path[length - 1])?.key : undefined;
      const node = key ?? doc.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return place(node.range[0]);
    }
    return place(doc.contents?.range?.[0] ?? 0);
  };
  try {
    return { file, value: doc.contents === null ? [] : doc.toJS(), locate };
  } catch (failure) {
    return { error: `${file}: ${failure instanceof Error ? failure.message : failure}` };
  }
}
