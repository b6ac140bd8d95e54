import { Engine, type EngineOptions } from '../../engine/engine.ts';
import type { Alert } from '../../model/alerts.ts';
import { type JournalRecord, RECORD_KIND, type RulePackSource, type RulesChange } from '../../model/records.ts';
import type { BacktestResult, BacktestTuning } from '../../protocol/backtest.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { engineOptionsOf } from '../recording/run-forward.ts';
import { checkPacks, lookBackOf } from '../rules/check-packs.ts';
import { trialEngine, tryRecord } from '../rules/trial-engine.ts';
import { BacktestError } from './backtest-error.ts';
import { type ComparedRules, compareEpisodes } from './compare-episodes.ts';
import { Episodes, episodeNames } from './episodes.ts';
import type { HistoryAlerts } from './history-alerts.ts';
import { Side } from './side.ts';
import { type Tuning, tuningAnswers, tuningOf } from './tuning.ts';

/** Alerts are gathered after this many messages. */
const GATHER_EVERY_MESSAGES = 5000;

export interface BacktestOptions {
  /** With the warm-up before `fromMs`, see `warmUpOf`. Closed by whoever opened it. */
  readonly source: ReplaySource;
  /** The stretch that counts, Unix ms of arrival; `toMs` is not included. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly packs: readonly RulePackSource[];
  /** A history is compared by event time, what is run again by the place in the journal. */
  readonly against: { readonly history: HistoryAlerts } | 'rules' | { readonly packs: readonly RulePackSource[] };
  /** The packs that the tried ones would take the place of; default those in force at the source's beginning. */
  readonly inForce?: readonly RulePackSource[];
  readonly tuning: BacktestTuning;
  readonly operators: number;
}

/** How much time before the stretch rules need to be what they would be, ms. */
export function warmUpOf(...packs: readonly (readonly RulePackSource[])[]): number {
  return lookBackOf(packs.flatMap((some) => checkPacks(some).rules));
}

/**
 * Runs packs over a source and compares the alerts with those of other rules or of a history. Yields the messages it has worked
 * through, so that whoever runs it can show them or stop. Throws a BacktestError when the packs are wrong or raise too much.
 */
export function* runBacktest(options: BacktestOptions): Generator<number, BacktestResult, void> {
  const { source, fromMs, toMs, packs, against, operators } = options;
  const startedMs = performance.now();
  const engineOptions = engineOptionsOf(source);
  const rulesOnly = { ...engineOptions, rulesOnly: true };
  const { startState } = source;
  const inForce = options.inForce ?? packsInForce(source, startState, engineOptions);
  const rulesBefore = comparedRules(typeof against === 'object' && 'packs' in against ? against.packs : inForce);
  const rulesAfter = comparedRules(packs);
  const tuning = tuningOf(packs, tunedRules(options.tuning, rulesBefore, rulesAfter));
  const names = episodeNames();
  const countFrom = source.positionAt(fromMs);
  const byTime = typeof against === 'object' && 'history' in against;
  const counts = (alert: Alert): boolean =>
    byTime
      ? alert.raisedMs >= fromMs && alert.raisedMs < toMs
      : (alert.why?.raisedPosition ?? Number.NEGATIVE_INFINITY) >= countFrom;

  const trial = (tried: readonly RulePackSource[]): Engine => started(startState, tried, source.startMs, engineOptions);
  const after = new Side(trial([...packs, ...tuning.packs]), new Episodes(names), counts);
  const asItWas = (): Engine => (startState ? Engine.restore(startState, rulesOnly) : new Engine(rulesOnly));
  const again = byTime ? undefined : against === 'rules' ? asItWas() : trial(against.packs);
  const before = again && new Side(again, new Episodes(names), counts);
  let messages = 0;
  let ungathered = 0;
  const sourceOf = byTime ? against.history.sourceOf : (id: string) => before?.engine.book.get(id);
  for (const record of source.records(source.startPosition)) {
    after.process(record, sourceOf);
    if (before) processBefore(before, record, against === 'rules');
    messages += record.count;
    ungathered += Math.max(1, record.count);
    if (ungathered < GATHER_EVERY_MESSAGES) continue;
    ungathered = 0;
    after.gather();
    before?.gather();
    yield messages;
  }
  after.gather();
  before?.gather();
  const episodesBefore = before?.episodes ?? new Episodes(names);
  if (byTime) against.history.into(episodesBefore, source.startMs, fromMs, toMs);
  const elapsedMs = performance.now() - startedMs;
  return {
    source: source.name,
    ...{ fromMs, toMs, warmUpMs: Math.max(0, fromMs - source.startMs), operators, messages, elapsedMs },
    messagesPerSecond: Math.round((messages / Math.max(1, elapsedMs)) * 1000),
    ...compareEpisodes(episodesBefore, after.episodes, { fromMs, toMs, operators }, rulesBefore, rulesAfter),
    tuning: tuningAnswers(tuning.variants, (id) => after.raised(id)),
    notes: notesOf(options, tuning),
  };
}

function started(
  state: Uint8Array | undefined,
  packs: readonly RulePackSource[],
  atMs: number,
  options: EngineOptions,
): Engine {
  try {
    return trialEngine(state, packs, atMs, options);
  } catch (error) {
    throw new BacktestError('rules-refused', error instanceof Error ? error.message : String(error));
  }
}

function processBefore(side: Side, record: JournalRecord, asItWas: boolean): void {
  if (asItWas && record.kind === RECORD_KIND.rules) side.engine.process(record);
  else tryRecord(side.engine, record);
}

/** The packs at the source's beginning, or the first that come in it. */
function packsInForce(
  source: ReplaySource,
  state: Uint8Array | undefined,
  options: EngineOptions,
): readonly RulePackSource[] {
  if (state) return Engine.restore(state, { ...options, rulesOnly: true }).packs;
  for (const record of source.records(source.startPosition)) {
    if (record.kind !== RECORD_KIND.rules) continue;
    return (JSON.parse(new TextDecoder().decode(record.payload)) as RulesChange).packs;
  }
  return [];
}

function comparedRules(packs: readonly RulePackSource[]): ComparedRules {
  return new Map(checkPacks(packs).rules.map(({ id, name, version }) => [id, { name, version }]));
}

function tunedRules(tuning: BacktestTuning, before: ComparedRules, after: ComparedRules): ReadonlySet<string> {
  if (tuning === 'none') return new Set();
  if (tuning === 'all') return new Set(after.keys());
  if (tuning !== 'changed') return new Set(tuning);
  return new Set([...after].filter(([id, rule]) => before.get(id)?.version !== rule.version).map(([id]) => id));
}

function notesOf({ source, fromMs, packs }: BacktestOptions, tuning: Tuning): string[] {
  const notes: string[] = [];
  const wantedMs = warmUpOf(packs);
  const hadMs = Math.max(0, fromMs - source.startMs);
  const [wantedMin, hadMin] = [wantedMs, hadMs].map((ms) => Math.round(ms / 60_000));
  // A source that begins with nothing begins where there was nothing before.
  if (hadMin < wantedMin && source.startState)
    notes.push(`The rules look back ${wantedMin} min; there were ${hadMin} min before the first alert that counts.`);
  if (tuning.variants.length > 0)
    notes.push('Tuning answers count alerts of the rule as it was tried, with that one thing changed.');
  return notes;
}
