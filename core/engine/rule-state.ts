import type { ReadSection } from '../stream/arrays.ts';
import { readCheckpoint } from './checkpoint.ts';

/** Opens the state of rules that came with a RulesChange (base64); undefined when it is none. */
export function readRuleState(base64: string): { readonly count: number; readonly read: ReadSection } | undefined {
  try {
    const binary = atob(base64);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    const { meta, read } = readCheckpoint<{ count: number }>(bytes);
    return { count: meta.count, read };
  } catch {
    return undefined;
  }
}
