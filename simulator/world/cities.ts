/** A city with a depot of the demo fleet. Inland on purpose: generated streets should not run over the sea. */
export interface City {
  /** Three letters, the start of its vehicles' ids. */
  readonly code: string;
  readonly name: string;
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
  /** IANA name. */
  readonly timezone: string;
  readonly drivesOnLeft: boolean;
  /** How far the street grid is turned, degrees clockwise. */
  readonly gridTurnDeg: number;
}

export const CITIES: readonly City[] = [
  {
    code: 'BER',
    name: 'Berlin',
    lat: 52.52,
    lon: 13.405,
    timezone: 'Europe/Berlin',
    drivesOnLeft: false,
    gridTurnDeg: 17,
  },
  {
    code: 'MAD',
    name: 'Madrid',
    lat: 40.4168,
    lon: -3.7038,
    timezone: 'Europe/Madrid',
    drivesOnLeft: false,
    gridTurnDeg: -12,
  },
  {
    code: 'DEN',
    name: 'Denver',
    lat: 39.7392,
    lon: -104.9903,
    timezone: 'America/Denver',
    drivesOnLeft: false,
    gridTurnDeg: 0,
  },
  {
    code: 'SAO',
    name: 'São Paulo',
    lat: -23.5505,
    lon: -46.6333,
    timezone: 'America/Sao_Paulo',
    drivesOnLeft: false,
    gridTurnDeg: 38,
  },
  {
    code: 'NBO',
    name: 'Nairobi',
    lat: -1.2864,
    lon: 36.8172,
    timezone: 'Africa/Nairobi',
    drivesOnLeft: true,
    gridTurnDeg: 24,
  },
  {
    code: 'DEL',
    name: 'Delhi',
    lat: 28.6139,
    lon: 77.209,
    timezone: 'Asia/Kolkata',
    drivesOnLeft: true,
    gridTurnDeg: 8,
  },
  {
    code: 'BKK',
    name: 'Bangkok',
    lat: 13.7563,
    lon: 100.5018,
    timezone: 'Asia/Bangkok',
    drivesOnLeft: true,
    gridTurnDeg: -20,
  },
  {
    code: 'CBR',
    name: 'Canberra',
    lat: -35.2809,
    lon: 149.13,
    timezone: 'Australia/Sydney',
    drivesOnLeft: true,
    gridTurnDeg: 31,
  },
];
