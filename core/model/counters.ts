/**
 * Message counts since the data directory was made. `journaled` and `processed` count MQTT messages, not records.
 * After the engine has caught up: journaled = processed, and processed = applied + quarantined + duplicates + ignored.
 * An array payload is one message however many objects it holds; `events` counts the objects.
 */
export interface Counters {
  /** Messages the engine has consumed, the quarantined ones too. */
  processed: number;
  /** Objects decoded and applied. */
  events: number;
  /** Messages (or objects of an array) set aside. */
  quarantined: number;
  duplicates: number;
  /** Older than the newest of their vehicle by more than the lateness bound. */
  late: number;
  /** Messages of topics that are known but have nothing to apply (commands). */
  ignored: number;
}

export const ZERO_COUNTERS: Readonly<Counters> = {
  processed: 0,
  events: 0,
  quarantined: 0,
  duplicates: 0,
  late: 0,
  ignored: 0,
};
