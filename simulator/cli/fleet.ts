import { fleetReference } from '../reference/fleet-reference.ts';
import { connect } from './connect.ts';
import { FLEET_HELP, type FleetCommand, fleetCommand } from './fleet-arguments.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { writeReference } from './reference-files.ts';
import { type FleetRun, runFleet } from './run-fleet.ts';
import { truthFile } from './truth-file.ts';

/** Messages on their way to the broker at most; enough for 100,000/s at a round trip of 20 ms. */
const WINDOW = 2000;
const PROGRESS_MS = 5000;
/** How long an interrupted run waits for what is in flight. */
const DRAIN_MS = 5000;

const say = (text: string) => process.stderr.write(`fleet: ${text}\n`);

async function main(): Promise<void> {
  const command = fleetCommand(process.argv.slice(2));
  if (command === 'help') {
    process.stdout.write(FLEET_HELP);
    return;
  }
  const onTruth = command.truthFile === undefined ? () => {} : truthFile(command.truthFile);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  let lastTrouble = '';
  const { client, protocolVersion } = await connect(
    {
      ...command,
      wantedInFlight: WINDOW,
      onTrouble(message) {
        if (message !== lastTrouble) say(message);
        lastTrouble = message;
      },
    },
    interrupted.signal,
  );
  client.on('offline', () => say('the broker is away; messages wait until it is back'));
  client.on('error', (error) => say(error.message));
  say(`${command.fleet.vehicles} vehicles to ${command.url}, MQTT ${protocolVersion === 5 ? '5' : '3.1.1'}`);
  const publisher = createPublisher(client, WINDOW, command.qos);
  const run = runFleet(command.fleet, command.speedUp, publisher, onTruth);
  if (command.referenceDir !== undefined) writeReference(command.referenceDir, fleetReference(run.fleet));
  const progress = setInterval(() => say(progressLine(publisher, run)), PROGRESS_MS);
  await Promise.race([run.done, drained(run, interrupted.signal)]);
  clearInterval(progress);
  tellLeftOut(run, command);
  // Forced when the broker is away: an orderly end would wait for it.
  await client.endAsync(publisher.inFlight() > 0);
  process.stdout.write(`published ${publisher.acknowledged()}\n`);
}

/** Resolves some time after an interruption, whether or not all was acknowledged. */
function drained(run: FleetRun, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      run.stop();
      setTimeout(resolve, DRAIN_MS).unref();
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
}

let lastAt = performance.now();
let lastCount = 0;

function progressLine(publisher: Publisher, run: FleetRun): string {
  const now = performance.now();
  const count = publisher.acknowledged();
  const perSecond = Math.round(((count - lastCount) * 1000) / (now - lastAt));
  lastAt = now;
  lastCount = count;
  const behindS = run.behindMs() / 1000;
  const behind = behindS > 1 && Number.isFinite(behindS) ? `, ${behindS.toFixed(1)} s behind` : '';
  const moving = run.fleet.vehicles.reduce((sum, v) => sum + (v.speedMps > 1 ? 1 : 0), 0);
  return `${count} published, ${perSecond}/s, ${moving} moving, ${run.fleet.truth.length} faults${behind}`;
}

function tellLeftOut(run: FleetRun, { fleet }: FleetCommand): void {
  const left = run.fleet.leftOut.map((onset) => onset.kind);
  if (left.length === 0) return;
  say(`no suitable vehicle among ${fleet.vehicles} for: ${left.join(', ')}. More vehicles or seconds would help.`);
}

main().catch((error: Error) => {
  if (error.name === 'AbortError') {
    process.stdout.write('published 0\n');
    return;
  }
  say(error.message);
  process.exitCode = 1;
});
