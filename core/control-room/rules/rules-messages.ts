import type { MessagePort } from 'node:worker_threads';
import type { RulePackSource } from '../../model/records.ts';
import type { CheckedPacks } from './check-packs.ts';

/** What the rules worker is started with. */
export interface RulesWorkerData {
  readonly dataDir: string;
  readonly topicPrefix: string | undefined;
  readonly maxVehicles: number;
}

/** What is worked out from the journal for rules that are about to come into force. */
export interface RebuildAsk {
  readonly packs: readonly RulePackSource[];
  /** Versions of the rules whose state is wanted. */
  readonly versions: readonly string[];
  readonly lookBackMs: number;
  /** Now, Unix ms. */
  readonly atMs: number;
  /** At most so much of the journal is read, bytes. */
  readonly maxBytes: number;
  /** The state goes here when it was asked for with `finish`; see RULES_WAKE. */
  readonly port: MessagePort;
  readonly wake: SharedArrayBuffer;
}

/** engine worker → rules worker. */
export type ToRulesWorker =
  | { readonly type: 'check'; readonly id: number; readonly packs: readonly RulePackSource[] }
  | { readonly type: 'rebuild'; readonly ask: RebuildAsk };

/** rules worker → engine worker. */
export type FromRulesWorker =
  | { readonly type: 'checked'; readonly id: number; readonly checked: CheckedPacks }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

/** Over the port of a rebuild, engine worker → rules worker. */
export type ToRebuild =
  /** The state as of this position, at once: the engine waits for it. */
  { readonly type: 'finish'; readonly position: number } | { readonly type: 'give-up' };

/** Over the port of a rebuild, rules worker → engine worker. */
export type FromRebuild =
  /** The journal was read to its end once, and is followed from here. */
  | { readonly type: 'caught-up'; readonly notes: readonly string[] }
  /** `state` is base64; undefined with a sentence why there is none. */
  | { readonly type: 'state'; readonly position: number; readonly state?: string; readonly why?: string }
  /** There will be no state. */
  | { readonly type: 'refused'; readonly why: string };
