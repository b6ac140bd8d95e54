import type { Engine } from '../engine/engine.ts';
import type { PendingRule } from '../model/pending.ts';

/** Rules that are under way at a vehicle or close to it; none for a vehicle that was never heard of. */
export function pendingRules(engine: Engine, vehicleId: string): { pending: PendingRule[] } {
  const slot = engine.vehicles.find(vehicleId);
  const { state } = engine.fleet;
  if (slot === undefined || slot >= state.count) return { pending: [] };
  return { pending: engine.rules.pending(slot, state.clockMs[slot]) };
}
