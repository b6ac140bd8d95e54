import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Alert, type AlertState, alertState, type Priority } from '../../model/alerts.ts';
import type { Onset } from '../alert-book.ts';
import { AlertRoom, MIN } from './testing/alert-room.ts';

fc.configureGlobal({ seed: 20_260_301 });

/** Far enough apart that nothing chatters and nothing is folded: only the life cycle of each alert is at work. */
const STEP_MS = 11 * MIN;

const KINDS: readonly Partial<Onset>[] = [
  {},
  { latched: true, momentary: false, latch: 'acknowledge' },
  { latched: true, momentary: false, latch: 'reset' },
  { latched: true, latch: 'acknowledge' },
  { latched: true, latch: 'reset' },
];

/** An alert of the model: facts and nothing else, looked through one by one. */
interface Modelled {
  readonly id: string;
  readonly source: string;
  readonly vehicle: number;
  readonly isEvent: boolean;
  readonly needsReset: boolean;
  on: boolean;
  latched: boolean;
  by: string;
  atMs: number;
  priority: number;
  shelved: boolean;
  out: boolean;
  seen: boolean;
}

class Model {
  open: Modelled[] = [];
  readonly shelves = new Map<string, number>();
  readonly out = new Set<string>();

  isOut = (a: Pick<Modelled, 'source' | 'vehicle'>): boolean => this.out.has(a.source) || this.out.has(`v${a.vehicle}`);

  acknowledge(a: Modelled, by: string, atMs: number): void {
    if (a.by !== '') return;
    Object.assign(a, { by, atMs });
    if (a.latched && !a.needsReset) a.latched = false;
  }

  /** After anything: what is over and never seen, or over and back again, needs nobody. */
  settle(nowMs: number): void {
    for (const [source, untilMs] of this.shelves) if (untilMs <= nowMs) this.shelves.delete(source);
    for (const a of this.open) {
      const hidden = a.shelved || a.out;
      a.shelved = this.shelves.has(a.source);
      a.out = this.isOut(a);
      const back = hidden && !a.shelved && !a.out;
      if (back && (a.on || a.latched)) a.by = '';
      const isOver = !a.on && !a.latched;
      if (isOver && (back || (!a.seen && (a.shelved || a.out)))) this.acknowledge(a, 'engine', nowMs);
      if (!a.shelved && !a.out) a.seen = true;
    }
    this.open = this.open.filter((a) => a.on || a.latched || a.by === '');
  }

  states(): Map<string, string> {
    return new Map(this.open.map((a) => [a.id, `${stateOf(a)} ${a.by} ${a.by && a.atMs} ${a.priority}`]));
  }
}

function stateOf(a: Modelled): AlertState {
  if (a.out) return 'out-of-service';
  if (a.shelved) return 'shelved';
  if (a.by === '') return a.on || a.latched ? 'unacknowledged' : 'returned';
  return a.on ? 'acknowledged' : 'latched';
}

const step = fc.record({
  type: fc.constantFrom(
    ...(['raise', 'raise', 'end', 'unknown', 'repeat', 'worsen', 'acknowledge', 'reset'] as const),
    ...(['shelve', 'unshelve', 'out', 'back'] as const),
  ),
  kind: fc.nat(KINDS.length - 1),
  vehicle: fc.nat(1),
  pick: fc.nat(),
  scope: fc.boolean(),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Does a step in the room and in the model. */
function apply(room: AlertRoom, model: Model, s: Step): void {
  const { nowMs } = room;
  const { vehicle } = s;
  const source = `k${s.kind} ${vehicle}`;
  const picked = model.open[s.pick % model.open.length];
  const alert = picked && room.book.get(picked.id)!;
  if (s.type === 'raise') raise(room, model, s, source);
  else if (s.type === 'out' || s.type === 'back') {
    const ruleId = s.scope ? `k${s.kind}` : undefined;
    const at = { vehicleId: `v${vehicle}`, ruleId };
    room.ask(s.type === 'out' ? { type: 'out-of-service', ...at, reason: 'r' } : { type: 'in-service', ...at });
    if (s.type === 'out') model.out.add(ruleId ? source : `v${vehicle}`);
    else for (const key of [...model.out]) if (ruleId ? key === source : isOf(key, vehicle)) model.out.delete(key);
  } else if (picked) onAlert(room, model, s, picked, alert);
  model.settle(nowMs);
}

const isOf = (key: string, vehicle: number): boolean => key === `v${vehicle}` || key.endsWith(` ${vehicle}`);

function raise(room: AlertRoom, model: Model, { kind, vehicle }: Step, source: string): void {
  const facts = KINDS[kind];
  const isEvent = facts.latched === true && facts.momentary !== false;
  const own = model.open.filter((a) => a.source === source);
  // As the evaluator does: one alert at a time of a condition, repeats of an event that nobody has seen.
  if (own.some((a) => a.on || (isEvent && a.by === ''))) return;
  const held = own.find((a) => a.latched);
  const alert = room.raiseOn(vehicle, { ...facts, ruleId: `k${kind}`, group: false });
  if (held) Object.assign(held, { on: !isEvent, by: '' });
  else {
    model.open.push({
      id: alert.id,
      source,
      vehicle,
      isEvent,
      needsReset: facts.latch === 'reset',
      on: !isEvent,
      latched: facts.latched === true,
      by: '',
      atMs: 0,
      priority: alert.priority,
      shelved: model.shelves.has(source),
      out: model.isOut({ source, vehicle }),
      seen: false,
    });
  }
  expect(alert.id).toBe(held?.id ?? alert.id);
}

function onAlert(room: AlertRoom, model: Model, { type, pick }: Step, a: Modelled, alert: Alert): void {
  const { nowMs, book } = room;
  const alertId = a.id;
  if (type === 'end' && a.on) {
    room.clear(alert);
    a.on = false;
  } else if (type === 'unknown' && a.on) book.setCondition(alert, 'unknown', nowMs);
  else if (type === 'repeat' && a.isEvent) {
    book.repeat(alert, nowMs);
    a.by = '';
  } else if (type === 'worsen' && a.on) {
    book.worsen(alert, ((pick % 4) + 1) as Priority, nowMs);
    if ((pick % 4) + 1 < a.priority) Object.assign(a, { priority: (pick % 4) + 1, by: '' });
  } else if (type === 'acknowledge') {
    expect(room.ask({ type, alertId })).toBe(a.by === '');
    model.acknowledge(a, 'kim', nowMs);
  } else if (type === 'reset') {
    const may = a.latched && !a.on && a.by !== '';
    expect(room.ask({ type, alertId })).toBe(may);
    if (may) a.latched = false;
  } else if (type === 'shelve') {
    const ms = ((pick % 12) + 1) * 5 * MIN;
    expect(room.shelve(alert, ms)).toBe(true);
    model.shelves.set(a.source, nowMs + ms);
  } else if (type === 'unshelve') {
    expect(room.ask({ type, alertId })).toBe(model.shelves.delete(a.source));
  }
}

test('whatever happens: every alert is in the state that a plain model says, acknowledged by whom and when, also over a restart', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), fc.nat(60), (steps, restartAt) => {
      const room = new AlertRoom();
      const model = new Model();
      steps.forEach((s, i) => {
        if (i === restartAt) room.restart();
        room.nowMs += STEP_MS;
        room.book.tick(room.nowMs);
        model.settle(room.nowMs);
        apply(room, model, s);
        const states = room.book.openAlerts().map((alert) => {
          const { acknowledgedBy = '', acknowledgedMs = '', priority } = alert;
          return [alert.id, `${alertState(alert)} ${acknowledgedBy} ${acknowledgedMs} ${priority}`] as const;
        });
        expect(new Map(states)).toEqual(model.states());
      });
    }),
    { numRuns: 1500 },
  );
});
