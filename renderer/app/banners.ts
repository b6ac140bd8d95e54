import type { Summary } from '../../core/protocol/events.ts';
import type { ConnectionState } from '../stores/session-store.ts';

export interface Banner {
  readonly kind: 'link' | 'broker' | 'problem';
  readonly text: string;
}

/**
 * Everything that is not as it should be, as sentences. While the link is lost that is the only one: what the room said
 * last about itself may be past.
 */
export function bannersFor(
  connection: ConnectionState,
  summary: Summary | undefined,
  nowMs: number,
): readonly Banner[] {
  if (connection.state === 'lost') {
    const seconds = Math.max(0, Math.ceil((connection.retryAtMs - nowMs) / 1000));
    const next = seconds === 0 ? 'Trying again now.' : `Trying again in ${seconds} s.`;
    return [{ kind: 'link', text: `Connection to the room is lost. ${next}` }];
  }
  const banners: Banner[] = [];
  const broker = summary?.broker;
  if (broker && broker.state !== 'connected' && broker.detail !== '')
    banners.push({ kind: 'broker', text: broker.detail });
  for (const text of summary?.problems ?? []) if (text !== broker?.detail) banners.push({ kind: 'problem', text });
  return banners;
}
