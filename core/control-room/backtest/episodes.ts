import { type Alert, isClosed } from '../../model/alerts.ts';
import { Names } from '../../stream/names.ts';
import { BacktestError } from './backtest-error.ts';

/** Alerts of one side of a comparison; more would not be read by anybody. */
const MAX_EPISODES = 1_000_000;
/** What other systems raise is no rule's. */
const EXTERNAL = 'external:';

/** Numbers for rules and vehicles, the same on both sides of a comparison. */
export interface EpisodeNames {
  readonly rules: Names;
  readonly vehicles: Names;
}

export function episodeNames(): EpisodeNames {
  return { rules: new Names(), vehicles: new Names() };
}

/** Alerts as columns: one row each, in the order in which they were met. */
export class Episodes {
  readonly names: EpisodeNames;
  readonly rule: number[] = [];
  readonly vehicle: number[] = [];
  /** Event times, Unix ms; a clear that has not come is ∞. */
  readonly onsetMs: number[] = [];
  readonly raisedMs: number[] = [];
  readonly clearedMs: number[] = [];
  /** 1 = raised within the stretch that counts. */
  readonly counts: number[] = [];
  readonly #open = new Map<string, number>();

  constructor(names: EpisodeNames) {
    this.names = names;
  }

  get length(): number {
    return this.rule.length;
  }

  /** An alert as it is now; the same one may come again. Throws a BacktestError when there are too many. */
  note(alert: Alert, counts: boolean): void {
    if (alert.ruleId.startsWith(EXTERNAL)) return;
    let at = this.#open.get(alert.id);
    if (at === undefined) {
      at = this.add(alert.ruleId, alert.vehicleId, alert.onsetMs, alert.raisedMs, counts);
      this.#open.set(alert.id, at);
    }
    this.clearedMs[at] = alert.condition === 'cleared' ? (alert.clearedMs ?? alert.onsetMs) : Number.POSITIVE_INFINITY;
    if (isClosed(alert)) this.#open.delete(alert.id);
  }

  /** Answers the row. */
  add(ruleId: string, vehicleId: string, onsetMs: number, raisedMs: number, counts: boolean): number {
    const { length } = this;
    if (length >= MAX_EPISODES) {
      const most = MAX_EPISODES.toLocaleString('en');
      throw new BacktestError('too-many-alerts', `The rules raise more than ${most} alerts. Choose a shorter time.`);
    }
    this.rule.push(this.names.rules.number(ruleId));
    this.vehicle.push(this.names.vehicles.number(vehicleId));
    // As the history keeps them: messages of one time are told apart by parts of a millisecond.
    this.onsetMs.push(Math.floor(onsetMs));
    this.raisedMs.push(Math.floor(raisedMs));
    this.clearedMs.push(Number.POSITIVE_INFINITY);
    this.counts.push(counts ? 1 : 0);
    return length;
  }

  /** Rows that count. */
  counted(): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.length; row++) if (this.counts[row] === 1) rows.push(row);
    return rows;
  }
}
