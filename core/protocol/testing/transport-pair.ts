import type { RoomTransport, ToRoom, ToWindow, Transport, WindowTransport } from '../transport.ts';

/** Two connected in-memory transports that keep order and deliver asynchronously, as a port does. */
export function transportPair(): [WindowTransport, RoomTransport] {
  const a = end<ToRoom, ToWindow>();
  const b = end<ToWindow, ToRoom>();
  a.peer = b;
  b.peer = a;
  return [a, b];
}

interface End<Out, In> extends Transport<Out, In> {
  peer: End<In, Out> | undefined;
  message: (m: In) => void;
  frame: (b: Uint8Array) => void;
  closed: (reason: string) => void;
}

function end<Out, In>(): End<Out, In> {
  const self: End<Out, In> = {
    peer: undefined,
    message: () => {},
    frame: () => {},
    closed: () => {},
    send: (m) => queueMicrotask(() => self.peer?.message(structuredClone(m))),
    sendFrame: (b) => queueMicrotask(() => self.peer?.frame(b.slice())),
    onMessage: (l) => {
      self.message = l;
    },
    onFrame: (l) => {
      self.frame = l;
    },
    onClose: (l) => {
      self.closed = l;
    },
    close: () => {
      const { peer } = self;
      self.closed('closed');
      peer?.closed('closed');
    },
  };
  return self;
}
