import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NotifyRoute } from '../../model/notices.ts';
import { NEVER, opensMs } from './routes.ts';
import { MIN, mail } from './testing/notice-desk.ts';

fc.configureGlobal({ seed: 20_260_301 });

const at = (text: string): number => Date.parse(text);

describe('the hours of a route', () => {
  const night = mail({ fromMin: 22 * 60, toMin: 6 * 60, weekdays: [5] });

  it('over midnight belong to the day on which they begin', () => {
    const fridayNight = at('2026-11-27T22:00:00Z');
    expect(opensMs(night, 0, at('2026-11-27T21:59:59Z'))).toBe(fridayNight);
    for (const open of ['2026-11-27T22:00:00Z', '2026-11-28T05:59:59Z'])
      expect(opensMs(night, 0, at(open))).toBe(at(open));
    expect(opensMs(night, 0, at('2026-11-28T06:00:00Z'))).toBe(at('2026-12-04T22:00:00Z'));
    expect(opensMs(night, 0, at('2026-11-27T05:00:00Z'))).toBe(fridayNight);
  });

  it('are of the clock of the plan', () => {
    expect(opensMs(night, 120, at('2026-11-27T12:00:00Z'))).toBe(at('2026-11-27T20:00:00Z'));
  });

  it('may never come', () => {
    expect(opensMs(mail({ weekdays: [] }), 0, 0)).toBe(NEVER);
  });

  it('are found as by looking at every minute', () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const weekdays = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 });
    fc.assert(
      fc.property(
        minute,
        minute,
        weekdays,
        fc.integer({ min: -720, max: 840 }),
        fc.nat(100_000),
        (from, to, days, off, start) => {
          const route = mail({ fromMin: from, toMin: to, weekdays: days });
          const atMs = (29_000_000 + start) * MIN;
          let expected = atMs;
          while (!isOpen(route, expected / MIN + off)) expected += MIN;
          expect(opensMs(route, off, atMs)).toBe(expected);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Local minutes since 1970; asks today's and yesterday's window. */
function isOpen(route: NotifyRoute, localMin: number): boolean {
  const minute = ((localMin % 1440) + 1440) % 1440;
  const weekday = new Date(localMin * MIN).getUTCDay();
  const { fromMin: from = 0, toMin: to = 1440, weekdays = [] } = route;
  const today = weekdays.includes(weekday) && minute >= from && (to <= from || minute < to);
  const yesterday = weekdays.includes((weekday + 6) % 7) && to <= from && minute < to;
  return today || yesterday;
}
