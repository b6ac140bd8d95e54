/** What a fault forces on a vehicle; undefined or false where it leaves things alone. Reset when the fault is over. */
export interface Overrides {
  /** Comes to rest and stays. */
  halt: boolean;
  /** Sends nothing at all. */
  silent: boolean;
  /** Drives this fast whatever the street says, m/s. */
  targetMps: number | undefined;
  /** Changes its speed by this much, m/s²; may be beyond what a healthy driver does. */
  accelMps2: number | undefined;
  /** Takes corners at this, m/s². */
  lateralMps2: number | undefined;
  unbelted: boolean;
  doorsOpen: boolean;
  engineC: number | undefined;
  coolantPct: number | undefined;
  oilKpa: number | undefined;
  fuelKpa: number | undefined;
  /** The cooling unit is off, and the cargo warms by this much, °C/s. */
  cargoWarmsCPerS: number | undefined;
  batteryV: number | undefined;
  ecuCpuPct: number | undefined;
  /** Missing from the rear right tyre, kPa. */
  tyreDropKpa: number | undefined;
  /** The sensor of the front right tyre is dead. */
  tyreSensorDead: boolean;
  headlightsOn: boolean | undefined;
  /** Peak of an impact along x, g. */
  impactG: number | undefined;
  /** OBD-II code. */
  code: string | undefined;
  /** The receiver goes on telling this position, degrees. */
  stuckAt: { readonly lat: number; readonly lon: number } | undefined;
  /** The device's clock is behind by this much, ms. */
  clockBehindMs: number;
}

export const NO_OVERRIDES: Readonly<Overrides> = {
  halt: false,
  silent: false,
  targetMps: undefined,
  accelMps2: undefined,
  lateralMps2: undefined,
  unbelted: false,
  doorsOpen: false,
  engineC: undefined,
  coolantPct: undefined,
  oilKpa: undefined,
  fuelKpa: undefined,
  cargoWarmsCPerS: undefined,
  batteryV: undefined,
  ecuCpuPct: undefined,
  tyreDropKpa: undefined,
  tyreSensorDead: false,
  headlightsOn: undefined,
  impactG: undefined,
  code: undefined,
  stuckAt: undefined,
  clockBehindMs: 0,
};
