import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Engine } from '../../engine/engine.ts';
import { RecordMaker, telemetry } from '../../engine/testing/records.ts';
import { RECORD_KIND } from '../../model/records.ts';
import { referenceChange } from './reference-change.ts';

const T0 = Date.UTC(2026, 5, 1, 8);

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'watchfloor-reference-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

it('journals files once, until they say something else; what they say survives a checkpoint', () => {
  const dir = folder();
  const maker = new RecordMaker();
  let engine = new Engine({ maxVehicles: 10 });
  const enforce = (by: string): boolean => {
    const { payload } = referenceChange(dir, engine.fleet.reference, by);
    if (payload) engine.process(maker.add(RECORD_KIND.reference, 0, 0, T0, payload));
    return payload !== undefined;
  };
  const classOf = (): string => {
    const { reference } = engine.fleet;
    return reference.textOf(reference.fieldReader('vehicle.class')(0, T0));
  };
  expect(enforce('startup')).toBe(false);
  writeFileSync(join(dir, 'vehicles.csv'), 'vehicle_id,class\nV-1,van\n');
  expect([enforce('files'), enforce('files')]).toEqual([true, false]);
  engine.process(maker.messages(T0, ['telemetry', telemetry('V-1', T0)]));
  expect(classOf()).toBe('van');

  engine = Engine.restore(engine.checkpoint(), { maxVehicles: 10 });
  expect([enforce('startup'), classOf()]).toEqual([false, 'van']);
  writeFileSync(join(dir, 'vehicles.csv'), 'vehicle_id,class\nV-1,truck\n');
  expect([enforce('startup'), classOf()]).toEqual([true, 'truck']);
  writeFileSync(join(dir, 'vehicles.csv'), 'vehicle_id,limit_kmph\nV-1,none\n');
  expect([enforce('files'), classOf()]).toEqual([false, 'truck']);
});

it('says what was refused, and that the rest goes on', () => {
  const dir = folder();
  writeFileSync(join(dir, 'vehicles.csv'), 'vehicle_id,limit_kmph\nV-1,none\n');
  writeFileSync(join(dir, 'drivers.csv'), 'driver_id,nam\nD-1,Ada\n');
  const { payload, problems } = referenceChange(dir, new Engine({ maxVehicles: 1 }).fleet.reference, 'startup');
  expect(problems).toEqual([
    'Reference data was refused: vehicles.csv:2: `limit_kmph` must be a number from 1 to 300 km/h, not "none". What that file said before goes on.',
    'drivers.csv: there is no `nam`; did you mean `name`? What stands there is left out.',
  ]);
  expect(JSON.parse(Buffer.from(payload!).toString())).toMatchObject({
    by: 'startup',
    data: { vehicles: [], drivers: [{ driverId: 'D-1' }] },
  });
});

it('refuses more than the room takes', () => {
  const dir = folder();
  const rows = Array.from({ length: 5000 }, (_, i) => `D-${i},Ada\n`).join('');
  writeFileSync(join(dir, 'drivers.csv'), `driver_id,name\n${rows}`);
  const { payload, problems } = referenceChange(
    dir,
    new Engine({ maxVehicles: 1 }).fleet.reference,
    'startup',
    2 ** 17,
  );
  expect(payload).toBeUndefined();
  expect(problems).toEqual([
    'Reference data was refused: all files together hold 0.2 MiB and the room takes 0.1 MiB. Leave out what is past or far away; what was in force goes on.',
  ]);
});
