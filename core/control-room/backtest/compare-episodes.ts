import type {
  AlertLoad,
  BacktestAlert,
  BacktestResult,
  Capped,
  MovedAlert,
  RuleDifference,
} from '../../protocol/backtest.ts';
import { alertLoad } from './alert-load.ts';
import type { Episodes } from './episodes.ts';
import { matchEpisodes } from './match-episodes.ts';

/** Alerts listed of each kind; totals are exact. */
const MAX_LISTED = 1000;

export interface ComparisonSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly operators: number;
}

/** What is known of the rules of both sides: version and name by id. */
export interface ComparedRule {
  readonly version: string;
  readonly name: string;
}
export type ComparedRules = ReadonlyMap<string, ComparedRule>;

export type Comparison = Pick<BacktestResult, 'before' | 'after' | 'gained' | 'lost' | 'moved' | 'unchanged' | 'rules'>;

interface Tally {
  gained: number;
  lost: number;
  moved: number;
  unchanged: number;
  before: number[];
  after: number[];
}

/**
 * The difference between two sides, of the alerts that count on either. An alert that counts on one side may have its partner
 * in the other's warm-up: it is then moved or unchanged.
 */
export function compareEpisodes(
  before: Episodes,
  after: Episodes,
  span: ComparisonSpan,
  rulesBefore: ComparedRules,
  rulesAfter: ComparedRules,
): Comparison {
  const { pairs, onlyBefore, onlyAfter } = matchEpisodes(before, after);
  const tallies = new Map<number, Tally>();
  const of = (rule: number): Tally => {
    const known = tallies.get(rule);
    if (known) return known;
    const fresh: Tally = { gained: 0, lost: 0, moved: 0, unchanged: 0, before: [], after: [] };
    tallies.set(rule, fresh);
    return fresh;
  };
  for (const row of before.counted()) of(before.rule[row]).before.push(before.raisedMs[row]);
  for (const row of after.counted()) of(after.rule[row]).after.push(after.raisedMs[row]);
  const lost = onlyBefore.filter((row) => before.counts[row] === 1);
  const gained = onlyAfter.filter((row) => after.counts[row] === 1);
  for (const row of lost) of(before.rule[row]).lost++;
  for (const row of gained) of(after.rule[row]).gained++;
  const moved: (readonly [number, number])[] = [];
  let unchanged = 0;
  for (const [b, a] of pairs) {
    if (before.counts[b] === 0 && after.counts[a] === 0) continue;
    const tally = of(after.rule[a]);
    if (before.raisedMs[b] === after.raisedMs[a]) {
      unchanged++;
      tally.unchanged++;
    } else {
      moved.push([b, a]);
      tally.moved++;
    }
  }
  const load = (raisedMs: readonly number[]): AlertLoad => alertLoad(raisedMs, span.fromMs, span.toMs, span.operators);
  const all = (side: 'before' | 'after'): AlertLoad => load([...tallies.values()].flatMap((tally) => tally[side]));
  const { rules: names } = after.names;
  for (const id of [...rulesBefore.keys(), ...rulesAfter.keys()]) of(names.number(id));
  const rules = [...tallies].map(([rule, tally]): RuleDifference => {
    const ruleId = names.name(rule);
    const [was, is] = [rulesBefore.get(ruleId), rulesAfter.get(ruleId)];
    return {
      ruleId,
      ruleName: (is ?? was)?.name ?? ruleId,
      change: !is ? 'removed' : !was ? 'new' : was.version === is.version ? 'same' : 'changed',
      before: load(tally.before),
      after: load(tally.after),
      ...{ gained: tally.gained, lost: tally.lost, moved: tally.moved, unchanged: tally.unchanged },
    };
  });
  return {
    before: all('before'),
    after: all('after'),
    gained: capped(
      gained,
      (row) => after.raisedMs[row],
      (row) => alertOf(after, row),
    ),
    lost: capped(
      lost,
      (row) => before.raisedMs[row],
      (row) => alertOf(before, row),
    ),
    moved: capped(
      moved,
      ([, a]) => after.raisedMs[a],
      ([b, a]): MovedAlert => {
        const beforeMs = before.raisedMs[b];
        return { ...alertOf(after, a), beforeMs, deltaMs: after.raisedMs[a] - beforeMs };
      },
    ),
    unchanged,
    rules: rules.sort((x, y) => differences(y) - differences(x) || (x.ruleId < y.ruleId ? -1 : 1)),
  };
}

function differences({ gained, lost, moved }: RuleDifference): number {
  return gained + lost + moved;
}

function alertOf(episodes: Episodes, row: number): BacktestAlert {
  const clearedMs = episodes.clearedMs[row];
  return {
    ruleId: episodes.names.rules.name(episodes.rule[row]),
    vehicleId: episodes.names.vehicles.name(episodes.vehicle[row]),
    onsetMs: episodes.onsetMs[row],
    raisedMs: episodes.raisedMs[row],
    ...(Number.isFinite(clearedMs) && { clearedMs }),
  };
}

/** The first rows by the time of the raise. */
function capped<Row, T>(rows: readonly Row[], raisedMs: (row: Row) => number, toAlert: (row: Row) => T): Capped<T> {
  const first = rows.toSorted((a, b) => raisedMs(a) - raisedMs(b)).slice(0, MAX_LISTED);
  return { total: rows.length, alerts: first.map(toAlert) };
}
