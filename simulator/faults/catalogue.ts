import { crash, geofenceExit, harshAcceleration, harshBraking, longIdling, sos, speeding } from './driving.ts';
import type { FaultCatalogue } from './episode.ts';
import {
  cargoCoolingFailure,
  coolantLeak,
  engineOverheat,
  flatBattery,
  fuelTheft,
  goingSilent,
  headlightsLeftOn,
  tyreLeak,
} from './signals.ts';

export const CATALOGUE: FaultCatalogue = {
  harsh_braking: harshBraking,
  harsh_acceleration: harshAcceleration,
  speeding,
  long_idling: longIdling,
  crash,
  sos,
  geofence_exit: geofenceExit,
  engine_overheat: engineOverheat,
  coolant_leak: coolantLeak,
  cargo_cooling_failure: cargoCoolingFailure,
  tyre_leak: tyreLeak,
  flat_battery: flatBattery,
  headlights_left_on: headlightsLeftOn,
  fuel_theft: fuelTheft,
  going_silent: goingSilent,
};
