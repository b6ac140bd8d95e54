import type { Engine } from '../../engine/engine.ts';
import { type Alert, isClosed } from '../../model/alerts.ts';
import { type JournalRecord, type OperatorAction, RECORD_KIND } from '../../model/records.ts';
import { tryRecord } from '../rules/trial-engine.ts';
import type { Episodes } from './episodes.ts';
import { type AlertSource, translateAction } from './translate-action.ts';
import { isVariant } from './tuning.ts';

/** One side of a comparison that is run: an engine and the alerts it raises. */
export class Side {
  readonly engine: Engine;
  readonly episodes: Episodes;
  readonly #counts: (alert: Alert) => boolean;
  /** Alerts of rules that were in force before the side's own: none of its. */
  readonly #others: ReadonlySet<string>;
  readonly #raised = new Map<string, number>();
  /** Variants' alerts that are counted and not closed. */
  readonly #counted = new Set<string>();
  #acknowledgements = 0;

  constructor(engine: Engine, episodes: Episodes, counts: (alert: Alert) => boolean) {
    this.engine = engine;
    this.episodes = episodes;
    this.#counts = counts;
    const { alerts } = engine.takeOutputs({ vehicles: false, checkpoint: false });
    this.#others = new Set(alerts.filter((alert) => alert.condition === 'cleared').map((alert) => alert.id));
  }

  /** Alerts that count, by the rule or variant that raised them. */
  raised(ruleId: string): number {
    return this.#raised.get(ruleId) ?? 0;
  }

  process(record: JournalRecord, sourceOf: AlertSource): void {
    tryRecord(this.engine, translateAction(record, this.engine, sourceOf));
  }

  /** Takes what was raised and what ended since the last call. */
  gather(): void {
    const { alerts } = this.engine.takeOutputs({ vehicles: false, checkpoint: false });
    for (const alert of alerts) {
      if (this.#others.has(alert.id)) continue;
      const counts = this.#counts(alert);
      if (isVariant(alert.ruleId)) this.#noteVariant(alert, counts);
      else {
        const before = this.episodes.length;
        this.episodes.note(alert, counts);
        if (counts && this.episodes.length > before) this.#count(alert.ruleId);
      }
    }
  }

  #count(ruleId: string): void {
    this.#raised.set(ruleId, this.raised(ruleId) + 1);
  }

  /** Variants are only counted. Each is acknowledged, so that they do not crowd out what the tried rules raise. */
  #noteVariant(alert: Alert, counts: boolean): void {
    if (counts && !this.#counted.has(alert.id)) this.#count(alert.ruleId);
    if (isClosed(alert)) this.#counted.delete(alert.id);
    else this.#counted.add(alert.id);
    if (!alert.acknowledged) this.#acknowledge(alert.id);
  }

  #acknowledge(alertId: string): void {
    const action: OperatorAction = {
      id: `trial-${++this.#acknowledgements}`,
      type: 'acknowledge',
      alertId,
      operator: 'trial',
    };
    const { position, engineMs } = this.engine;
    this.engine.process({
      ...{ position, nextPosition: position, kind: RECORD_KIND.operator, flags: 0, count: 0, receivedMs: engineMs },
      payload: new TextEncoder().encode(JSON.stringify(action)),
    });
  }
}
