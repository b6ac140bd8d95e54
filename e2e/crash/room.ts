import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Health } from '../../core/protocol/health.ts';
import type { RequestArgs, RequestName, RequestResult } from '../../core/protocol/requests.ts';

const PATIENCE_MS = 120_000;

/** A room in a process of its own, to be killed. */
export class RoomProcess {
  readonly #dataDir: string;
  readonly #url: string;
  #child: ChildProcess | undefined;

  constructor(dataDir: string, url: string) {
    this.#dataDir = dataDir;
    this.#url = url;
  }

  async start(): Promise<void> {
    this.#child = fork(new URL('./room-process.ts', import.meta.url), [this.#dataDir, this.#url]);
    await once(this.#child, 'message');
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    if (this.#child) await once(this.#child, 'exit');
  }

  /** Ends it properly: what is open is committed. */
  async close(): Promise<void> {
    this.#child?.send('close');
    if (this.#child) await once(this.#child, 'exit');
  }

  async health(): Promise<Health> {
    this.#child?.send('health');
    const [message] = (await once(this.#child!, 'message')) as [{ health: Health }];
    return message.health;
  }

  /** Asks what a window can ask. One question at a time. */
  async request<K extends RequestName>(request: K, args: RequestArgs<K>): Promise<RequestResult<K>> {
    this.#child?.send({ request, args });
    const [message] = (await once(this.#child!, 'message')) as [{ answer: RequestResult<K> }];
    return message.answer;
  }

  /** Waits for a health as wanted; the last one is in the error when it never comes. */
  async until(wanted: (health: Health) => boolean): Promise<Health> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const health = await this.health();
      if (wanted(health)) return health;
      if (Date.now() > end) throw new Error(`the room never got there: ${JSON.stringify(health)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
