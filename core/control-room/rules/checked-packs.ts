import type { RulePackSource } from '../../model/records.ts';
import { RoomError } from '../../protocol/errors.ts';

/** A name without a path, and not hidden. */
const PACK_NAME = /^[\w-][\w.-]*\.ya?ml$/;
const MAX_PACKS = 500;

/** Packs as a window sends them. Throws a RoomError when they have not the shape of any. */
export function checkedPacks(packs: unknown): RulePackSource[] {
  if (!Array.isArray(packs) || packs.length > MAX_PACKS) throw badArguments(`Give at most ${MAX_PACKS} rule packs.`);
  const checked = packs.map(checkedPack);
  if (new Set(checked.map((pack) => pack.name)).size < checked.length)
    throw badArguments('Two rule packs have the same name.');
  return checked;
}

/** One of them. */
export function checkedPack(pack: unknown): RulePackSource {
  const { name, text } = (pack ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || !PACK_NAME.test(name))
    throw badArguments('A rule pack is named with letters, digits and _ . - only and ends in .yaml or .yml.');
  if (typeof text !== 'string') throw badArguments(`The rule pack ${name} has no text.`);
  return { name, text };
}

function badArguments(message: string): RoomError {
  return new RoomError('bad-arguments', message);
}
