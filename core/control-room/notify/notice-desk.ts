import { MessageChannel, Worker } from 'node:worker_threads';
import { createLink, type Link } from '../../protocol/client.ts';
import { RoomError } from '../../protocol/errors.ts';
import type { ShownNotice } from '../../protocol/notice-requests.ts';
import type { RequestHandlers } from '../../protocol/requests.ts';
import type { ToRoom, ToWindow } from '../../protocol/transport.ts';
import { portTransport } from '../port-transport.ts';
import { workerUrl } from '../worker-url.ts';
import type { NOTICE_REQUESTS } from './notice-handlers.ts';
import type { FromNotifyWorker, NotifyWorkerData, ToNotifyWorker } from './notify-messages.ts';

const START_AGAIN_MS = 10_000;

export interface NoticeDeskOptions extends Omit<NotifyWorkerData, 'port'> {
  /** Shows or sounds a notice in the windows. */
  readonly show: (notice: ShownNotice) => void;
}

/** The engine worker's side of the notify worker, which is started again when it has died. */
export class NoticeDesk {
  /** Sentences about what is not as it should be. */
  problems: readonly string[] = [];
  readonly #options: NoticeDeskOptions;
  #worker: Worker | undefined;
  #link: Link | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: NoticeDeskOptions) {
    this.#options = options;
  }

  get handlers(): RequestHandlers<(typeof NOTICE_REQUESTS)[number]> {
    const ask = (): Link => {
      if (this.#link) return this.#link;
      throw new RoomError('notices', 'Notices are not delivered at the moment. The health of the room says why.');
    };
    return {
      'notices.list': (args) => ask().request('notices.list', args),
      'notices.retry': (args) => ask().request('notices.retry', args),
      'notices.test': (args) => ask().request('notices.test', args),
    };
  }

  /** Begins to deliver what is in the history. */
  start(): void {
    if (this.#isClosed) return;
    const { show, ...data } = this.#options;
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(workerUrl('notify-worker'), {
      workerData: { ...data, port: port2 } satisfies NotifyWorkerData,
      transferList: [port2],
    });
    const link = createLink(portTransport<ToRoom, ToWindow>(port1));
    link.on('notice', show);
    worker.on('message', (message: FromNotifyWorker) => {
      if (message.type === 'problems') this.problems = message.problems;
    });
    worker.once('error', (error) => {
      const why = error instanceof Error ? error.message : String(error);
      this.problems = [`Notices are not delivered: ${why}. They wait in the history, and it is tried again.`];
    });
    worker.once('exit', () => {
      link.close();
      this.#link = undefined;
      this.#worker = undefined;
      if (!this.#isClosed) this.#timer = setTimeout(() => this.start(), START_AGAIN_MS);
    });
    worker.once('online', () => {
      this.problems = [];
    });
    this.#worker = worker;
    this.#link = link;
  }

  /** Waits a moment for what is under way; what is not finished then is sent at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const worker = this.#worker;
    if (!worker) return;
    const closed = new Promise<void>((resolve) => {
      worker.on('message', (message: FromNotifyWorker) => message.type === 'closed' && resolve());
      worker.once('exit', () => resolve());
    });
    worker.postMessage({ type: 'close' } satisfies ToNotifyWorker);
    await closed;
    await worker.terminate();
  }
}
