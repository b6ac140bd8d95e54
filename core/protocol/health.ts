import type { BrokerStatus } from '../model/broker.ts';

export interface VehicleCounts {
  total: number;
  moving: number;
  idling: number;
  stopped: number;
  offline: number;
}

/** The body of `GET /healthz`; documented in docs/interfaces.md, so keep it stable. */
export interface Health {
  /** `degraded`: running, but the broker is away, the disk refuses writes, or messages were lost. */
  readonly status: 'ok' | 'starting' | 'degraded';
  readonly messages: {
    readonly received: number;
    readonly journaled: number;
    readonly processed: number;
    readonly quarantined: number;
    readonly duplicates: number;
    readonly late: number;
    readonly dropped: number;
  };
  readonly vehicles: VehicleCounts;
  readonly alerts: { readonly active: number; readonly unacknowledged: number; readonly total: number };
  /** From event time to the engine having applied it, over the last minute of live messages; null before the first. */
  readonly lagMs: { readonly p50: number | null; readonly p99: number | null };
  readonly broker: BrokerStatus;
  /** False while the disk refuses the journal: the room goes on live and does not record. */
  readonly recording: boolean;
  /** Plain sentences about anything that is not as it should be; empty when all is well. */
  readonly problems: readonly string[];
}
