import { expect, test } from 'vitest';
import { eventClock } from './event-clock.ts';
import { FLEET_HELP, fleetCommand } from './fleet-arguments.ts';

test('the defaults', () => {
  expect(fleetCommand([])).toMatchObject({
    url: 'mqtt://127.0.0.1:1883',
    fleet: { vehicles: 1000, rate: undefined, seconds: undefined },
    speedUp: 1,
    qos: 1,
  });
});

test('every flag arrives', () => {
  const flags =
    '--broker mqtts://b:8883 --vehicles 10 --rate 0.5 --seconds 60 --seed x --speed-up 4 --faults sos,late --truth t --reference r ' +
    '--prefix p/ --user u --password w --ca ca --cert c --key k --qos 0';
  expect(fleetCommand(flags.split(' '))).toEqual({
    url: 'mqtts://b:8883',
    fleet: { vehicles: 10, rate: 0.5, seconds: 60, seed: 'x', faults: ['sos', 'late'], prefix: 'p/' },
    speedUp: 4,
    truthFile: 't',
    referenceDir: 'r',
    qos: 0,
    user: 'u',
    password: 'w',
    caFile: 'ca',
    certFile: 'c',
    keyFile: 'k',
  });
  for (const flag of flags.split(' ').filter((word) => word.startsWith('--'))) expect(FLEET_HELP).toContain(flag);
});

test.each([
  [['--vehicle', '5'], "Unknown option '--vehicle'"],
  [['--vehicles'], "Option '--vehicles <value>' argument missing"],
  [['--vehicles', 'ten'], '--vehicles takes a number from 1 to 200000, not "ten".'],
  [['--vehicles', '1.5'], '--vehicles takes a whole number'],
  [['--rate', '0'], '--rate takes a number from 0.01 to 50, not "0".'],
  [['--speed-up', '0.5'], '--speed-up takes a number from 1'],
  [['--qos', '2'], '--qos takes a number from 0 to 1'],
  [['--broker', 'localhost'], '--broker takes an address like mqtt://'],
  [['--faults', 'x'], '--faults: no fault is called "x"'],
])('%j is refused in a sentence', (argv, message) => {
  expect(() => fleetCommand(argv)).toThrow(message);
});

test('event time never overtakes the wall clock', () => {
  const live = eventClock(1_000_000_000, 1, undefined);
  expect([live.startMs, live.at(1_000_005_000)]).toEqual([1_000_000_000, 1_000_005_000]);
  const timed = eventClock(1_000_000_000, 10, 600);
  expect(timed.startMs).toBe(1_000_000_000 - 540_000);
  expect(timed.at(1_000_000_000 + 60_000)).toBe(timed.startMs + 600_000);
  expect(timed.at(1_000_000_000 + 60_000)).toBe(1_000_060_000);
  const endless = eventClock(1_000_000_000, 60, undefined);
  expect(endless.startMs).toBe(1_000_000_000 - 3_600_000);
  expect(endless.at(1_000_000_000 + 10_000)).toBe(endless.startMs + 600_000);
  expect(endless.at(1_000_000_000 + 100_000)).toBe(1_000_000_000 + 100_000);
});
