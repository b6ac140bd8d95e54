/** How to reach the broker. Paths are files in PEM format; read when the room connects. */
export interface BrokerOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; user and password may be in it. */
  readonly url: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly user?: string;
  readonly password?: string;
  /** Shared subscription group: several rooms share the load. */
  readonly shareGroup?: string;
  /** Put before every topic, with its slash: `site-a/`. */
  readonly topicPrefix?: string;
  /** Stable client id: the broker keeps this room's queue under it. Made once per data directory by default. */
  readonly clientId?: string;
}

export interface RoomOptions {
  readonly version: string;
  readonly dataDir: string;
  readonly broker: BrokerOptions;
  readonly demo: boolean;
  /** Folder of `*.yaml` rule packs. */
  readonly rulesDir: string;
  /** True: somebody asked for that folder. Else `rules/` in the data directory comes before it, once it is there. */
  readonly rulesDirAsked?: boolean;
  /** Vehicles beyond this many are quarantined; default 100,000. */
  readonly maxVehicles?: number;
  /** `os`: acknowledged when the journal write returned (survives a crash of the program); `disk`: after fdatasync. */
  readonly durability?: 'os' | 'disk';
  /** Closed journal segments are deleted beyond these; defaults 20 GiB and 14 days. */
  readonly journalMaxBytes?: number;
  readonly journalMaxAgeMs?: number;
}
