import type { Typed } from '../expression/typed.ts';
import type { Term } from './term.ts';

/** A number that is worked out from columns whenever one of them changes. */
export function keptTerm(key: string, { evaluate, reads, unit }: Typed): Term {
  return { key, type: 'number', unit, sources: [...reads], lookBackMs: 0, fromNow: true, update: evaluate };
}
