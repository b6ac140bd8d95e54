import type { PriorityName } from './alerts.ts';

/** What alerts that a room publishes say about where they come from: none is taken for one of another system. */
export const ALERT_SOURCE = 'watchfloor';

/** Ways to tell somebody. `mqtt` follows every shown alert of this room on `alerts/outbound` and needs no route. */
export type NoticeChannel = 'desktop' | 'sound' | 'mail' | 'webhook' | 'mqtt';

/** Why a notice is sent. */
export type NoticeReason = 'raised' | 'worsened' | 'reminder' | 'escalated' | 'cleared' | 'digest' | 'state';

/**
 * Something that somebody is to be told, worked out by the engine and handed over to be delivered. Written once: its id is a hash
 * of alert, route and cause.
 */
export interface Notice {
  readonly id: string;
  readonly channel: NoticeChannel;
  /** Name of the route in the plan; `mqtt` for that channel. */
  readonly route: string;
  /** Mail addresses, or names of webhooks whose addresses the delivery knows; empty for desktop, sound and mqtt. */
  readonly to: readonly string[];
  readonly reason: NoticeReason;
  /** Most urgent alert in it. 1 is critical. */
  readonly priority: number;
  /** The alerts it is about; several in a digest or a group. */
  readonly alertIds: readonly string[];
  readonly vehicleId: string;
  readonly subject: string;
  readonly body: string;
  /** For webhook and mqtt: what is sent, JSON; empty = the retained message is to be taken away. */
  readonly payload: string;
  /** Engine time, Unix ms. */
  readonly atMs: number;
}

/**
 * Where the delivery of a notice stands. `sending`: an attempt was begun. `in-doubt`: one was begun and nobody knows how it ended
 * (the program was killed, the answer did not come); it is sent again under the same id, by which receivers know it. `dead`: given up,
 * until somebody asks for it again. `expired`: too old when it was first seen. `replaced`: a newer state of its alert took its place.
 */
export type DeliveryState = 'waiting' | 'sending' | 'in-doubt' | 'sent' | 'dead' | 'expired' | 'replaced';

/** Who is told of which alerts. All that is given must match. */
export interface NotifyRoute {
  readonly name: string;
  readonly channel: Exclude<NoticeChannel, 'mqtt'>;
  /** Mail addresses, or names of webhooks: their addresses hold secrets and stay outside the journal. Else empty. */
  readonly to: readonly string[];
  /** Default: all. */
  readonly priorities?: readonly PriorityName[];
  readonly rules?: readonly string[];
  readonly depots?: readonly string[];
  /** Minutes after midnight, UTC plus `utcOffsetMin` of the plan; over midnight when from > to. Default: always. */
  readonly fromMin?: number;
  readonly toMin?: number;
  /** 0 = Sunday. Default: all. */
  readonly weekdays?: readonly number[];
  /** Also when the alert is over. */
  readonly cleared?: boolean;
  /** Told only when the alert has not been acknowledged for this long, ms: an escalation. 0 = at once. */
  readonly afterMs?: number;
  /** At most so many notices in 10 min; what is more goes into a digest. Default 20. */
  readonly perTenMinutes?: number;
}

/** A silence: alerts that match are not told of until it ends. */
export interface NotifySilence {
  readonly rules?: readonly string[];
  readonly vehicles?: readonly string[];
  readonly depots?: readonly string[];
  /** Unix ms. */
  readonly untilMs: number;
  readonly reason: string;
}

export interface NotifyPlan {
  readonly routes: readonly NotifyRoute[];
  readonly silences: readonly NotifySilence[];
  readonly utcOffsetMin: number;
  /** How long the first notice of a group waits for more, how often a growing group is told of, how often one that stays is, ms. */
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatMs: number;
  /** A critical alert that is acknowledged and still active is recalled after this, ms. */
  readonly reminderMs: number;
  /** False: alerts are not published to the broker. Default: they are. */
  readonly mqtt?: boolean;
}

/** Nobody is told anything but on the screen and by MQTT. Times as Alertmanager and alarm-management practice have them. */
export const NO_PLAN: NotifyPlan = {
  routes: [],
  silences: [],
  utcOffsetMin: 0,
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatMs: 14_400_000,
  reminderMs: 900_000,
};
