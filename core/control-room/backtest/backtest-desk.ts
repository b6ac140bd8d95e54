import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { RulePackSource } from '../../model/records.ts';
import type {
  BacktestAsk,
  BacktestDone,
  BacktestProgress,
  BacktestResult,
  BacktestState,
} from '../../protocol/backtest.ts';
import { RoomError } from '../../protocol/errors.ts';
import type { RequestHandlers } from '../../protocol/requests.ts';
import { checkedPack, checkedPacks } from '../rules/checked-packs.ts';
import { workerUrl } from '../worker-url.ts';
import type { FromBacktestWorker } from './backtest-messages.ts';
import type { BacktestPlan } from './open-backtest.ts';

/** Results kept for windows to ask for. */
const KEPT = 5;
const MAX_OPERATORS = 1000;

export interface BacktestDeskOptions {
  readonly dataDir: string;
  readonly topicPrefix: string | undefined;
  readonly packsInForce: () => readonly RulePackSource[];
  readonly onProgress: (progress: BacktestProgress) => void;
  readonly onDone: (done: BacktestDone) => void;
}

interface Backtest {
  state: BacktestState;
  result: BacktestResult | null;
}

export type BacktestRequestName = 'backtest.start' | 'backtest.cancel' | 'backtest.result';

/** The back-tests of a room: one at a time, in a worker of its own. Lives in the engine worker. */
export class BacktestDesk {
  readonly #options: BacktestDeskOptions;
  readonly #known = new Map<string, Backtest>();
  #running: { readonly id: string; readonly worker: Worker } | undefined;

  constructor(options: BacktestDeskOptions) {
    this.#options = options;
  }

  get handlers(): RequestHandlers<BacktestRequestName> {
    return {
      'backtest.start': (ask) => ({ id: this.start(ask) }),
      'backtest.cancel': ({ id }) => ({ cancelled: this.cancel(id) }),
      'backtest.result': ({ id }) => {
        const known = this.#known.get(id);
        if (!known) throw badArguments('This back-test is not known any more.');
        return { ...known };
      },
    };
  }

  /** Answers its id. Throws a RoomError when one runs already, or for what cannot be tried. */
  start(ask: BacktestAsk): string {
    if (this.#running) {
      throw new RoomError('busy', 'A back-test is running already. Wait until it is done, or cancel it.');
    }
    const plan = this.#planOf(ask);
    const id = randomUUID();
    const worker = new Worker(workerUrl('backtest-worker'), { workerData: plan });
    this.#running = { id, worker };
    this.#known.set(id, { state: 'running', result: null });
    for (const old of [...this.#known.keys()].slice(0, -KEPT)) this.#known.delete(old);
    worker.on('message', (message: FromBacktestWorker) => {
      if (message.type === 'progress') {
        const { type: _, ...progress } = message;
        if (this.#running?.id === id) this.#options.onProgress({ id, ...progress });
      } else if (message.type === 'done') this.#end(id, 'done', message.result);
      else this.#end(id, 'failed', null, message.message);
    });
    worker.once('error', (error) => {
      this.#end(id, 'failed', null, `The back-test stopped: ${error instanceof Error ? error.message : error}.`);
    });
    worker.once('exit', () => this.#end(id, 'failed', null, 'The back-test stopped.'));
    return id;
  }

  cancel(id: string): boolean {
    if (this.#running?.id !== id) return false;
    void this.#running.worker.terminate();
    this.#end(id, 'cancelled', null);
    return true;
  }

  async close(): Promise<void> {
    await this.#running?.worker.terminate();
  }

  #end(id: string, state: BacktestDone['state'], result: BacktestResult | null, message?: string): void {
    const known = this.#known.get(id);
    if (this.#running?.id === id) this.#running = undefined;
    if (known?.state !== 'running') return;
    known.state = state;
    known.result = result;
    this.#options.onDone({ id, state, ...(message !== undefined && { message }) });
  }

  #planOf({ packs, name, text, source, against, tuning = 'changed', operators = 1 }: BacktestAsk): BacktestPlan {
    const { dataDir, topicPrefix, packsInForce } = this.#options;
    const inForce = packsInForce();
    if (!(operators >= 1 && operators <= MAX_OPERATORS)) throw badArguments(`Give 1 to ${MAX_OPERATORS} operators.`);
    const isList = Array.isArray(tuning) && tuning.every((id) => typeof id === 'string');
    if (!isList && tuning !== 'changed' && tuning !== 'all' && tuning !== 'none')
      throw badArguments('Tuning is for “changed” rules, “all”, “none”, or a list of rule ids.');
    return {
      packs: packs === undefined ? withFile(inForce, { name, text }) : checkedPacks(packs),
      source: checkedSource(source),
      against: typeof against === 'object' ? { packs: checkedPacks(against?.packs) } : checkedAgainst(against),
      ...{ inForce, tuning, operators, dataDir, topicPrefix },
    };
  }
}

function withFile(packs: readonly RulePackSource[], file: { name: unknown; text: unknown }): RulePackSource[] {
  const pack = checkedPack(file);
  const others = packs.filter((other) => other.name !== pack.name);
  return [...others, pack].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function checkedSource(source: unknown): BacktestAsk['source'] {
  const { type, fromMs, toMs, file } = (source ?? {}) as Readonly<Record<string, unknown>>;
  if (type === 'journal' && Number.isFinite(fromMs) && Number.isFinite(toMs) && (fromMs as number) < (toMs as number))
    return { type, fromMs: fromMs as number, toMs: toMs as number };
  if (type === 'recording' && typeof file === 'string' && file !== '') return { type, file };
  throw badArguments('Try rules on a recording file, or on the journal from a time to a later one, in Unix ms.');
}

function checkedAgainst(against: unknown): 'history' | 'rules' {
  if (against === 'history' || against === 'rules') return against;
  throw badArguments('Compare with the “history”, with the “rules” of that time, or with other packs.');
}

function badArguments(message: string): RoomError {
  return new RoomError('bad-arguments', message);
}
