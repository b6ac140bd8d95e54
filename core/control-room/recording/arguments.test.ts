import { expect, test } from 'vitest';
import { helpText, numberOf, onePath, readArguments, timeOf, wholeNumberOf } from './arguments.ts';

const FLAGS = { speed: { value: 'X', help: 'how fast' }, hash: { help: 'print it' } };

test('flags and what they apply to', () => {
  const { values, positionals } = readArguments(FLAGS, ['a.arrow', '--speed', '2', '--hash']);
  expect(values).toEqual({ speed: '2', hash: true });
  expect(positionals).toEqual(['a.arrow']);
});

test('mistakes are told in a sentence', () => {
  expect(() => readArguments(FLAGS, ['--sped', '2'])).toThrow('There is no flag --sped. Did you mean --speed?');
  expect(() => readArguments(FLAGS, ['--zzzzzz'])).toThrow('There is no flag --zzzzzz. --help lists what there is.');
  expect(() => readArguments(FLAGS, ['--speed'])).toThrow(/--speed.* --help lists what there is\.$/);
  expect(() => onePath([], 'A recording')).toThrow('A recording is missing');
  expect(() => onePath(['a', 'b'], 'A recording')).toThrow('Only one of “a” and “b” can be a recording.');
  for (const text of ['', 'fast', '0', '1e9']) {
    expect(() => numberOf('speed', text, 0.01, 1000, 1)).toThrow('--speed takes a number from 0.01 to 1000, not');
  }
  expect(() => wholeNumberOf('n', '1.5', 0, 10, 0)).toThrow('--n takes a whole number, not “1.5”.');
  for (const text of ['2026-03-01T10:00:00', 'yesterday', '12']) {
    expect(() => timeOf('from', text)).toThrow('--from takes a time like 2026-03-01T10:00:00Z');
  }
});

test('times have a zone, or are Unix ms', () => {
  const ms = Date.UTC(2026, 2, 1, 10);
  expect(timeOf('from', '2026-03-01T10:00:00Z')).toBe(ms);
  expect(timeOf('from', '2026-03-01T11:00:00+01:00')).toBe(ms);
  expect(timeOf('from', String(ms))).toBe(ms);
  expect(timeOf('from', undefined)).toBeUndefined();
});

test('the help has a line a flag', () => {
  expect(helpText('Usage: x', FLAGS)).toBe('Usage: x\n\n  --speed X  how fast\n  --hash     print it\n');
});
