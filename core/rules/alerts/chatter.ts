import { setCondition } from './changes.ts';
import { ENGINE, type Ledger } from './ledger.ts';
import { type OpenAlert, sourceKey } from './open-alert.ts';
import type { OpenAlerts } from './open-alerts.ts';
import { Recent, type StoredRecent } from './recent.ts';

/** A rule chatters on a vehicle that raises so often within so long (EEMUA 191: three times in a minute). Event time. */
export const CHATTERS = [
  { raises: 3, withinMs: 60_000, text: '3 times within 1 min' },
  { raises: 5, withinMs: 600_000, text: '5 times within 10 min' },
] as const;
const LONGEST_MS = Math.max(...CHATTERS.map((limit) => limit.withinMs));
const MOST_RAISES = Math.max(...CHATTERS.map((limit) => limit.raises));

/** The end of a chattering alert is believed when its condition has stayed over for this long. Engine time. */
export const SETTLE_MS = 300_000;

interface HeldEnd {
  /** True end, event time. */
  readonly overMs: number;
  /** Engine time. */
  readonly sinceMs: number;
  readonly why?: string;
}

export interface StoredChatter {
  readonly raises: StoredRecent<readonly number[]>;
  readonly held: readonly (readonly [id: string, end: HeldEnd])[];
}

/** Recognises alerts that come and go, and holds their ends back so that they are one entry. */
export class Chatter {
  /** Times of the newest raises of a rule on a vehicle, event time. */
  readonly #raises = new Recent<readonly number[]>();
  /** Ends that are held back, by alert id; the oldest first. */
  readonly #held = new Map<string, HeldEnd>();
  readonly #ledger: Ledger;
  readonly #off: boolean;

  /** `off`: nothing is ever taken for chatter. */
  constructor(ledger: Ledger, off: boolean) {
    this.#ledger = ledger;
    this.#off = off;
  }

  /** Notes that the condition of an alert began. Answers true when by this it begins to chatter. */
  began(open: OpenAlert, raisedMs: number, nowMs: number): boolean {
    if (open.momentary || this.#off) return false;
    const key = sourceKey(open.alert.ruleId, open.alert.vehicleId);
    const raises = [...(this.#raises.get(key) ?? []), raisedMs].slice(-MOST_RAISES);
    this.#raises.set(key, nowMs, raises);
    if (open.alert.chattering) return false;
    for (const { raises: count, withinMs, text } of CHATTERS) {
      if (raises.length < count || Math.abs(raisedMs - raises[raises.length - count]) > withinMs) continue;
      open.alert.chattering = true;
      this.#ledger.record(open, 'chattering', raisedMs, { ...ENGINE, comment: text });
      return true;
    }
    return false;
  }

  /** Holds back the end of a chattering alert. */
  hold(open: OpenAlert, overMs: number, nowMs: number, why?: string): void {
    this.#held.set(open.alert.id, { overMs, sinceMs: nowMs, why });
    open.alert.quietMs = overMs;
    this.#ledger.changed(open);
  }

  /** Its condition is there again: its end was none. */
  resume({ alert }: OpenAlert): void {
    this.#held.delete(alert.id);
    delete alert.quietMs;
  }

  /** Believes the ends that have been held back for long enough. */
  tick(nowMs: number, open: OpenAlerts): void {
    for (const [id, { overMs, sinceMs, why }] of this.#held) {
      if (sinceMs > nowMs - SETTLE_MS) break;
      this.#held.delete(id);
      const settled = open.get(id);
      if (!settled) continue;
      delete settled.alert.quietMs;
      delete settled.alert.chattering;
      this.#ledger.record(settled, 'settled', nowMs, { ...ENGINE, comment: 'quiet for 5 min' });
      setCondition(this.#ledger, settled, 'cleared', overMs, why);
    }
    this.#raises.sweep(nowMs - LONGEST_MS);
  }

  serialize(): StoredChatter {
    return { raises: this.#raises.serialize((times) => times), held: [...this.#held] };
  }

  restore({ raises, held }: StoredChatter): void {
    this.#raises.restore(raises, (times) => times);
    for (const [id, end] of held) this.#held.set(id, end);
  }
}
