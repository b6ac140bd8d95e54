import type { OpenTransport } from './keep-connected.ts';
import { portsPostedTo } from './port-transport.ts';
import { openWebSocketTransport } from './ws-transport.ts';

/** The way to the room from this page: a port in the desktop shell, else a WebSocket on the page's own origin. */
export function transportOpener(target: Window): OpenTransport {
  const { protocol, host } = target.location;
  if (protocol === 'app:') return portsPostedTo(target);
  const url = `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/link`;
  return () => openWebSocketTransport(url);
}
