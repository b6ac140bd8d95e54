import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventRow } from './event-row.ts';
import { SLOW_PATH } from './json-bytes.ts';
import { ObjectScanner } from './object-scanner.ts';
import { DEFAULT_PROFILE } from './profile.ts';
import type { Compile } from './shape-readers.ts';
import { SlowDecoder } from './slow-decoder.ts';
import { TimestampReader } from './timestamp.ts';

const encoder = new TextEncoder();
const profile = DEFAULT_PROFILE[0];

/** A scanner as usual, that counts the readers made and the objects they took. */
function counted() {
  const counts = { made: 0, taken: 0 };
  const compile: Compile = (...namesAndSource) => {
    counts.made++;
    const make = new Function(...namesAndSource) as ReturnType<Compile>;
    return (...helpers) => {
      const read = make(...helpers);
      return (bytes, view, at, end, row) => {
        const p = read(bytes, view, at, end, row);
        if (p >= 0) counts.taken++;
        return p;
      };
    };
  };
  const scanner = new ObjectScanner(profile, new TimestampReader(), compile);
  scanner.ignore('extra');
  return { counts, scanner };
}

/** A scanner where code may not be made from strings. */
function withoutCode() {
  const counts = { asked: 0 };
  const scanner = new ObjectScanner(profile, new TimestampReader(), () => {
    counts.asked++;
    throw new EvalError('Code generation from strings disallowed for this context');
  });
  scanner.ignore('extra');
  return { counts, scanner };
}

function scan(scanner: ObjectScanner, bytes: Uint8Array, at: number, end: number) {
  const row = new EventRow();
  row.reset(profile.kind, bytes);
  const p = scanner.scan(bytes, at, end, row);
  return { p, seen: p === SLOW_PATH ? undefined : { ...contents(row), textStart: [...row.textStart] } };
}

function contents(row: EventRow) {
  return {
    timeMs: row.timeMs,
    id: [row.idA, row.idB],
    position: [row.lat, row.lon],
    touched: [...row.touched.subarray(0, row.touchedCount)].map((column) => [column, row.values[column]]).sort(),
    texts: [...row.textLength].map((length, field) => [length, row.text(field)]),
  };
}

const mostly = <T>(usual: fc.Arbitrary<T>, ...odd: fc.Arbitrary<unknown>[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 60, arbitrary: usual }, ...odd);
const decimal = (min: number, max: number, digits: number) =>
  fc.integer({ min: Math.round(min * 10 ** digits), max: Math.round(max * 10 ** digits) }).map((n) => n / 10 ** digits);
const anyDate = fc.date({ min: new Date('2001-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const aDay = fc.date({ min: new Date('2026-03-01'), max: new Date('2026-03-02'), noInvalidDate: true });

const values = {
  event_id: mostly(fc.uuid(), fc.constant(''), fc.string()),
  vehicle_id: mostly(fc.stringMatching(/^[A-Z]{3}-[0-9]{1,6}$/), fc.string(), fc.constant('x'.repeat(129))),
  driver_id: mostly(fc.stringMatching(/^[ -!#-[\]-~]{0,20}$/), fc.string({ unit: 'binary' }), fc.constant(null)),
  timestamp: mostly(
    aDay.map((d) => d.toISOString()),
    anyDate.map((d) => d.toISOString()),
    aDay.map((d) => d.toISOString().replace(/\..*/, '+05:30')),
    fc.constantFrom('noon', 1_772_400_000, ''),
  ),
  lat: mostly(decimal(-90, 90, 7), fc.constant(91), fc.constant(null)),
  lon: mostly(decimal(-180, 180, 9), fc.constant(-0)),
  speed_kmph: mostly(
    decimal(0, 350, 1),
    fc.constantFrom(null, 351, -1, '5'),
    fc.double({ min: 0, max: 120, noNaN: true }),
  ),
  odometer_km: mostly(decimal(0, 1e6, 3), fc.constant(1e-9)),
  ignition: mostly(fc.constantFrom(true, false, null), fc.constant(1)),
  tyre_pressure_kpa: mostly(
    fc.array(decimal(0, 400, 1), { minLength: 4, maxLength: 4 }),
    fc.array(fc.constantFrom(240, null), { maxLength: 5 }),
    fc.constant(null),
  ),
  fault_codes: mostly(fc.constant([]), fc.constant(['P0217'])),
  extra: mostly(fc.anything({ maxDepth: 2, withNullPrototype: false })),
};
type Key = keyof typeof values;
const keys = Object.keys(values) as Key[];

/** A sender's objects: the same keys in the same order with the same spaces, but for one in a few that lacks a key. */
const anySender = fc
  .tuple(
    fc.shuffledSubarray(keys, { minLength: 2 }).map((some) => [...new Set<Key>([...some, 'vehicle_id', 'timestamp'])]),
    fc.constantFrom(undefined, 1),
    fc.array(fc.tuple(fc.record(values), fc.constantFrom(undefined, undefined, undefined, ...keys)), {
      minLength: 60,
      maxLength: 60,
    }),
  )
  .map(([order, spaces, objects]) =>
    objects.map(([object, without]) => {
      const entries = order.filter((key) => key !== without).map((key) => [key, object[key]]);
      return JSON.stringify(Object.fromEntries(entries), null, spaces);
    }),
  );

/** Bytes put over the objects: what a reader expects and what it does not. */
const anyDamage = fc.array(
  fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(...encoder.encode(' "\\,:.-0159eE{}[]n\u0000')))),
  { maxLength: 12 },
);

test('readers answer what the scanner does without them, and what JSON.parse does, for whole and damaged objects', () => {
  let taken = 0;
  fc.assert(
    fc.property(anySender, anyDamage, fc.nat(300), (texts, damage, rest) => {
      const fast = counted();
      const plain = withoutCode();
      const bytes = encoder.encode(`${texts.join('')}${'"'.repeat(rest)}`);
      for (const [where, byte] of damage) bytes[where % bytes.length] = byte;
      let at = 0;
      for (const text of texts) {
        const end = at + encoder.encode(text).length;
        const answer = scan(fast.scanner, bytes, at, end);
        expect(answer).toEqual(scan(plain.scanner, bytes, at, end));
        if (answer.seen !== undefined && damage.length === 0) {
          const row = new EventRow();
          row.reset(profile.kind, bytes);
          expect(
            new SlowDecoder(profile, new TimestampReader()).decode(bytes, at, end, row, '').problem,
          ).toBeUndefined();
          const { textStart: _, ...seen } = answer.seen;
          expect(seen).toEqual(contents(row));
        }
        at = end;
      }
      expect(plain.counts.asked).toBeLessThanOrEqual(1);
      taken += fast.counts.taken;
    }),
    { numRuns: 400 },
  );
  expect(taken).toBeGreaterThan(2000);
});

const message = '{"vehicle_id":"veh-1","timestamp":"2026-03-01T10:00:01Z","fuel_pct":0.1,"lat":1.5,"lon":-2}';

test('a reader takes over after a few objects of its shape', () => {
  const { counts, scanner } = counted();
  const bytes = encoder.encode(`${message}${' '.repeat(300)}`);
  for (let i = 0; i < 100; i++) scan(scanner, bytes, 0, bytes.length - 300);
  expect(counts).toEqual({ made: 1, taken: 84 });
});

test('an object cut off anywhere is not read, whatever follows it', () => {
  const { counts, scanner } = counted();
  const text = message;
  const bytes = encoder.encode(text.repeat(8));
  for (let i = 0; i < 50; i++) expect(scan(scanner, bytes, 0, text.length).p).toBe(text.length);
  expect(counts.taken).toBeGreaterThan(0);
  for (let end = 0; end < text.length; end++) {
    expect(scan(scanner, bytes, 0, end).p).toBe(SLOW_PATH);
    const filled = encoder.encode(`${text.slice(0, end)}${'1'.repeat(400)}`);
    expect(scan(scanner, filled, 0, end + 100).p).toBe(SLOW_PATH);
  }
  for (let end = 0; end <= text.length; end++) {
    expect(scan(scanner, bytes.slice(0, end), 0, end).p).toBe(end === text.length ? end : SLOW_PATH);
  }
});

test('keys in ever another order make few readers, and objects of one shape are taken again after them', () => {
  const { counts, scanner } = counted();
  const fields = ['"vehicle_id":"v"', '"timestamp":"2026-03-01T10:00:00Z"', '"lat":1', '"lon":2', '"fuel_pct":3'];
  const objects = Array.from({ length: 120 }, (_, i) => {
    const order = [...fields];
    for (let k = 4, n = i; k > 0; n = Math.floor(n / (k + 1)), k--) {
      const j = n % (k + 1);
      [order[k], order[j]] = [order[j], order[k]];
    }
    return `{${order.join(',')}}`;
  });
  expect(new Set(objects).size).toBe(120);
  const length = objects[0].length;
  const bytes = encoder.encode(`${objects.join('')}${' '.repeat(300)}`);
  for (let i = 0; i < 10_000; i++) {
    const at = (i % objects.length) * length;
    expect(scanner.scan(bytes, at, at + length, reset(bytes))).toBe(at + length);
  }
  expect(counts.made).toBeLessThan(12);
  const before = counts.taken;
  const one = encoder.encode(`${message}${' '.repeat(300)}`);
  for (let i = 0; i < 60_000; i++) scanner.scan(one, 0, one.length - 300, reset(one));
  expect(counts.taken - before).toBeGreaterThan(30_000);
});

const row = new EventRow();
function reset(bytes: Uint8Array): EventRow {
  row.reset(profile.kind, bytes);
  return row;
}

test('errors of a reader being made are not swallowed, but for the one that forbids it', () => {
  const scanner = new ObjectScanner(profile, new TimestampReader(), () => {
    throw new SyntaxError('bad source');
  });
  const bytes = encoder.encode(`${message}${' '.repeat(300)}`);
  const scanAll = (): void => {
    for (let i = 0; i < 100; i++) scan(scanner, bytes, 0, bytes.length - 300);
  };
  expect(scanAll).toThrow('bad source');
});
