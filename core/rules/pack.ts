import { isSeq, type Node, parseDocument } from 'yaml';
import type { RulePackSource } from '../model/records.ts';
import { PackReader, Wrong } from './pack-reader.ts';
import { PackText } from './pack-text.ts';
import { brief } from './quote.ts';
import { readRule } from './rule-reader.ts';
import type { PackError, RuleSpec } from './spec.ts';

export { RULE_ID_PATTERN, RULE_KEYS } from './rule-reader.ts';
export const PACK_KEYS = ['pack', 'description', 'rules'];

/** A pack file longer than this is refused unread; about 1500 rules. */
export const MAX_PACK_CHARS = 512 * 1024;
/** Errors listed per pack: the first are enough to find what is wrong. */
export const MAX_PACK_ERRORS = 50;

/** Reads one YAML pack. Rules that are wrong are listed with line and column; a pack with errors should not be put in force. */
export function parsePack(source: RulePackSource): { rules: RuleSpec[]; errors: PackError[] } {
  const { rules, wrongs } = readPack(source.text);
  const errors = wrongs
    .slice(0, MAX_PACK_ERRORS)
    .map(({ place, message }): PackError => ({ pack: source.name, ...place, message }));
  if (wrongs.length > errors.length) {
    const message = `and ${wrongs.length - errors.length} more errors`;
    errors.push({ pack: source.name, ...wrongs[errors.length].place, message });
  }
  return { rules, errors };
}

function readPack(text: string): { rules: RuleSpec[]; wrongs: Wrong[] } {
  if (text.length > MAX_PACK_CHARS) {
    const message = `a rule pack of ${text.length} characters, the limit is ${MAX_PACK_CHARS}; make several files of it`;
    return { rules: [], wrongs: [new Wrong({ line: 1, column: 1 }, message)] };
  }
  const pack = new PackText(text);
  const doc = parseDocument(text, { prettyErrors: false });
  const wrongs = doc.errors.map((e) => new Wrong(pack.placeOf(e.pos[0]), yamlMessage(e.code, e.message)));
  if (wrongs.length > 0) return { rules: [], wrongs };
  const rules: RuleSpec[] = [];
  const reader = new PackReader(pack);
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      wrongs.push(error);
    }
  };
  attempt(() => {
    const root = reader.map(doc.contents, 'a rule pack', PACK_KEYS);
    const list = root.get('rules', true) as Node | undefined;
    if (!isSeq(list)) throw new Wrong(reader.place(list ?? root), 'a rule pack needs a list `rules:`');
    for (const item of list.items) attempt(() => rules.push(readRule(reader, item as Node)));
  });
  return { rules, wrongs };
}

/** What the YAML library found, without its advice for programmers. */
function yamlMessage(code: string, message: string): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'not valid YAML: nested too deeply';
  if (code === 'MULTIPLE_DOCS') return 'a file holds one rule pack; remove the `---` or make two files of it';
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return 'not valid YAML: a text with `: ` in it has to stand in quotes';
  return `not valid YAML: ${brief(message)}`;
}
