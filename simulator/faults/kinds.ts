/** Faults that happen to a vehicle. */
export const VEHICLE_FAULTS = [
  'harsh_braking',
  'engine_overheat',
  'harsh_acceleration',
  'speeding',
  'sos',
  'flat_battery',
  'crash',
  'long_idling',
  'going_silent',
  'coolant_leak',
  'cargo_cooling_failure',
  'geofence_exit',
  'headlights_left_on',
  'tyre_leak',
  'fuel_theft',
  'harsh_cornering',
  'no_seatbelt',
  'short_break',
  'forbidden_zone',
  'long_dwell',
  'oil_pressure_loss',
  'fuel_pressure_loss',
  'charging_fault',
  'fault_code',
  'ecu_overload',
  'tyre_defect',
  'door_open_moving',
  'stranded',
  'odd_second_trip',
  'device_clock',
  'telemetry_stuck',
  'route_deviation',
  'eta_slip',
  'loading_overrun',
] as const;

/** Faults that happen to messages on their way. */
export const WIRE_FAULTS = [
  'duplicate',
  'late',
  'out_of_order',
  'broken_json',
  'type_change',
  'impossible_value',
] as const;

export type VehicleFault = (typeof VEHICLE_FAULTS)[number];
export type WireFault = (typeof WIRE_FAULTS)[number];
export type FaultKind = VehicleFault | WireFault;

export const FAULT_KINDS: readonly FaultKind[] = [...VEHICLE_FAULTS, ...WIRE_FAULTS];

export function isWireFault(kind: FaultKind): kind is WireFault {
  return (WIRE_FAULTS as readonly FaultKind[]).includes(kind);
}

/**
 * The faults of a comma list, `all` or `none`, each once, in the order above.
 * Throws an Error that names the unknown word and the words there are.
 */
export function parseFaults(text: string): FaultKind[] {
  if (text === 'all') return [...FAULT_KINDS];
  if (text === 'none') return [];
  const wanted = text.split(',').map((word) => word.trim());
  const unknown = wanted.find((word) => !FAULT_KINDS.some((kind) => kind === word));
  if (unknown !== undefined) {
    throw new Error(`--faults: no fault is called "${unknown}". Use all, none, or some of: ${FAULT_KINDS.join(', ')}`);
  }
  return FAULT_KINDS.filter((kind) => wanted.includes(kind));
}
