import type { FaultKind } from './faults/kinds.ts';

export interface FleetOptions {
  /** 1 … 200,000. */
  readonly vehicles: number;
  /** Telemetry messages per second and vehicle, 0.01 … 50; default 1. */
  readonly rate?: number;
  /** Length of the run in seconds of event time; endless when undefined. */
  readonly seconds?: number;
  /** Any word; the same seed and start give the same messages. Default `1`. */
  readonly seed?: string;
  /** Event time of the beginning, Unix ms. */
  readonly startMs: number;
  readonly faults?: readonly FaultKind[];
  /** Put before every topic, with its slash. */
  readonly prefix?: string;
}

/** Throws a RangeError that names the option and its range. */
export function checkFleetOptions(options: FleetOptions): void {
  const check = (name: string, value: number | undefined, low: number, high: number) => {
    if (value !== undefined && !(value >= low && value <= high)) {
      throw new RangeError(`${name} must be a number from ${low} to ${high}, not ${value}`);
    }
  };
  check('vehicles', options.vehicles, 1, 200_000);
  if (!Number.isInteger(options.vehicles)) throw new RangeError(`vehicles must be whole, not ${options.vehicles}`);
  check('rate', options.rate, 0.01, 50);
  check('seconds', options.seconds, 0.001, 31_536_000);
  check('startMs', options.startMs, 0, 8.64e15);
}
