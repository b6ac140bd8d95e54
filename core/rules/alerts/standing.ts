import { isClosed } from '../../model/alerts.ts';
import { Buckets } from './buckets.ts';
import type { Onset } from './onset.ts';
import { inOrder, type OpenAlert, sourceKey } from './open-alert.ts';

type Version = Pick<Onset, 'ruleId' | 'ruleVersion' | 'vehicleId'>;

/** The open alerts that take in new onsets of their rule on their vehicle: they chatter, or a latch holds them after their end. */
export class Standing {
  readonly #standing = new Buckets<string, OpenAlert>();

  update(open: OpenAlert): void {
    const { ruleId, vehicleId } = open.alert;
    const key = keyOf({ ruleId, vehicleId, ruleVersion: open.ruleVersion });
    if (takesIn(open)) this.#standing.add(key, open);
    else this.#standing.delete(key, open);
  }

  find(onset: Version): OpenAlert | undefined {
    return inOrder(this.#standing.get(keyOf(onset)))[0];
  }
}

function takesIn({ alert, momentary }: OpenAlert): boolean {
  if (isClosed(alert)) return false;
  const isHeld = alert.latched && alert.condition === 'cleared';
  return alert.chattering === true || (isHeld && (alert.acknowledged || !momentary));
}

function keyOf({ ruleId, ruleVersion, vehicleId }: Version): string {
  return `${sourceKey(ruleId, vehicleId)}\u0000${ruleVersion}`;
}
