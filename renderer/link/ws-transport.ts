import type { ToRoom, ToWindow, WindowTransport } from '../../core/protocol/transport.ts';

/**
 * Opens a WebSocket to the room: messages are JSON text, fleet frames are binary. Rejects with a plain sentence when the
 * socket closes before it was open.
 */
export function openWebSocketTransport(url: string): Promise<WindowTransport> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    const closedEarly = (): void => reject(new Error('The room does not answer.'));
    socket.addEventListener('close', closedEarly, { once: true });
    socket.addEventListener(
      'open',
      () => {
        socket.removeEventListener('close', closedEarly);
        resolve(overSocket(socket));
      },
      { once: true },
    );
  });
}

function overSocket(socket: WebSocket): WindowTransport {
  let onMessage: (message: ToWindow) => void = () => {};
  let onFrame: (bytes: Uint8Array) => void = () => {};
  let onClose: ((reason: string) => void) | undefined;
  let closedReason: string | undefined;

  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data === 'string') onMessage(JSON.parse(data) as ToWindow);
    else onFrame(new Uint8Array(data));
  });
  socket.addEventListener('close', (event) => {
    closedReason = event.reason || 'The connection to the room ended.';
    onClose?.(closedReason);
  });

  const sendText = (message: ToRoom): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  return {
    send: sendText,
    sendFrame: (bytes) => socket.send(bytes as Uint8Array<ArrayBuffer>),
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
    close: () => socket.close(),
  };
}
