import { describe, expect, test } from 'vitest';
import { belt, DefaultRoom, defaultPacks, vehicleFacts } from './testing/default-room.ts';

// Each default rule on a vehicle made for it: what raises it, when, and what is not enough. docs/rules.md names these tests.

const MINUTE = 60;
const OFF = { ignition: false, rpm: 0, oil_pressure_kpa: 0, fuel_pressure_kpa: 0, seatbelt: false };
const PARKED = { speed_kmph: 0, battery_v: 12.6, trip_id: '' };
const room = (...reference: ConstructorParameters<typeof DefaultRoom>) => new DefaultRoom(...reference).go(60);

test('a healthy vehicle raises nothing, driving, stopping and parked', () => {
  const r = room(vehicleFacts({ class: 'van', depot: 'BER', tyre_kpa: 240 }))
    .go(10 * MINUTE, { speed_kmph: 78 })
    .go(4 * MINUTE, { speed_kmph: 0 })
    .go(20 * MINUTE, PARKED, OFF);
  expect(r.raised()).toEqual([]);
});

describe('driving', () => {
  test('overspeed: 10 km/h over the limit for a minute', () => {
    // 95 km/h are reached in 9 s.
    expect(room().go(80, { speed_kmph: 95 }).raised()).toEqual([['overspeed', 129]]);
    expect(room().go(60, { speed_kmph: 95 }).go(60, { speed_kmph: 80 }).rules()).toEqual([]);
  });

  test('overspeed: by the limit of the vehicle, and more urgent the faster', () => {
    const r = room(vehicleFacts({ limit_kmph: 60 })).go(70, { speed_kmph: 72 });
    expect(r.rules()).toEqual(['overspeed']);
    const [alert] = r.engine.book.openAlerts();
    expect(alert).toMatchObject({ priority: 4, message: '72 km/h for more than a minute, limit 60', unit: 'km/h' });
    r.go(2, { speed_kmph: 77 });
    expect(r.engine.book.openAlerts()[0].priority).toBe(3);
    r.go(5, { speed_kmph: 95 });
    expect(r.engine.book.openAlerts()[0].priority).toBe(2);
  });

  test('harsh braking, acceleration and cornering, by class', () => {
    expect(room().go(1, { speed_kmph: 36, abrupt: true }).rules()).toEqual(['harsh-braking']);
    expect(room().go(1, { speed_kmph: 39, abrupt: true }).rules()).toEqual([]);
    expect(
      room(vehicleFacts({ class: 'truck' }))
        .go(1, { speed_kmph: 39, abrupt: true })
        .rules(),
    ).toEqual(['harsh-braking']);
    expect(room().go(1, { speed_kmph: 63, abrupt: true }).rules()).toEqual(['harsh-acceleration']);
    expect(room().go(1, { heading: 110 }).rules()).toEqual(['harsh-cornering']);
    expect(room().go(1, { heading: 100 }).rules()).toEqual([]);
  });

  test('idling: five minutes with the engine on', () => {
    const r = room().go(10, { speed_kmph: 0 }, { rpm: 750 });
    expect(r.go(299).rules()).toEqual([]);
    expect(r.go(2).rules()).toEqual(['idling']);
    expect(r.engine.book.openAlerts().find((a) => a.ruleId === 'idling')?.message).toContain('for 5 min');
  });

  test('seatbelt: driving without one', () => {
    expect(room().go(40, {}, { seatbelt: false }).rules()).toEqual(['seatbelt']);
    expect(room().go(40, { speed_kmph: 15 }, { seatbelt: false }).rules()).not.toContain('seatbelt');
  });

  test('break-violation: a break that is too short', () => {
    const r = room()
      .event('driver', { event_type: 'break_start' })
      .go(10 * MINUTE, { speed_kmph: 0 });
    r.raised();
    r.event('driver', { event_type: 'break_end' }).go(30);
    expect(r.rules()).toContain('break-violation');
    const long = room()
      .event('driver', { event_type: 'break_start' })
      .go(16 * MINUTE, PARKED, OFF);
    long.event('driver', { event_type: 'break_end' }).go(30);
    expect(long.rules()).not.toContain('break-violation');
  });
});

describe('safety', () => {
  test('sos: critical at once, and stays until it is reset', () => {
    const r = room().event('driver', { event_type: 'sos' });
    expect(r.rules()).toEqual(['sos']);
    expect(r.engine.book.openAlerts()[0]).toMatchObject({ priority: 1, latched: true, latch: 'reset' });
  });

  test('crash: an impact, then standstill', () => {
    const r = room().go(9);
    r.go(3, { speed_kmph: 0, abrupt: true }, { accel_g: [-4, 0, 1] });
    expect(r.rules()).toContain('crash');
    const onlyHard = room().go(30, {}, { accel_g: [-4, 0, 1] });
    expect(onlyHard.rules()).toEqual([]);
  });

  test('crash: reported by the device', () => {
    const fields = { alert_id: 'x1', trip_id: '', alert_type: 'crash', severity: 1, details: 'impact' };
    expect(room().event('alert', fields).rules()).toEqual(['external:crash']);
  });
});

describe('places', () => {
  const way = { speed_kmph: 50 };

  test('geofence-exit: out of the operating area', () => {
    const r = room({ geofences: [belt('operating-area', 52.4, 52.51)] });
    expect(r.go(10, way).rules()).toEqual([]);
    expect(r.go(60, way).rules()).toEqual(['geofence-exit']);
  });

  test('geofence-enter, forbidden-zone and dwell-too-long: into a place', () => {
    const into = (group: string) => room({ geofences: [belt(group, 52.508, 52.6)] });
    expect(into('watched').go(60).rules()).toEqual(['geofence-enter']);
    expect(into('forbidden').go(60).rules()).toEqual(['forbidden-zone']);
    const dwell = into('no-parking')
      .go(20)
      .go(9 * MINUTE, PARKED, OFF);
    expect(dwell.rules()).toEqual([]);
    expect(dwell.go(2 * MINUTE).rules()).toEqual(['dwell-too-long']);
  });
});

describe('engine and electronics', () => {
  test('engine-warm and engine-overheat: by degrees', () => {
    expect(room().go(60, {}, { engine_temp_c: 106 }).rules()).toEqual(['engine-warm']);
    const hot = room().go(60, {}, { engine_temp_c: 112 });
    expect(hot.rules()).toContain('engine-overheat');
    hot.go(20, {}, { engine_temp_c: 116 });
    expect(hot.engine.book.openAlerts().find((a) => a.ruleId === 'engine-overheat')?.priority).toBe(1);
  });

  test('coolant-leak: before the engine is hot', () => {
    const leak = (s: number) => ({ coolant_level_pct: 95 - (s - 60) * 0.3, engine_temp_c: 90 + (s - 60) * 0.1 });
    const r = room().go(60, {}, leak);
    expect(r.rules()).toEqual(['coolant-leak']);
    const warming = room().go(60, {}, (s) => ({ engine_temp_c: 60 + s / 4 }));
    expect(warming.rules()).toEqual([]);
  });

  test('oil-pressure and fuel-pressure: out of range with the engine running', () => {
    expect(room().go(40, {}, { oil_pressure_kpa: 60 }).rules()).toEqual(['oil-pressure']);
    expect(room().go(40, {}, { oil_pressure_kpa: 750 }).rules()).toEqual(['oil-pressure']);
    expect(room().go(40, {}, { fuel_pressure_kpa: 150 }).rules()).toEqual(['fuel-pressure']);
    expect(room().go(40, PARKED, OFF).rules()).toEqual([]);
  });

  test('battery-low and charging-fault: at rest and running, 12 and 24 V', () => {
    expect(
      room()
        .go(90, { ...PARKED, battery_v: 11.9 }, OFF)
        .rules(),
    ).toEqual(['battery-low']);
    expect(
      room()
        .go(90, { ...PARKED, battery_v: 24.1 }, OFF)
        .rules(),
    ).toEqual(['battery-low']);
    expect(room().go(130, { battery_v: 12.9 }).rules()).toEqual(['charging-fault']);
    expect(room().go(130, { battery_v: 15.4 }).rules()).toEqual(['charging-fault']);
    expect(room().go(300, { battery_v: 27.6 }).rules()).toEqual([]);
  });

  test('fault-code: one is reported', () => {
    expect(
      room()
        .go(30, {}, { fault_codes: ['P0217'] })
        .rules(),
    ).toEqual(['fault-code']);
  });

  test('ecu-overload: load or heat', () => {
    expect(room().go(90, {}, { ecu_cpu_pct: 95 }).rules()).toEqual(['ecu-overload']);
    expect(room().go(90, {}, { ecu_temp_c: 93 }).rules()).toEqual(['ecu-overload']);
  });
});

describe('tyres', () => {
  const tyres = (fourth: number) => ({ tyre_pressure_kpa: [240, 240, 240, fourth] });

  test('tyre-low: under the placard, slowly', () => {
    const r = new DefaultRoom(vehicleFacts({ tyre_kpa: 250 })).go(90, {}, tyres(215));
    expect(r.rules()).toEqual(['tyre-low']);
    expect(new DefaultRoom().go(90, {}, tyres(215)).rules()).toEqual([]);
  });

  test('tyre-leak: 20 kPa within ten minutes', () => {
    const r = room().go(5 * MINUTE, {}, (s) => tyres(240 - (s - 60) / 10));
    expect(r.rules()).toContain('tyre-leak');
    expect(r.engine.book.openAlerts().find((a) => a.ruleId === 'tyre-leak')?.priority).toBe(1);
    expect(new DefaultRoom().go(20 * MINUTE, {}, (s) => tyres(240 - s / 50)).rules()).not.toContain('tyre-leak');
  });

  test('tyre-defect: nothing left at speed', () => {
    expect(room().go(90, { speed_kmph: 60 }, tyres(0)).rules()).toEqual(['tyre-defect']);
  });
});

describe('cargo', () => {
  const chilled = vehicleFacts({ class: 'reefer', cargo_min_c: 2, cargo_max_c: 8 });
  const cargo = (c: number) => ({ cargo_temp_c: c });

  test('cargo-temp: fifteen minutes at a stretch, or far out for two', () => {
    expect(new DefaultRoom(chilled).go(14 * MINUTE, {}, cargo(9)).rules()).toEqual([]);
    expect(new DefaultRoom(chilled).go(16 * MINUTE, {}, cargo(9)).rules()).toEqual(['cargo-temp']);
    expect(
      new DefaultRoom(chilled)
        .go(2 * MINUTE, {}, cargo(6))
        .go(140, {}, cargo(13.5))
        .rules(),
    ).toContain('cargo-temp');
  });

  test('cargo-temp: a quarter of an hour in all within one', () => {
    const r = new DefaultRoom(chilled);
    for (let i = 0; i < 4; i++) r.go(8 * MINUTE, {}, cargo(8.9)).go(4 * MINUTE, {}, cargo(7.5));
    expect(r.rules()).toContain('cargo-temp');
  });

  test('cooling-failure: off, or warming by four degrees', () => {
    expect(new DefaultRoom(chilled).go(90, {}, { ...cargo(5), ac_on: false }).rules()).toEqual(['cooling-failure']);
    const r = new DefaultRoom(chilled).go(60, {}, cargo(3)).go(6 * MINUTE, {}, (s) => cargo(3 + (s - 60) / 75));
    expect(r.rules()).toContain('cooling-failure');
  });

  test('door-open-moving: not at a stop', () => {
    expect(room().go(30, {}, { doors_open: true }).rules()).toEqual(['door-open-moving']);
    expect(
      room()
        .go(4 * MINUTE, PARKED, { ...OFF, doors_open: true })
        .rules(),
    ).toEqual([]);
  });
});

describe('parked', () => {
  test('headlights-left-on: engine off, doors closed, lights on', () => {
    const lit = { ...OFF, headlights_on: true };
    expect(room().go(200, PARKED, lit).rules()).toEqual(['headlights-left-on']);
    expect(
      room()
        .go(200, PARKED, { ...lit, doors_open: true })
        .rules(),
    ).toEqual([]);
    expect(room().go(200, {}, { headlights_on: true }).rules()).toEqual([]);
  });

  test('fuel-theft: a tenth of the tank from a parked vehicle, and not refuelling', () => {
    const r = room()
      .go(2 * MINUTE, PARKED, OFF)
      .go(2 * MINUTE, {}, (s) => ({ fuel_pct: 60 - (s - 180) * 0.08 }));
    expect(r.rules()).toEqual(['fuel-theft']);
    const refuelled = room()
      .go(2 * MINUTE, PARKED, OFF)
      .go(5 * MINUTE, {}, { fuel_pct: 96 });
    expect(refuelled.rules()).toEqual([]);
  });

  test('stranded: on a trip, standing, and not at a stop', () => {
    const off = { ...OFF, ignition: false };
    const r = room().go(19 * MINUTE, { speed_kmph: 0, battery_v: 12.6 }, off);
    expect(r.rules()).toEqual([]);
    expect(r.go(2 * MINUTE).rules()).toEqual(['stranded']);
    const atDepot = room({ geofences: [belt('depots', 52.5, 52.6)] });
    expect(atDepot.go(22 * MINUTE, { speed_kmph: 0, battery_v: 12.6 }, off).rules()).toEqual([]);
  });

  test('under-used: three days without moving', () => {
    const r = room().go(60, PARKED, OFF);
    r.silent(71 * 3600);
    expect(r.rules()).not.toContain('under-used');
    r.silent(3 * 3600);
    expect(r.rules()).toContain('under-used');
  }, 60_000);

  test('odd-second-trip: nobody has reserved the vehicle', () => {
    const start = { event_type: 'trip_start', trip_id: 't2' };
    const reservation = (hours: number) => {
      const fromMs = Date.UTC(2026, 2, 2, 8);
      return {
        reservations: [
          { reservationId: 'r', vehicleId: 'v1', driverId: 'drv-1', fromMs, toMs: fromMs + hours * 3_600_000 },
        ],
      };
    };
    expect(room(reservation(1)).event('trip', start).rules()).toEqual(['odd-second-trip']);
    expect(room(reservation(5)).event('trip', start).rules()).toEqual([]);
    expect(room().event('trip', start).rules()).toEqual([]);
  });
});

describe('contact', () => {
  test('silent-moving after two minutes, offline after ten', () => {
    expect(room().silent(121).rules()).toEqual(['silent-moving']);
    const parked = room().go(60, PARKED, OFF);
    expect(parked.silent(590).rules()).toEqual([]);
    expect(parked.silent(20).rules()).toEqual(['offline']);
  });

  test('device-clock: behind by the same amount, and not a backlog', () => {
    expect(
      room()
        .go(6 * MINUTE, { clock_behind_s: 90 })
        .rules(),
    ).toEqual(['device-clock']);
    const backlog = room();
    backlog.go(200, (s) => ({ clock_behind_s: Math.max(0, 200 - (s - 60)) }));
    expect(backlog.rules()).toEqual([]);
  });

  test('telemetry-stuck: speed without way', () => {
    expect(room().go(70, { lat: 52.6, lon: 13.4 }).rules()).toEqual(['telemetry-stuck']);
  });
});

describe('deliveries', () => {
  const stop = { stopId: 's1', kind: 'unloading' as const, lat: 52.54, lon: 13.4, serviceMin: 10 };
  const order = (promisedInMin: number) => ({
    orderId: 'o1',
    vehicleId: 'v1',
    routeId: 'r1',
    stops: [{ ...stop, promisedMs: Date.UTC(2026, 2, 2, 10) + promisedInMin * 60_000 }],
  });
  const points = [
    [13.4, 52.4],
    [13.4, 52.7],
  ] as const;
  const routes = [{ routeId: 'r1', points, corridorM: 150 }];

  test('route-deviation: away from the way', () => {
    const r = room({ orders: [order(60)], routes });
    expect(r.go(60).rules()).toEqual([]);
    expect(r.go(70, { lon: 13.41 }).rules()).toContain('route-deviation');
  });

  test('eta-slip: more than a quarter of an hour behind the promise', () => {
    expect(
      room({ orders: [order(60)], routes })
        .go(3 * MINUTE)
        .rules(),
    ).toEqual([]);
    expect(
      room({ orders: [order(-20)], routes })
        .go(3 * MINUTE)
        .rules(),
    ).toEqual(['eta-slip']);
  });

  test('loading-too-long: longer than planned and five minutes more', () => {
    const r = room({ orders: [order(60)], routes }).go(2 * MINUTE);
    const standing = { lat: 52.54, lon: 13.4, ...PARKED, trip_id: '' };
    expect(r.go(14 * MINUTE, standing, { ...OFF, doors_open: true }).rules()).toEqual([]);
    expect(r.go(2 * MINUTE).rules()).toEqual(['loading-too-long']);
  });
});

test('every rule of the default packs has a test here', async () => {
  const { readFileSync } = await import('node:fs');
  const source = readFileSync(new URL(import.meta.url), 'utf8');
  const ids = defaultPacks().flatMap(({ text }) => [...text.matchAll(/- id: (\S+)/g)].map((match) => match[1]));
  expect(ids.length).toBeGreaterThan(35);
  expect(ids.filter((id) => !source.includes(`'${id}'`))).toEqual([]);
});
