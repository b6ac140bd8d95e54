import type { MessagePort } from 'node:worker_threads';
import type { Transport } from '../protocol/transport.ts';

type Packet<M> = { readonly message: M } | { readonly frame: Uint8Array };

/** A transport over a worker's MessagePort. Frames are transferred, not copied: the sender must not use them again. */
export function portTransport<Out, In>(port: MessagePort): Transport<Out, In> {
  let onFrame: (bytes: Uint8Array) => void = () => {};
  return {
    send: (message) => port.postMessage({ message } satisfies Packet<Out>),
    sendFrame: (bytes) => port.postMessage({ frame: bytes } satisfies Packet<Out>, [bytes.buffer as ArrayBuffer]),
    onMessage: (listener) => {
      port.on('message', (packet: Packet<In>) => {
        if ('frame' in packet) onFrame(packet.frame);
        else listener(packet.message);
      });
    },
    onFrame: (listener) => {
      onFrame = listener;
    },
    onClose: (listener) => {
      port.once('close', () => listener('The room was closed.'));
    },
    close: () => port.close(),
  };
}
