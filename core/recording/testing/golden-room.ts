import { Engine } from '../../engine/engine.ts';
import { RecordMaker } from '../../engine/testing/records.ts';
import type { Alert } from '../../model/alerts.ts';
import type { NotifyPlan } from '../../model/notices.ts';
import {
  type JournalRecord,
  type OperatorAction,
  type OversizeNote,
  RECORD_KIND,
  type RulePackSource,
} from '../../model/records.ts';
import type { ReferenceData } from '../../model/reference.ts';
import { DEFAULT_SETTINGS, type StreamSettings } from '../../model/stream-settings.ts';
import type { TopicKindName } from '../../model/topics.ts';

const OPERATOR = 'kim';

/** An action without what every one has. */
type Act = { readonly type: OperatorAction['type'] } & Readonly<Record<string, string | number | undefined>>;

/** A room that journals into memory; its engine runs along, so that operators can act on the alerts there are. */
export class GoldenRoom {
  readonly records: JournalRecord[] = [];
  readonly alerts = new Map<string, Alert>();
  readonly #maker = new RecordMaker();
  readonly #engine = new Engine({ maxVehicles: 1000 });
  #lostPositions = 0;
  #clockMs = 0;
  #actions = 0;

  /** The record list of `maker` is drained into `records`, with what was lost and stepped put in. */
  #enter(): void {
    for (const record of this.#maker.records.splice(0)) {
      const entered = {
        ...record,
        position: record.position + this.#lostPositions,
        nextPosition: record.nextPosition + this.#lostPositions,
        receivedMs: record.receivedMs + this.#clockMs,
      };
      this.#engine.process(entered);
      this.records.push(entered);
    }
  }

  messages(
    nowMs: number,
    messages: readonly [topic: TopicKindName | string, payload: string][],
    perRecord: number,
  ): void {
    for (let from = 0, i = 0; from < messages.length; from += perRecord, i++) {
      this.#maker.messages(nowMs + i, ...messages.slice(from, from + perRecord));
    }
    this.#enter();
  }

  tick(nowMs: number, listening: boolean): void {
    this.#maker.tick(nowMs, listening);
    this.#enter();
    for (const alert of this.#engine.takeOutputs({ vehicles: false, checkpoint: false }).alerts) {
      this.alerts.set(alert.id, alert);
    }
  }

  /** Alerts nobody has acknowledged, the gravest and oldest first. */
  openAlerts(): Alert[] {
    const open = [...this.alerts.values()].filter((alert) => !alert.acknowledged);
    return open.sort((a, b) => a.priority - b.priority || a.raisedMs - b.raisedMs || (a.id < b.id ? -1 : 1));
  }

  rules(nowMs: number, packs: readonly RulePackSource[]): void {
    this.#json(RECORD_KIND.rules, 0, nowMs, { packs, by: OPERATOR });
  }

  reference(nowMs: number, data: ReferenceData): void {
    this.#json(RECORD_KIND.reference, 0, nowMs, { data, by: OPERATOR });
  }

  notify(nowMs: number, plan: NotifyPlan): void {
    this.#json(RECORD_KIND.notify, 0, nowMs, { plan, by: OPERATOR });
  }

  settings(nowMs: number, changed: Partial<StreamSettings>): void {
    this.#json(RECORD_KIND.settings, 0, nowMs, { settings: { ...DEFAULT_SETTINGS, ...changed }, by: OPERATOR });
  }

  oversize(nowMs: number, note: OversizeNote): void {
    this.#json(RECORD_KIND.oversize, 1, nowMs, note);
  }

  /** Something that an operator does; the rest of the action is filled in. */
  act(nowMs: number, action: Act): void {
    const whole = { id: `action-${this.#actions++}`, operator: OPERATOR, ...action } as OperatorAction;
    this.#maker.operator(nowMs, whole);
    this.#enter();
  }

  /** A run of packets that does not read as MQTT. */
  damagedFrames(nowMs: number): void {
    this.#maker.add(RECORD_KIND.publish, 5, 3, nowMs, Uint8Array.of(0x30, 0x7f, 1, 2, 3));
    this.#enter();
  }

  /** The room's clock is put forward or back. */
  stepClock(byMs: number): void {
    this.#clockMs += byMs;
  }

  /** The disk refused the journal for so many bytes. */
  losePositions(bytes: number): void {
    this.#lostPositions += bytes;
  }

  #json(kind: JournalRecord['kind'], count: number, nowMs: number, value: object): void {
    this.#maker.add(kind, 0, count, nowMs, new TextEncoder().encode(JSON.stringify(value)));
    this.#enter();
  }
}
