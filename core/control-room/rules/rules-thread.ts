import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { RulePackSource } from '../../model/records.ts';
import { workerUrl } from '../worker-url.ts';
import type { CheckedPacks } from './check-packs.ts';
import type {
  FromRebuild,
  FromRulesWorker,
  RebuildAsk,
  RulesWorkerData,
  ToRebuild,
  ToRulesWorker,
} from './rules-messages.ts';

/** The engine stands still for so long at most while the last messages are read by the other thread, ms. */
const WAIT_MS = 80;
/** Attempts to get the state within that time. */
const ATTEMPTS = 40;
const BETWEEN_ATTEMPTS_MS = 100;

/** What became of a rebuild: `state` is base64, or `why` there is none. */
export interface RebuiltRules {
  readonly state?: string;
  readonly why?: string;
  readonly notes: readonly string[];
}

/** The engine worker's side of the rules worker, which is started when it is needed first. */
export class RulesThread {
  readonly #data: RulesWorkerData;
  readonly #waiting = new Map<number, { resolve: (checked: CheckedPacks) => void; reject: (error: Error) => void }>();
  readonly #ports = new Set<MessagePort>();
  #worker: Worker | undefined;
  #asked = 0;
  #isClosed = false;

  constructor(data: RulesWorkerData) {
    this.#data = data;
  }

  check(packs: readonly RulePackSource[]): Promise<CheckedPacks> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ type: 'check', id, packs });
    });
  }

  /**
   * Works out the state that rules would have by now. When it is known, `use` is called with it before anything else can be
   * journaled; `position` answers where the journal ends. Never called once the thread is closed.
   */
  async rebuild(
    ask: Omit<RebuildAsk, 'port' | 'wake'>,
    position: () => number,
    use: (rebuilt: RebuiltRules) => void,
  ): Promise<void> {
    const { port1: port, port2 } = new MessageChannel();
    const wake = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    this.#ports.add(port);
    try {
      const caughtUp = firstMessage(port);
      this.#post({ type: 'rebuild', ask: { ...ask, port: port2, wake } }, [port2]);
      const first = await caughtUp;
      if (this.#isClosed) return;
      if (first.type !== 'caught-up') use({ why: first.type === 'refused' ? first.why : 'it stopped', notes: [] });
      else {
        const { notes } = first;
        const used = await this.#take(port, new Int32Array(wake), position, (taken) => use({ ...taken, notes }));
        if (!used && !this.#isClosed) use({ why: 'the machine is too busy to keep up with the messages', notes });
      }
    } finally {
      this.#ports.delete(port);
      port.postMessage({ type: 'give-up' } satisfies ToRebuild);
      port.close();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const port of this.#ports) port.close();
    await this.#worker?.terminate();
  }

  /** Has the rest read up to where the journal ends, while nothing is added to it, and uses the state at once. */
  async #take(
    port: MessagePort,
    wake: Int32Array,
    position: () => number,
    use: (taken: Omit<RebuiltRules, 'notes'>) => void,
  ): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS && !this.#isClosed; attempt++) {
      const at = position();
      Atomics.store(wake, 0, 0);
      port.postMessage({ type: 'finish', position: at } satisfies ToRebuild);
      Atomics.wait(wake, 0, 0, WAIT_MS);
      for (;;) {
        const received = receiveMessageOnPort(port) as { message: FromRebuild } | undefined;
        if (!received) break;
        const { message } = received;
        if (message.type !== 'state' || message.position !== at) continue;
        use({ state: message.state, why: message.why });
        return true;
      }
      await sleep(BETWEEN_ATTEMPTS_MS);
    }
    return false;
  }

  #post(message: ToRulesWorker, transfer: MessagePort[] = []): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message, transfer);
  }

  #start(): Worker {
    const worker = new Worker(workerUrl('rules-worker'), { workerData: this.#data });
    worker.on('message', (message: FromRulesWorker) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.type === 'checked') waiting?.resolve(message.checked);
      else waiting?.reject(new Error(message.message));
    });
    let why = 'The check of the rules stopped. Try again.';
    worker.once('error', (error) => {
      why = `The check of the rules stopped: ${error instanceof Error ? error.message : error}. Try again.`;
    });
    worker.once('exit', () => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(new Error(why));
      this.#waiting.clear();
      for (const port of this.#ports) port.close();
    });
    return worker;
  }
}

/** The first message over a port; `refused` when it closes without one. */
function firstMessage(port: MessagePort): Promise<FromRebuild> {
  return new Promise((resolve) => {
    port.once('message', resolve);
    port.once('close', () => resolve({ type: 'refused', why: 'it was stopped' }));
  });
}
