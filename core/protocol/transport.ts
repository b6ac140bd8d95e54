import type { EventName, Events } from './events.ts';
import type { RequestName } from './requests.ts';

export type ToRoom =
  | { readonly t: 'request'; readonly id: number; readonly name: RequestName; readonly args: unknown }
  /** The frame has been drawn; the next one may come. */
  | { readonly t: 'drawn'; readonly sequence: number };

export type ToWindow =
  | { readonly t: 'result'; readonly id: number; readonly result: unknown }
  | { readonly t: 'error'; readonly id: number; readonly kind: string; readonly message: string }
  | { [K in EventName]: { readonly t: 'event'; readonly name: K; readonly payload: Events[K] } }[EventName];

/**
 * One end of a duplex channel that keeps order: an Electron MessagePort, a worker's MessagePort or a WebSocket.
 * `Out` is what this end sends. Frames are Arrow IPC bytes; only the room sends them.
 */
export interface Transport<Out, In> {
  send(message: Out): void;
  sendFrame(bytes: Uint8Array): void;
  onMessage(listener: (message: In) => void): void;
  onFrame(listener: (bytes: Uint8Array) => void): void;
  /** Called once, with a reason when there is one; never before the listener is set. */
  onClose(listener: (reason: string) => void): void;
  close(): void;
}

export type WindowTransport = Transport<ToRoom, ToWindow>;
export type RoomTransport = Transport<ToWindow, ToRoom>;
