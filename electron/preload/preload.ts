import { type IpcRendererEvent, ipcRenderer } from 'electron';
import { LINK_CHANNEL, PORT_MESSAGE } from '../channels.ts';

// What this file uses of the page. The DOM's own types would reach every file of the Node program.
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: string, targetOrigin: string, transfer: IpcRendererEvent['ports']): void;
  addEventListener(type: 'load', listener: () => void, options: { once: true }): void;
};

ipcRenderer.on(LINK_CHANNEL, ({ ports }) => window.postMessage(PORT_MESSAGE, window.location.origin, ports));

// By then the page's own modules have run and listen for the port.
window.addEventListener('load', () => ipcRenderer.send(LINK_CHANNEL), { once: true });
