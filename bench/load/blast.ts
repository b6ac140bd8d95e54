import type { Socket } from 'node:net';
import type { PayloadRing } from './payload-ring.ts';

const BATCH = 1024;
const PACE_MS = 1;

export interface BlastOptions {
  readonly messages: number;
  readonly qos: 0 | 1;
  /** QoS 1 messages on their way without an acknowledgement. */
  readonly window: number;
  /** Messages per second; 0 = as many as go through. */
  readonly rate: number;
}

export interface BlastResult {
  readonly sent: number;
  readonly acked: number;
  /** From the first message to the last acknowledgement (QoS 0: to the last write). */
  readonly seconds: number;
}

/** A blast on its way: tell it what was acknowledged. */
export interface Blast {
  acknowledged(messages: number): void;
  /** Resolves when all is sent and acknowledged, or the socket has closed. */
  readonly done: Promise<BlastResult>;
}

/** Sends the ring's packets over `socket`, `window` and `rate` permitting. */
export function blast(socket: Socket, ring: PayloadRing, options: BlastOptions): Blast {
  const { messages, qos, window, rate } = options;
  const startedMs = performance.now();
  let sent = 0;
  let written = 0;
  let acked = 0;
  let timer: NodeJS.Timeout | undefined;
  const { promise, resolve } = Promise.withResolvers<BlastResult>();
  const finish = () => {
    clearTimeout(timer);
    resolve({ sent, acked, seconds: (performance.now() - startedMs) / 1000 });
  };

  function allowed(): number {
    const due = rate > 0 ? Math.floor(((performance.now() - startedMs) / 1000) * rate) : messages;
    const open = qos === 1 ? window - (sent - acked) : Number.POSITIVE_INFINITY;
    // Packets still on their way to the kernel must not be patched.
    const free = ring.slots - BATCH - (sent - written);
    return Math.min(BATCH, messages - sent, due - sent, open, free);
  }

  function pump(): void {
    for (let count = allowed(); count > 0; count = allowed()) {
      const packets = ring.next(count, Date.now());
      const number = packets.length / ring.packetBytes;
      sent += number;
      const flowing = socket.write(packets, () => {
        written += number;
        if (qos === 0 && written === messages) finish();
        else pump();
      });
      if (!flowing) break;
    }
    if (rate > 0 && sent < messages) timer ??= setTimeout(paced, PACE_MS);
  }

  function paced(): void {
    timer = undefined;
    pump();
  }

  socket.once('close', finish);
  pump();
  return {
    acknowledged(count) {
      acked += count;
      if (acked >= messages) finish();
      else pump();
    },
    done: promise,
  };
}
