import { type FaultKind, parseFaults } from '../faults/kinds.ts';
import type { FleetOptions } from '../fleet-options.ts';
import { type Flags, helpText, numberOf, readArguments, textOf } from './arguments.ts';

const FLAGS = {
  broker: { value: 'URL', help: 'mqtt://, mqtts://, ws:// or wss:// (default mqtt://127.0.0.1:1883)' },
  vehicles: { value: 'N', help: 'how many vehicles (default 1000)' },
  rate: { value: 'R', help: 'telemetry messages per second and vehicle, 0.01 to 50 (default 1)' },
  seconds: { value: 'S', help: 'length of the run in event time (default: until Ctrl-C)' },
  seed: { value: 'X', help: 'any word: the same seed makes the same fleet (default 1)' },
  'speed-up': { value: 'K', help: 'event time runs K times as fast and starts in the past (default 1)' },
  faults: { value: 'LIST', help: 'all, none or a comma list of faults to inject (default all)' },
  truth: { value: 'FILE', help: 'write what was injected, one JSON line a fault' },
  reference: { value: 'DIR', help: 'write vehicles, drivers, orders, routes, geofences and reservations as files' },
  prefix: { value: 'P', help: 'put before every topic, with its slash, e.g. site-a/' },
  qos: { value: 'Q', help: '0 or 1 (default 1)' },
  user: { value: 'U', help: 'user name for the broker' },
  password: { value: 'P', help: 'password for the broker' },
  ca: { value: 'FILE', help: 'PEM file of the authority that signed the broker’s certificate' },
  cert: { value: 'FILE', help: 'PEM file of our own certificate' },
  key: { value: 'FILE', help: 'PEM file of our own key' },
  help: { help: 'print this' },
} as const satisfies Flags;

export interface FleetCommand {
  readonly url: string;
  readonly fleet: Omit<FleetOptions, 'startMs'> & { readonly faults: FaultKind[] };
  readonly speedUp: number;
  readonly truthFile?: string;
  readonly referenceDir?: string;
  readonly qos: 0 | 1;
  readonly user?: string;
  readonly password?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

export const FLEET_HELP = helpText('Usage: npm run fleet -- [flags]\nRuns a simulated fleet against a broker.', FLAGS);

/** What the command line asks for, or `help`. Throws an Error in one sentence for what cannot be done. */
export function fleetCommand(argv: readonly string[]): FleetCommand | 'help' {
  const given = readArguments(FLAGS, argv);
  if (given.help) return 'help';
  const url = textOf(given.broker) ?? 'mqtt://127.0.0.1:1883';
  if (!/^(mqtts?|wss?):\/\/[^/]/.test(url)) {
    throw new Error(`--broker takes an address like mqtt://127.0.0.1:1883, not "${url}".`);
  }
  const vehicles = numberOf('vehicles', given.vehicles, 1, 200_000) ?? 1000;
  if (!Number.isInteger(vehicles)) throw new Error(`--vehicles takes a whole number, not "${given.vehicles}".`);
  const qos = numberOf('qos', given.qos, 0, 1) ?? 1;
  if (!Number.isInteger(qos)) throw new Error(`--qos takes 0 or 1, not "${given.qos}".`);
  return {
    url,
    fleet: {
      vehicles,
      rate: numberOf('rate', given.rate, 0.01, 50),
      seconds: numberOf('seconds', given.seconds, 0.001, 31_536_000),
      seed: textOf(given.seed),
      faults: parseFaults(textOf(given.faults) ?? 'all'),
      prefix: textOf(given.prefix),
    },
    speedUp: numberOf('speed-up', given['speed-up'], 1, 100_000) ?? 1,
    truthFile: textOf(given.truth),
    referenceDir: textOf(given.reference),
    qos: qos === 0 ? 0 : 1,
    user: textOf(given.user),
    password: textOf(given.password),
    caFile: textOf(given.ca),
    certFile: textOf(given.cert),
    keyFile: textOf(given.key),
  };
}
