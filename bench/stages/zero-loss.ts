import type { Health } from '../../core/protocol/health.ts';

/**
 * Vehicles of the generator in the live stages. It draws speeds from the message's running number modulo 900, so with a multiple
 * of 900 vehicles each one keeps its speed: none seems to brake hard with every message.
 */
export const VEHICLES = 9000;

/** Throws unless everything that was sent was received, journaled and processed, once each. */
export function assertNothingLost(sent: number, counted: Health['messages']): void {
  const { received, journaled, processed, quarantined, duplicates, dropped } = counted;
  if (received === sent && journaled === sent && processed === sent && quarantined + duplicates + dropped === 0) return;
  throw new Error(`${sent} messages were sent; the room counts ${JSON.stringify(counted)}`);
}
