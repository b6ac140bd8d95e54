import { createLink, type Link } from '../../core/protocol/client.ts';
import type { WindowTransport } from '../../core/protocol/transport.ts';

export type OpenTransport = () => Promise<WindowTransport>;

export interface ConnectionListener {
  opened(link: Link): void;
  /** The link ended or could not be opened; the next attempt is at `retryAtMs` (Unix ms). */
  lost(reason: string, retryAtMs: number): void;
}

export interface Connection {
  /** Tries at once instead of waiting out the delay; does nothing while a link is open or being opened. */
  retryNow(): void;
  stop(): void;
}

/** Waits between attempts, ms; the last one repeats. */
export const RETRY_DELAYS_MS = [500, 1000, 2000, 4000, 8000, 10_000] as const;

/** Opens a link and opens it again whenever it is lost, waiting longer after each failure in a row. */
export function keepConnected(open: OpenTransport, listener: ConnectionListener): Connection {
  let failures = 0;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: Link | undefined;

  const lost = (reason: string): void => {
    current = undefined;
    if (stopped) return;
    const delayMs = RETRY_DELAYS_MS[Math.min(failures, RETRY_DELAYS_MS.length - 1)];
    failures++;
    timer = setTimeout(attempt, delayMs);
    listener.lost(reason, Date.now() + delayMs);
  };

  const attempt = (): void => {
    timer = undefined;
    open().then(
      (transport) => {
        if (stopped) return transport.close();
        failures = 0;
        const link = createLink(transport);
        current = link;
        listener.opened(link);
        link.onClose(lost);
      },
      (error: unknown) => lost(error instanceof Error ? error.message : String(error)),
    );
  };

  attempt();
  return {
    retryNow() {
      if (timer === undefined) return;
      clearTimeout(timer);
      attempt();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      current?.close();
    },
  };
}
