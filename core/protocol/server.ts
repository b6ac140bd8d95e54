import { RoomError } from './errors.ts';
import type { EventName, Events } from './events.ts';
import type { RequestHandlers, RequestName } from './requests.ts';
import type { RoomTransport } from './transport.ts';

/** The room's end of one window's link. */
export interface LinkServer {
  emit<K extends EventName>(name: K, payload: Events[K]): void;
  sendFrame(bytes: Uint8Array): void;
  close(): void;
}

export interface LinkServerOptions {
  readonly onDrawn?: (sequence: number) => void;
  readonly onClose?: (reason: string) => void;
}

/** Serves `handlers` over a transport. A request without a handler is answered with an error, never with silence. */
export function serveLink(
  transport: RoomTransport,
  handlers: Partial<RequestHandlers>,
  options: LinkServerOptions = {},
): LinkServer {
  transport.onMessage((message) => {
    if (message.t === 'drawn') options.onDrawn?.(message.sequence);
    else void answer(transport, handlers, message.id, message.name, message.args);
  });
  transport.onClose((reason) => options.onClose?.(reason));
  return {
    emit: (name, payload) => transport.send({ t: 'event', name, payload } as never),
    sendFrame: (bytes) => transport.sendFrame(bytes),
    close: () => transport.close(),
  };
}

async function answer(
  transport: RoomTransport,
  handlers: Partial<RequestHandlers>,
  id: number,
  name: RequestName,
  args: unknown,
): Promise<void> {
  try {
    if (!Object.hasOwn(handlers, name))
      throw new RoomError('unknown-request', `There is no request named ${String(name)}.`);
    const handler = handlers[name] as (args: unknown) => unknown;
    transport.send({ t: 'result', id, result: await handler(args) });
  } catch (error) {
    const kind = error instanceof RoomError ? error.kind : 'internal';
    transport.send({ t: 'error', id, kind, message: error instanceof Error ? error.message : String(error) });
  }
}
