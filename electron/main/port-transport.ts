import type { MessagePortMain } from 'electron';
import { asToRoom } from '../../core/control-room/to-room.ts';
import type { RoomTransport, ToRoom } from '../../core/protocol/transport.ts';

/** The room's end of a link over an Electron port: messages are objects, fleet frames are bytes (copied by Electron). */
export function portTransport(port: MessagePortMain): RoomTransport {
  let onMessage: (message: ToRoom) => void = () => {};
  let onClose: ((reason: string) => void) | undefined;
  let closedReason: string | undefined;
  const ended = (reason: string): void => {
    if (closedReason !== undefined) return;
    closedReason = reason;
    onClose?.(reason);
  };

  port.on('message', ({ data }) => {
    const message = asToRoom(data);
    if (message) onMessage(message);
  });
  port.on('close', () => ended('The window went away.'));
  port.start();

  const post = (data: unknown): void => {
    if (closedReason === undefined) port.postMessage(data);
  };
  return {
    send: post,
    sendFrame: post,
    onMessage: (listener) => {
      onMessage = listener;
    },
    // Windows send no frames.
    onFrame: () => {},
    onClose(listener) {
      onClose = listener;
      if (closedReason !== undefined) listener(closedReason);
    },
    close() {
      port.close();
      ended('The room ended the link.');
    },
  };
}
