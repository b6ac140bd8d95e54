import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Names } from './names.ts';

test('numbers stand for one name at a time, through releases, sweeps and a restart', () => {
  const act = fc.oneof(
    fc.record({ name: fc.constantFrom('', 'a', 'b', 'c', 'd') }),
    fc.record({ release: fc.nat(5) }),
    fc.constant({ sweep: true }),
    fc.constant({ restart: true }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      let names = new Names();
      const real = new Map<string, number>();
      for (const a of acts) {
        if ('name' in a) {
          const number = names.number(a.name);
          if (a.name === '') expect(number).toBe(0);
          else expect(real.get(a.name) ?? number).toBe(number);
          if (a.name !== '') real.set(a.name, number);
          expect(names.name(number)).toBe(a.name);
        } else if ('release' in a) {
          names.release(a.release);
          for (const [name, number] of real) if (number === a.release) real.delete(name);
        } else if ('sweep' in a) {
          names.sweep((_, name) => name < 'c');
          for (const name of ['c', 'd']) real.delete(name);
        } else {
          const stored = JSON.stringify(names.serialize());
          names = new Names();
          names.restore(JSON.parse(stored));
        }
        expect(new Set(real.values()).size).toBe(real.size);
        expect(names.size).toBe(real.size);
        expect(names.end).toBeLessThanOrEqual(5);
      }
    }),
  );
});
