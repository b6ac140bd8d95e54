/** `event_type` of driver events; `break_violation` is the room's own: a break shorter than allowed. */
export const DRIVER_EVENTS = [
  'driver_login',
  'driver_logout',
  'break_start',
  'break_end',
  'driver_incident',
  'sos',
  'break_violation',
] as const;

/** Events that rules can wait for and count, as packs name them. */
export const NAMED_EVENTS: readonly string[] = [
  ...DRIVER_EVENTS.map((event) => `driver.${event}`),
  'trip.start',
  'trip.end',
];
