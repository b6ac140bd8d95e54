import { RoomError } from './errors.ts';
import type { EventName, Events } from './events.ts';
import type { RequestArgs, RequestName, RequestResult } from './requests.ts';
import type { WindowTransport } from './transport.ts';

/** A window's way to the room. */
export interface Link {
  request<K extends RequestName>(name: K, args: RequestArgs<K>): Promise<RequestResult<K>>;
  on<K extends EventName>(name: K, listener: (payload: Events[K]) => void): () => void;
  /**
   * The listener is given each fleet frame and calls `drawn` with its sequence number when it is on screen; until then
   * the room merges further changes instead of sending them.
   */
  onFrame(listener: (bytes: Uint8Array) => void): void;
  drawn(sequence: number): void;
  onClose(listener: (reason: string) => void): void;
  close(): void;
}

/** Client end over any transport. All pending requests reject when the transport closes. */
export function createLink(transport: WindowTransport): Link {
  let nextId = 1;
  let closedReason: string | undefined;
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const closeListeners: ((reason: string) => void)[] = [];

  transport.onMessage((message) => {
    switch (message.t) {
      case 'result':
        pending.get(message.id)?.resolve(message.result as never);
        pending.delete(message.id);
        break;
      case 'error':
        pending.get(message.id)?.reject(new RoomError(message.kind, message.message));
        pending.delete(message.id);
        break;
      case 'event':
        for (const listener of listeners.get(message.name) ?? []) listener(message.payload as never);
        break;
    }
  });
  transport.onClose((reason) => {
    closedReason = reason;
    for (const { reject } of pending.values()) reject(new RoomError('closed', reason));
    pending.clear();
    for (const listener of closeListeners) listener(reason);
  });

  return {
    request(name, args) {
      if (closedReason !== undefined) return Promise.reject(new RoomError('closed', closedReason));
      return new Promise((resolve, reject) => {
        const id = nextId++;
        pending.set(id, { resolve, reject });
        transport.send({ t: 'request', id, name, args });
      });
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (payload: never) => void);
      return () => set.delete(listener as (payload: never) => void);
    },
    onFrame: (listener) => transport.onFrame(listener),
    drawn: (sequence) => {
      if (closedReason === undefined) transport.send({ t: 'drawn', sequence });
    },
    onClose(listener) {
      if (closedReason === undefined) closeListeners.push(listener);
      else listener(closedReason);
    },
    close: () => transport.close(),
  };
}
