import { resolve } from 'node:path';
import type { RulePackSource } from '../../model/records.ts';
import type { BacktestAgainst, BacktestSource, BacktestTuning } from '../../protocol/backtest.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { openSource } from '../recording/open-source.ts';
import { checkPacks } from '../rules/check-packs.ts';
import { BacktestError } from './backtest-error.ts';
import { type BacktestOptions, warmUpOf } from './backtest-run.ts';
import { type HistoryAlerts, openHistoryAlerts } from './history-alerts.ts';

/** A back-test as it is asked for, with names instead of what they stand for. */
export interface BacktestPlan {
  readonly packs: readonly RulePackSource[];
  readonly source: BacktestSource;
  readonly against: BacktestAgainst;
  readonly inForce?: readonly RulePackSource[];
  readonly tuning: BacktestTuning;
  readonly operators: number;
  /** The room's; with a recording it is needed for its history only. */
  readonly dataDir: string | undefined;
  readonly topicPrefix?: string;
}

export interface OpenBacktest {
  readonly options: BacktestOptions;
  /** Messages in the source, the warm-up included. */
  readonly messages: number;
  close(): void;
}

/** Opens all that a back-test reads. Throws an Error whose message can be shown when something is missing or the packs are wrong. */
export function openBacktest(plan: BacktestPlan, onNote: (sentence: string) => void): OpenBacktest {
  const { packs, against, ...rest } = plan;
  const { problems } = checkPacks(packs);
  if (problems.length > 0) {
    const listed = problems.map(({ pack, line, column, message }) => `${pack}:${line}:${column}: ${message}`);
    throw new BacktestError('rules-refused', listed.slice(0, 20).join('\n'));
  }
  const source = openSourceOf(plan, onNote);
  let history: HistoryAlerts | undefined;
  try {
    if (against === 'history') history = openHistoryAlerts(roomOf(plan));
  } catch (error) {
    source.close();
    throw error;
  }
  const { fromMs, toMs } =
    plan.source.type === 'journal' ? plan.source : { fromMs: source.startMs, toMs: source.endMs + 1 };
  const comparedWith = history ? { history } : (against as Exclude<BacktestAgainst, 'history'>);
  return {
    options: { ...rest, packs, source, fromMs, toMs, against: comparedWith },
    messages: source.messages,
    close() {
      history?.close();
      source.close();
    },
  };
}

function openSourceOf(plan: BacktestPlan, onNote: (sentence: string) => void): ReplaySource {
  const { source, packs, against, topicPrefix } = plan;
  if (source.type === 'recording')
    return openSource(resolve(plan.dataDir ?? '', 'recordings', source.file), { onNote });
  const others = typeof against === 'object' ? against.packs : [];
  const fromMs = source.fromMs - warmUpOf(packs, others);
  return openSource(roomOf(plan), { fromMs, toMs: source.toMs, topicPrefix, onNote });
}

function roomOf({ dataDir }: BacktestPlan): string {
  if (dataDir !== undefined) return dataDir;
  throw new BacktestError('bad-arguments', 'A history and a journal are those of a data directory: give one.');
}
