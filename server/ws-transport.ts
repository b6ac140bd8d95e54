import type { RawData, WebSocket } from 'ws';
import { asToRoom } from '../core/control-room/to-room.ts';
import type { RoomTransport, ToRoom, ToWindow } from '../core/protocol/transport.ts';

/** A window that has this much waiting to be sent is not keeping up. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
export const TOO_SLOW = 'The window could not keep up with the room.';

/** Close codes of RFC 6455. */
const UNSUPPORTED_DATA = 1003;
const TRY_AGAIN_LATER = 1013;

/**
 * The room's end of a link over a WebSocket: JSON text for messages, binary for fleet frames. A window that sends what is
 * no message, or that does not keep up, is disconnected with a reason.
 */
export function wsTransport(socket: WebSocket, maxBufferedBytes = MAX_BUFFERED_BYTES): RoomTransport {
  let onMessage: (message: ToRoom) => void = () => {};
  let onClose: ((reason: string) => void) | undefined;
  let closedReason: string | undefined;

  socket.on('message', (data, isBinary) => {
    const message = isBinary ? undefined : parseToRoom(data);
    if (message) onMessage(message);
    else socket.close(UNSUPPORTED_DATA, 'That is not a message of this link.');
  });
  socket.on('close', (_code, reason) => {
    closedReason = reason.toString() || 'The window went away.';
    onClose?.(closedReason);
  });
  // What went wrong follows as `close`; without a listener Node would end the process.
  socket.on('error', () => {});

  const send = (data: string | Uint8Array): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > maxBufferedBytes) socket.close(TRY_AGAIN_LATER, TOO_SLOW);
    else socket.send(data);
  };
  return {
    send: (message: ToWindow) => send(JSON.stringify(message)),
    sendFrame: send,
    onMessage: (listener) => {
      onMessage = listener;
    },
    // Windows send no frames.
    onFrame: () => {},
    onClose(listener) {
      onClose = listener;
      if (closedReason !== undefined) listener(closedReason);
    },
    close: () => socket.close(1000, 'The room ended the link.'),
  };
}

function parseToRoom(data: RawData): ToRoom | undefined {
  try {
    return asToRoom(JSON.parse(data.toString()));
  } catch {
    return undefined;
  }
}
