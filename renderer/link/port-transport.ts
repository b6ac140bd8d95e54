import type { ToWindow, WindowTransport } from '../../core/protocol/transport.ts';
import type { OpenTransport } from './keep-connected.ts';

/** The window message with which the desktop shell hands over a port. */
export const PORT_MESSAGE = 'watchfloor-link';

/** The room over a MessagePort: messages are objects, fleet frames are bytes. */
export function portTransport(port: MessagePort): WindowTransport {
  let onMessage: (message: ToWindow) => void = () => {};
  let onFrame: (bytes: Uint8Array) => void = () => {};
  let onClose: ((reason: string) => void) | undefined;
  let closedReason: string | undefined;
  const ended = (reason: string): void => {
    if (closedReason !== undefined) return;
    closedReason = reason;
    onClose?.(reason);
  };

  port.addEventListener('message', ({ data }: MessageEvent<ToWindow | Uint8Array | ArrayBuffer>) => {
    if (data instanceof Uint8Array) onFrame(data);
    else if (data instanceof ArrayBuffer) onFrame(new Uint8Array(data));
    else onMessage(data);
  });
  port.addEventListener('close', () => ended('The connection to the room ended.'));
  port.start();

  return {
    send: (message) => port.postMessage(message),
    sendFrame: (bytes) => port.postMessage(bytes),
    onMessage: (listener) => {
      onMessage = listener;
    },
    onFrame: (listener) => {
      onFrame = listener;
    },
    onClose: (listener) => {
      onClose = listener;
      if (closedReason !== undefined) listener(closedReason);
    },
    close: () => {
      port.close();
      ended('closed');
    },
  };
}

/**
 * Collects the ports that the shell posts to `target`; each call of the result takes the newest one, or waits for the
 * next. Call it before the page has finished loading: a port posted earlier is not seen.
 */
export function portsPostedTo(target: Window): OpenTransport {
  let newest: MessagePort | undefined;
  let waiting: ((port: MessagePort) => void) | undefined;
  target.addEventListener('message', (event: MessageEvent<unknown>) => {
    const port = event.ports[0];
    if (event.source !== target || event.data !== PORT_MESSAGE || !port) return;
    newest?.close();
    newest = waiting ? undefined : port;
    waiting?.(port);
    waiting = undefined;
  });
  return () => {
    const port = newest;
    newest = undefined;
    if (port) return Promise.resolve(portTransport(port));
    return new Promise((resolve) => {
      waiting = (next) => resolve(portTransport(next));
    });
  };
}
