import type { MessagePort } from 'node:worker_threads';
import type { BrokerOptions } from '../options.ts';

/** What the notify worker is started with. Over `port` it answers requests and pushes what windows show. */
export interface NotifyWorkerData {
  readonly dataDir: string;
  readonly historyFile: string;
  readonly broker: BrokerOptions;
  readonly port: MessagePort;
}

/** engine worker → notify worker. */
export type ToNotifyWorker = { readonly type: 'close' };

/** notify worker → engine worker. */
export type FromNotifyWorker =
  /** Sentences about what is not as it should be, when they change. */
  { readonly type: 'problems'; readonly problems: readonly string[] } | { readonly type: 'closed' };
