import type { Engine } from '../engine/engine.ts';
import { MOVEMENT_NAMES } from '../model/movement.ts';
import { SIGNALS } from '../model/signals.ts';
import type { VehicleDetail } from '../protocol/requests.ts';

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The live picture of the vehicle in a slot. */
export function vehicleDetail(engine: Engine, slot: number): VehicleDetail {
  const { state } = engine.fleet;
  return {
    vehicleId: engine.vehicles.name(slot),
    slot,
    driverId: state.driverIds[slot],
    tripId: state.tripIds[slot],
    movement: MOVEMENT_NAMES[state.movement[slot]],
    firstSeenMs: state.firstSeenMs[slot],
    lastEventMs: state.clockMs[slot],
    lastReceivedMs: state.receivedMs[slot],
    lat: known(state.lat[slot]),
    lon: known(state.lon[slot]),
    signals: SIGNALS.map((s) => known(state.values[s.column][slot])),
    faultCodes: state.faultCodes[slot],
  };
}
