import { expect, test } from 'vitest';
import { isShown } from '../model/alerts.ts';
import { RECORD_KIND } from '../model/records.ts';
import { Engine } from './engine.ts';
import { defaultPacks } from './testing/default-room.ts';
import { RecordMaker, telemetry } from './testing/records.ts';

const T0 = Date.UTC(2026, 2, 2, 10);
const S = 1000;

/** Entries an operator sees: shown alerts that are not folded under another, with what is folded under them. */
function entries(engine: Engine): { rule: string; count: number }[] {
  return engine.book
    .openAlerts()
    .filter((alert) => isShown(alert) && alert.groupId === undefined)
    .map((alert) => ({ rule: alert.ruleId, count: alert.group?.count ?? 1 }));
}

function room(depotOf: (n: number) => string) {
  const engine = new Engine({ maxVehicles: 1000, dedupeLog2: 14 });
  const make = new RecordMaker();
  const json = (kind: 4 | 7, change: object) =>
    engine.process(make.add(kind, 0, 0, T0, new TextEncoder().encode(JSON.stringify(change))));
  const loose = 'rules: [{id: loose-contact, name: L, priority: low, when: battery_v > 19, message: m}]';
  json(RECORD_KIND.rules, { packs: [...defaultPacks(), { name: 'loose.yaml', text: loose }], by: 'test' });
  const vehicles = Array.from({ length: 400 }, (_, n) => ({ vehicleId: `v${n}`, facts: { depot: depotOf(n) } }));
  const nothing = { drivers: [], orders: [], routes: [], geofences: [], reservations: [] };
  json(RECORD_KIND.reference, { data: { vehicles, ...nothing }, by: 'test' });
  return {
    engine,
    say(second: number, of: (n: number) => Record<string, unknown>) {
      const ms = T0 + second * S;
      const all = vehicles.map(({ vehicleId }, n): ['telemetry', object] => [
        'telemetry',
        telemetry(vehicleId, ms, of(n)),
      ]);
      engine.process(make.messages(ms, ...all));
    },
    tick(second: number) {
      engine.process(make.tick(T0 + second * S));
    },
  };
}

test('a depot of 400 vehicles that goes silent is at most four entries with counts', () => {
  const { engine, say, tick } = room(() => 'BER');
  for (let s = 1; s <= 30; s++) {
    say(s, (n) => ({ speed_kmph: n % 2 === 0 ? 50 : 0, lat: 52.4 + n / 4000 }));
    tick(s);
  }
  for (let s = 31; s <= 700; s++) tick(s);
  const shown = entries(engine);
  expect(shown.length).toBeLessThanOrEqual(4);
  expect(shown.reduce((sum, { count }) => sum + count, 0)).toBe(400);
  expect(engine.alertTotals.total).toBe(400);
  expect(engine.book.flood).toBeUndefined();
});

test('a sensor that chatters is one entry, and says so', () => {
  const { engine, say, tick } = room(() => 'BER');
  for (let s = 1; s <= 200; s++) {
    say(s, (n) => ({ speed_kmph: 0, battery_v: n === 7 && s % 10 < 5 ? 20 : 13.9 }));
    tick(s);
  }
  const loose = engine.book.openAlerts().filter((alert) => alert.ruleId === 'loose-contact');
  expect(entries(engine)).toEqual([{ rule: 'loose-contact', count: loose.length }]);
  const chattering = loose.find((alert) => alert.chattering);
  expect(chattering?.repeats).toBeGreaterThan(10);
  expect(loose.length).toBeLessThanOrEqual(3);
});
