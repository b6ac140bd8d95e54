import { deviceClock, goingSilent, telemetryStuck } from './contact.ts';
import { etaSlip, loadingOverrun, routeDeviation } from './delivery.ts';
import { harshAcceleration, harshBraking, harshCornering, longIdling, noSeatbelt, speeding } from './driving.ts';
import {
  chargingFault,
  coolantLeak,
  ecuOverload,
  engineOverheat,
  faultCode,
  fuelPressureLoss,
  oilPressureLoss,
} from './engine.ts';
import type { FaultCatalogue } from './episode.ts';
import { cargoCoolingFailure, doorOpenMoving, tyreDefect, tyreLeak } from './load.ts';
import { flatBattery, fuelTheft, headlightsLeftOn, oddSecondTrip, shortBreak } from './parked.ts';
import { forbiddenZone, geofenceExit, longDwell, stranded } from './places.ts';
import { crash, sos } from './safety.ts';

export const CATALOGUE: FaultCatalogue = {
  harsh_braking: harshBraking,
  harsh_acceleration: harshAcceleration,
  harsh_cornering: harshCornering,
  speeding,
  long_idling: longIdling,
  no_seatbelt: noSeatbelt,
  short_break: shortBreak,
  crash,
  sos,
  geofence_exit: geofenceExit,
  forbidden_zone: forbiddenZone,
  long_dwell: longDwell,
  stranded,
  engine_overheat: engineOverheat,
  coolant_leak: coolantLeak,
  oil_pressure_loss: oilPressureLoss,
  fuel_pressure_loss: fuelPressureLoss,
  charging_fault: chargingFault,
  fault_code: faultCode,
  ecu_overload: ecuOverload,
  cargo_cooling_failure: cargoCoolingFailure,
  tyre_leak: tyreLeak,
  tyre_defect: tyreDefect,
  door_open_moving: doorOpenMoving,
  flat_battery: flatBattery,
  headlights_left_on: headlightsLeftOn,
  fuel_theft: fuelTheft,
  odd_second_trip: oddSecondTrip,
  going_silent: goingSilent,
  device_clock: deviceClock,
  telemetry_stuck: telemetryStuck,
  route_deviation: routeDeviation,
  eta_slip: etaSlip,
  loading_overrun: loadingOverrun,
};
