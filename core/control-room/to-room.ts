import type { ToRoom } from '../protocol/transport.ts';

/** What a window sent, when it has the shape of a message to the room; the arguments are the handlers' to check. */
export function asToRoom(value: unknown): ToRoom | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Readonly<Record<string, unknown>>;
  const isDrawn = message.t === 'drawn' && typeof message.sequence === 'number';
  const isRequest = message.t === 'request' && typeof message.id === 'number' && typeof message.name === 'string';
  return isDrawn || isRequest ? (value as ToRoom) : undefined;
}
