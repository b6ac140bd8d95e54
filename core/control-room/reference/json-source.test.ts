import fc from 'fast-check';
import { expect, it } from 'vitest';
import { offsetOf } from './json-source.ts';
import type { Path } from './source.ts';

fc.configureGlobal({ seed: 20_260_301 });

/** Every way through a value to another inside it. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const steps = Array.isArray(value) ? value.map((item, i) => [i, item] as const) : Object.entries(value);
  return [path, ...steps.flatMap(([step, item]) => pathsOf(item, [...path, step]))];
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown>)[step], value);

it('finds where every value of a JSON text begins', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      for (const path of pathsOf(JSON.parse(text))) {
        const rest = text.slice(offsetOf(text, path));
        const inner = JSON.stringify(at(JSON.parse(text), path));
        expect(rest.replaceAll(/\s/g, '').startsWith(inner.replaceAll(/\s/g, ''))).toBe(true);
      }
    }),
  );
});

it('answers the last value on the way that there is', () => {
  expect(offsetOf('{"a": [1, 2]}', ['a', 5])).toBe(6);
  expect(offsetOf('{"a": [1, 2]}', ['b'])).toBe(0);
});
