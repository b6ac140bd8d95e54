import { type Alert, type AlertTransition, isClosed, isShown } from '../../model/alerts.ts';
import { hashId } from '../../model/hash.ts';
import type { Followed } from './followed.ts';
import type { NoticeMaker } from './notice-maker.ts';
import { statePayload } from './payloads.ts';

/** Rules of alerts that other systems sent begin with this; they are not sent back. */
export const EXTERNAL_RULE = 'external:';

/** Makes the notices by which other consoles follow the alerts of this room on the broker. */
export class MqttStates {
  /** An alert changed; `last` is its newest transition. Folded ones are told of as well. */
  changed(alert: Alert, followed: Followed, last: AlertTransition, atMs: number, maker: NoticeMaker): void {
    if (alert.ruleId.startsWith(EXTERNAL_RULE)) return;
    if (!isShown(alert) && !followed.published) return;
    this.#add(alert, last, statePayload(alert), atMs, maker);
    followed.published = true;
    if (!isClosed(alert)) return;
    // Subscribers that are there see it close; those that come later find nothing.
    this.#add(alert, last, '', atMs, maker);
    followed.published = false;
  }

  #add(alert: Alert, last: AlertTransition, payload: string, atMs: number, maker: NoticeMaker): void {
    maker.add({
      id: hashId('notice', 'mqtt', alert.id, last.id, payload === '' ? 'gone' : 'state'),
      channel: 'mqtt',
      route: 'mqtt',
      to: [],
      reason: 'state',
      priority: alert.priority,
      alertIds: [alert.id],
      vehicleId: alert.vehicleId,
      subject: '',
      body: '',
      payload,
      atMs,
    });
  }
}
