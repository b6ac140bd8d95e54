import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '../model/alerts.ts';
import { RuleFleet, rulePack } from './testing/rule-fleet.ts';
import { type Answer, type Line, type Step, slowRule } from './testing/slow-rule.ts';

fc.configureGlobal({ seed: 20_260_301 });

const T0 = Date.UTC(2026, 2, 1, 10);
/** A step of time, ms: so long that nothing begins often enough to chatter (alerts/chatter.ts). */
const S = 200_000;

const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(true) },
  { weight: 4, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);
const rarely: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(false, undefined) },
  { weight: 1, arbitrary: fc.constant(true) },
);
/** Steps of time to the next look: often none, as when a status and a telemetry message say the same time. */
const gaps = fc.constantFrom(0, 0, 1, 1, 1, 2, 5, 10);

/** Streams in which the conditions hold for a while, so that delays of some seconds come to their end. */
function streams(clearIsOwn: boolean): fc.Arbitrary<Step[]> {
  const run = fc.record({
    when: answer,
    clear: answer,
    until: rarely,
    gaps: fc.array(gaps, { minLength: 1, maxLength: 12 }),
  });
  const acknowledge = fc.constant(undefined);
  const part = fc.oneof({ weight: 6, arbitrary: run }, { weight: 1, arbitrary: acknowledge });
  return fc.array(part, { maxLength: 25 }).map((parts) => {
    let atMs = T0;
    return parts.flatMap((p): Step[] => {
      if (!p) return [{ type: 'acknowledge', atMs }];
      const clear = clearIsOwn ? p.clear : p.when === undefined ? undefined : !p.when;
      return p.gaps.map((gap) => {
        atMs += gap * S;
        return { type: 'look', atMs, when: p.when, clear, until: p.until };
      });
    });
  });
}

/** Runs the steps on a rule over two flags; `restoreAt` is the step before which everything is stored and restored. */
function run(steps: readonly Step[], pack: string, restoreAt = -1): { lines: Line[]; stored: string } {
  let fleet = new RuleFleet(pack);
  const lines: Line[] = [];
  const alerts = new Map<string, Alert>();
  const look = (): void => {
    const taken = fleet.take();
    for (const alert of taken.alerts) alerts.set(alert.id, alert);
    for (const { kind, alertId, atMs } of taken.transitions)
      lines.push(`${kind} ${alerts.get(alertId)!.onsetMs} @${atMs}`);
  };
  steps.forEach((step, i) => {
    if (i === restoreAt) fleet = fleet.restored(pack);
    if (step.type === 'acknowledge') {
      const waiting = fleet.book.openAlerts().find((alert) => !alert.acknowledged);
      if (waiting) fleet.book.acknowledge(waiting.id, 'kim', step.atMs);
    } else {
      fleet.set({ ignition: step.when, doors_open: step.clear, seatbelt: step.until });
      fleet.evaluator.event(0, step.atMs);
    }
    look();
  });
  const arrays = fleet.evaluator.arrays(1).map(([name, array]) => [name, ...array]);
  return { lines, stored: JSON.stringify([fleet.book.serialize(), arrays]) };
}

const delays = fc.constantFrom(0, 1, 2, 5, 10, 20);
const cooldowns = fc.constantFrom(0, 0, 0, 3, 15);
const packOf = (forS: number, keepS: number, clearIsOwn: boolean, coolS = 0): string =>
  rulePack({
    when: 'ignition',
    until: 'seatbelt',
    cooldown: `${coolS * S}ms`,
    for: `${forS * S}ms`,
    keep: `${keepS * S}ms`,
    ...(clearIsOwn ? { clear: 'doors_open' } : {}),
  });

test('for, keep, clear, until, cooldown and unknown are what a slow reading of the whole history says', () => {
  const seen: Record<string, number> = {};
  const cases = fc
    .boolean()
    .chain((clearIsOwn) => fc.tuple(fc.constant(clearIsOwn), streams(clearIsOwn), delays, delays, cooldowns));
  fc.assert(
    fc.property(cases, ([clearIsOwn, steps, forS, keepS, coolS]) => {
      const { lines } = run(steps, packOf(forS, keepS, clearIsOwn, coolS));
      expect(lines).toEqual(slowRule(steps, forS * S, keepS * S, coolS * S));
      for (const line of lines) seen[line.split(' ')[0]] = (seen[line.split(' ')[0]] ?? 0) + 1;
    }),
    { numRuns: 3000 },
  );
  for (const kind of ['raised', 'cleared', 'unknown', 'resumed', 'acknowledged'])
    expect(seen[kind]).toBeGreaterThan(200);
});

test('stored and restored at any step, the rest is the same, and so is what is stored at the end', () => {
  fc.assert(
    fc.property(streams(true), delays, delays, cooldowns, fc.nat(200), (steps, forS, keepS, coolS, at) => {
      const pack = packOf(forS, keepS, true, coolS);
      expect(run(steps, pack, steps.length === 0 ? 0 : at % steps.length)).toEqual(run(steps, pack));
    }),
    { numRuns: 600 },
  );
});

test('going silent is a look at which nothing is known', () => {
  fc.assert(
    fc.property(streams(true), delays, delays, (steps, forS, keepS) => {
      const fleet = new RuleFleet(packOf(forS, keepS, true));
      const other = new RuleFleet(packOf(forS, keepS, true));
      for (const step of steps) {
        if (step.type !== 'look') continue;
        for (const f of [fleet, other]) f.set({ ignition: step.when, doors_open: step.clear });
        if (step.when === undefined && step.clear === undefined) fleet.evaluator.silence(0, step.atMs);
        else fleet.evaluator.event(0, step.atMs);
        other.evaluator.event(0, step.atMs);
      }
      expect(fleet.take()).toEqual(other.take());
    }),
    { numRuns: 500 },
  );
});

test('vehicles and rules do not disturb each other', () => {
  const one = (id: string, flag: string, forS: number) => ({
    id,
    name: id,
    when: flag,
    for: `${forS * S}ms`,
    keep: `${2 * S}ms`,
  });
  const rules = [one('a', 'ignition', 0), one('b', 'doors_open', 3), one('c', 'seatbelt', 5)];
  const look = fc.record({ slot: fc.nat(3), gap: gaps, flags: fc.tuple(answer, answer, answer) });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 120 }), (looks) => {
      const together = new RuleFleet(rulePack(...rules), 4);
      let atMs = T0;
      const timed = looks.map((l) => {
        atMs += l.gap * S;
        return { ...l, atMs, values: { ignition: l.flags[0], doors_open: l.flags[1], seatbelt: l.flags[2] } };
      });
      for (const l of timed) {
        together.set(toNumbers(l.values), l.slot);
        together.evaluator.event(l.slot, l.atMs);
      }
      const apart = [0, 1, 2, 3].flatMap((slot) =>
        rules.flatMap((rule) => {
          const alone = new RuleFleet(rulePack(rule), 4);
          for (const l of timed.filter((t) => t.slot === slot)) {
            alone.set(toNumbers(l.values), slot);
            alone.evaluator.event(slot, l.atMs);
          }
          return alone.take().transitions;
        }),
      );
      const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
      const own = together.take().transitions.filter((t) => t.kind !== 'grouped');
      expect(own.toSorted(byId)).toEqual(apart.toSorted(byId));
    }),
    { numRuns: 200 },
  );
});

function toNumbers(values: Record<string, Answer>): Record<string, number | undefined> {
  return Object.fromEntries(Object.entries(values).map(([name, v]) => [name, v === undefined ? undefined : Number(v)]));
}
