import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { FAULT_KINDS, parseFaults } from '../faults/kinds.ts';
import { createFleet } from '../fleet.ts';
import { fleetReference } from '../reference/fleet-reference.ts';
import { demoMapGeoJson } from '../world/geojson.ts';
import { type Flags, helpText, numberOf, readArguments, textOf } from './arguments.ts';
import { connect } from './connect.ts';
import type { DemoBrokerMessage } from './demo-broker.ts';
import { createPublisher } from './publisher.ts';
import { writeDemoReference } from './reference-files.ts';
import { runFleet } from './run-fleet.ts';
import { truthFile } from './truth-file.ts';

/*
 * The demo: a broker of its own on loopback and a fleet that publishes to it. Made to be forked: it sends
 * `{type: 'ready', url}` to its parent (and prints it as a line) and ends with it.
 */

const FLAGS = {
  vehicles: { value: 'N', help: 'how many vehicles (default 1000)' },
  rate: { value: 'R', help: 'telemetry messages per second and vehicle (default 1)' },
  seed: { value: 'X', help: 'any word: the same seed makes the same fleet (default 1)' },
  faults: { value: 'LIST', help: 'all, none or a comma list of faults to inject (default all)' },
  truth: { value: 'FILE', help: 'write what was injected, one JSON line a fault' },
  reference: { value: 'DIR', help: 'write reference data, unless the folder holds other than a demo’s' },
  'streets-out': { value: 'FILE', help: 'write streets, depots and operating areas as GeoJSON' },
  help: { help: 'print this' },
} as const satisfies Flags;

const WINDOW = 500;
/** The fleet starts when someone listens, so that nobody misses its first alerts; but not later than this. */
const WAIT_FOR_LISTENER_MS = 20_000;

async function main(): Promise<void> {
  const given = readArguments(FLAGS, process.argv.slice(2));
  if (given.help) {
    process.stdout.write(helpText('Usage: node demo.js [flags]\nA demo fleet with a broker of its own.', FLAGS));
    return;
  }
  const streetsFile = textOf(given['streets-out']);
  if (streetsFile !== undefined) writeFileSync(streetsFile, JSON.stringify(demoMapGeoJson()));
  const truth = textOf(given.truth);
  const onTruth = truth === undefined ? () => {} : truthFile(truth);
  const vehicles = numberOf('vehicles', given.vehicles, 1, 200_000) ?? 1000;
  const rate = numberOf('rate', given.rate, 0.01, 50) ?? 1;
  const faults = given.faults === undefined ? FAULT_KINDS : parseFaults(String(given.faults));

  const seed = textOf(given.seed);
  const referenceDir = textOf(given.reference);
  // Before anybody is told of the broker, so that a room has it when it starts. Only promised times depend on when the fleet starts.
  if (referenceDir !== undefined) {
    writeDemoReference(referenceDir, fleetReference(createFleet({ vehicles, rate, seed, startMs: Date.now() })));
  }

  const broker = startBroker();
  const url = `mqtt://127.0.0.1:${await broker.port}`;
  process.send?.({ type: 'ready', url });
  process.stdout.write(`${JSON.stringify({ type: 'ready', url })}\n`);
  await Promise.race([broker.subscribed, new Promise((resolve) => setTimeout(resolve, WAIT_FOR_LISTENER_MS).unref())]);
  const { client } = await connect({ url, wantedInFlight: WINDOW, onTrouble: say });
  client.on('error', (error) => say(error.message));
  runFleet({ vehicles, rate, seed, faults }, 1, createPublisher(client, WINDOW, 1), onTruth);
}

function startBroker(): { readonly port: Promise<number>; readonly subscribed: Promise<void> } {
  // Bundled, the worker lies beside this file as JavaScript.
  const file = import.meta.url.endsWith('.ts') ? './demo-broker.ts' : './demo-broker.js';
  const worker = new Worker(new URL(file, import.meta.url));
  const port = Promise.withResolvers<number>();
  const subscribed = Promise.withResolvers<void>();
  worker.on('message', (message: DemoBrokerMessage) => {
    if (message.type === 'listening') port.resolve(message.port);
    else subscribed.resolve();
  });
  worker.on('error', (error) => {
    say(`the broker failed: ${error.message}`);
    process.exit(1);
  });
  return { port: port.promise, subscribed: subscribed.promise };
}

function say(text: string): void {
  process.stderr.write(`demo: ${text}\n`);
}

process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
main().catch((error: Error) => {
  say(error.message);
  process.exit(1);
});
