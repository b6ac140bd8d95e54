import type { ReferenceChange } from '../../model/records.ts';
import type { ReferenceData } from '../../model/reference.ts';
import { readReference } from './read-reference.ts';

export const MAX_REFERENCE_BYTES = 64 * 2 ** 20;

/** The data in force, and the same as UTF-8 JSON. */
export interface InForce {
  readonly data: ReferenceData;
  readonly encoded: Uint8Array;
}

export interface ChangedReference {
  /** What to journal: UTF-8 JSON of a ReferenceChange; undefined when the files say what is in force. */
  readonly payload?: Uint8Array;
  /** Sentences about what was refused or left out. */
  readonly problems: readonly string[];
}

/** Reads the reference files and compares them with what is in force. */
export function referenceChange(
  dir: string,
  inForce: InForce,
  by: string,
  maxBytes = MAX_REFERENCE_BYTES,
): ChangedReference {
  const { data, errors, hints } = readReference(dir, inForce.data);
  const problems = [
    ...errors.map((error) => `Reference data was refused: ${error}. What that file said before goes on.`),
    ...hints,
  ];
  const encoded = Buffer.from(JSON.stringify(data));
  if (encoded.equals(inForce.encoded)) return { problems };
  if (encoded.length > maxBytes) return { problems: [...problems, tooLarge(encoded.length, maxBytes)] };
  const change: ReferenceChange = { data, by };
  return { payload: Buffer.from(JSON.stringify(change)), problems };
}

function tooLarge(bytes: number, maxBytes: number): string {
  const [has, most] = [bytes, maxBytes].map((n) => (n / 2 ** 20).toFixed(1));
  return `Reference data was refused: all files together hold ${has} MiB and the room takes ${most} MiB. Leave out what is past or far away; what was in force goes on.`;
}
