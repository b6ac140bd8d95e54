/** Where the connection to the broker stands. */
export type BrokerState = 'connecting' | 'connected' | 'reconnecting' | 'refused' | 'stopped';

export interface BrokerStatus {
  readonly state: BrokerState;
  /** One plain sentence: what is wrong and what to do; empty when all is well. */
  readonly detail: string;
}
