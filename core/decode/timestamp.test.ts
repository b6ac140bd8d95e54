import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimestampReader } from './timestamp.ts';

const encoder = new TextEncoder();
const read = (text: string): number => {
  const bytes = encoder.encode(text);
  return new TimestampReader().read(bytes, 0, bytes.length);
};

test('agrees with Date on every valid instant, zone and fraction', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2000-01-02T00:00:00Z'), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true }),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (date, offsetMin) => {
        expect(read(date.toISOString())).toBe(date.getTime());
        const local = new Date(date.getTime() + offsetMin * 60_000).toISOString().slice(0, -1);
        const abs = Math.abs(offsetMin);
        const hh = String(Math.floor(abs / 60)).padStart(2, '0');
        const mm = String(abs % 60).padStart(2, '0');
        const sign = offsetMin < 0 ? '-' : '+';
        expect(read(`${local}${sign}${hh}:${mm}`)).toBe(date.getTime());
        expect(read(`${local}${sign}${hh}${mm}`)).toBe(date.getTime());
      },
    ),
  );
});

test.each([
  ['2026-03-01T10:00:00Z', Date.UTC(2026, 2, 1, 10)],
  ['2026-03-01T10:00:00.123456Z', Date.UTC(2026, 2, 1, 10, 0, 0, 123)],
  ['2026-03-01t10:00:00.5z', Date.UTC(2026, 2, 1, 10, 0, 0, 500)],
  ['2026-03-01 10:00:00+05', Date.UTC(2026, 2, 1, 5)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
])('%s', (text, ms) => expect(read(text)).toBe(ms));

test.each([
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:00',
  '2026-01-01T00:00:00.Z',
  '2026-01-01T00:00:00Zx',
  '2026-01-01T00:00:00+5:00',
  '1970-01-01T00:00:00Z',
  'yesterday, about noon',
  '',
])('refuses %j', (text) => expect(read(text)).toBeNaN());

test('numbers are seconds or milliseconds', () => {
  const reader = new TimestampReader();
  expect(reader.fromNumber(1_800_000_000)).toBe(1_800_000_000_000);
  expect(reader.fromNumber(1_800_000_000_123)).toBe(1_800_000_000_123);
  expect(reader.fromNumber(12)).toBeNaN();
});

test('a bad date after a good one is not taken for the cached day', () => {
  const reader = new TimestampReader();
  const good = encoder.encode('2026-03-01T10:00:00Z');
  const bad = encoder.encode('2026-03-32T10:00:00Z');
  expect(reader.read(good, 0, good.length)).not.toBeNaN();
  expect(reader.read(bad, 0, bad.length)).toBeNaN();
});

test('a time read again in the remembered minute is the one the reader gives, and anything else is left to it', () => {
  const digits = fc.constantFrom('00', '09', '30', '59', '60', '5x', ':0');
  const tail = fc.constantFrom('Z', '.000Z', '.250Z', '.25Z', '.2501Z', '.25:Z', '+00:00', '', 'z', '.250z', '.999Z');
  const head = fc.constantFrom('2026-03-01T10:15', '2026-03-01T10:16', '2026-03-01t10:15', '1999-12-31T23:59');
  fc.assert(
    fc.property(head, head, digits, tail, (learned, start, seconds, rest) => {
      const reader = new TimestampReader();
      const first = encoder.encode(`${learned}:07Z`);
      if (!Number.isNaN(reader.read(first, 0, first.length))) reader.remember(new DataView(first.buffer), 0);
      const text = `${start}:${seconds}${rest}`;
      const bytes = encoder.encode(`>${text}","lat":1`);
      const quote = reader.readAgain(new DataView(bytes.buffer, bytes.byteOffset), 1, bytes.length);
      const isPlain = /^:[0-5][0-9](\.[0-9]{3})?Z$/.test(text.slice(16));
      expect(quote).toBe(isPlain && start === learned && start > '2' ? 1 + text.length : -1);
      if (quote > 0) expect(reader.ms).toBe(reader.read(bytes, 1, 1 + text.length));
      expect(reader.readAgain(new DataView(bytes.buffer, bytes.byteOffset), 1, 1 + text.length)).toBe(-1);
    }),
    { numRuns: 1000 },
  );
});
