import { type IpcMainEvent, ipcMain, MessageChannelMain, type MessagePortMain, type WebFrameMain } from 'electron';
import type { ControlRoom } from '../../core/control-room/control-room.ts';
import { APP_ORIGIN, LINK_CHANNEL } from '../channels.ts';
import { portTransport } from './port-transport.ts';

const REOFFER_AFTER_MS = 1_000;

/**
 * Gives every page of the room that asks a port to it. A page whose port the room has closed gets another; one that has
 * loaded again asks by itself.
 */
export function offerLinks(room: ControlRoom): void {
  const current = new WeakMap<WebFrameMain, MessagePortMain>();

  const offer = (frame: WebFrameMain): void => {
    const { port1, port2 } = new MessageChannelMain();
    current.set(frame, port1);
    port1.on('close', () => {
      setTimeout(() => {
        if (current.get(frame) === port1 && isOurs(frame)) offer(frame);
      }, REOFFER_AFTER_MS).unref();
    });
    room.connect(portTransport(port1));
    frame.postMessage(LINK_CHANNEL, null, [port2]);
  };

  ipcMain.on(LINK_CHANNEL, (event: IpcMainEvent) => {
    const frame = event.senderFrame;
    if (frame && isOurs(frame)) offer(frame);
  });
}

/** Only the top frame of a page of the room; frames of anything else get nothing. */
function isOurs(frame: WebFrameMain): boolean {
  if (frame.isDestroyed() || frame.detached || frame.parent !== null) return false;
  return URL.canParse(frame.url) && frame.url.startsWith(`${APP_ORIGIN}/`);
}
