import { CLOCK_BEHIND_MS } from './contact.ts';
import { FAULT_KINDS, type FaultKind } from './kinds.ts';
import type { TruthLine } from './truth.ts';

/** An alert as the room's history has it; times in Unix ms. */
export interface RaisedAlert {
  readonly ruleId: string;
  readonly vehicleId: string;
  readonly onsetMs: number;
  readonly raisedMs: number;
}

export interface FaultTally {
  readonly fault: FaultKind;
  injected: number;
  alerted: number;
  missed: number;
  /** The run ended before the rule had to speak up. */
  notDue: number;
  noRule: number;
  /** Messages touched, for faults of the wire. */
  messages: number;
  /** From the start of the fault to the alert, ms. */
  readonly delaysMs: number[];
}

export interface Answer {
  readonly line: TruthLine;
  readonly alert: RaisedAlert;
}

export interface Comparison {
  /** In the order of FAULT_KINDS, only kinds that were injected. */
  readonly tallies: readonly FaultTally[];
  /** Which alert answers which fault. */
  readonly answers: readonly Answer[];
  readonly missed: readonly TruthLine[];
  readonly falseAlerts: readonly RaisedAlert[];
  /** Alerts that rightly follow from a fault beside the one expected. */
  readonly consequences: number;
  /** Alerts raised when the run was over: a fleet that is switched off falls silent. */
  readonly afterEnd: number;
  /** Undefined when there was nothing to be precise about, or nothing to recall. */
  readonly precision: number | undefined;
  readonly recall: number | undefined;
}

const EARLY_MS = 5_000;
const LATE_MS = 60_000;

/**
 * Sets alerts against the truth, by vehicle, rule and time: an alert belongs to a fault when its onset lies between 5 s
 * before the start and 60 s after the alert was due. `endMs` is the newest event time the room has seen. An alert that was
 * raised more than `graceMs` after it was due does not answer its fault.
 */
export function compare(
  truth: readonly TruthLine[],
  alerts: readonly RaisedAlert[],
  endMs: number,
  graceMs = Number.POSITIVE_INFINITY,
): Comparison {
  const byVehicle = Map.groupBy(
    alerts.toSorted((a, b) => a.onsetMs - b.onsetMs),
    (alert) => alert.vehicleId,
  );
  const tallies = new Map<FaultKind, FaultTally>();
  const used = new Set<RaisedAlert>();
  const answers: Answer[] = [];
  const missed: TruthLine[] = [];
  for (const line of truth.toSorted((a, b) => a.start_ms - b.start_ms)) {
    const tally = tallyOf(tallies, line.fault);
    tally.injected++;
    tally.messages += line.count ?? 0;
    if (line.expected_rule === null) {
      tally.noRule++;
      continue;
    }
    const alert = byVehicle.get(line.vehicle_id)?.find((a) => !used.has(a) && isExpected(line, a, graceMs));
    if (alert) {
      used.add(alert);
      answers.push({ line, alert });
      tally.alerted++;
      tally.delaysMs.push(alert.raisedMs - line.start_ms);
    } else if (line.due_ms > endMs) tally.notDue++;
    else {
      tally.missed++;
      missed.push(line);
    }
  }
  return summary(truth, alerts, endMs, { tallies, used, answers, missed });
}

function summary(
  truth: readonly TruthLine[],
  alerts: readonly RaisedAlert[],
  endMs: number,
  found: { tallies: Map<FaultKind, FaultTally>; used: Set<RaisedAlert>; answers: Answer[]; missed: TruthLine[] },
): Comparison {
  const faultsOf = Map.groupBy(truth, (line) => line.vehicle_id);
  const rest = alerts.filter((alert) => !found.used.has(alert));
  const unexplained = rest.filter((a) => !faultsOf.get(a.vehicleId)?.some((line) => follows(line, a)));
  const falseAlerts = unexplained.filter((alert) => alert.raisedMs <= endMs + EARLY_MS);
  const alerted = found.used.size;
  const ratio = (part: number, whole: number) => (whole === 0 ? undefined : part / whole);
  return {
    tallies: FAULT_KINDS.flatMap((kind) => found.tallies.get(kind) ?? []),
    answers: found.answers,
    missed: found.missed,
    falseAlerts,
    consequences: rest.length - unexplained.length,
    afterEnd: unexplained.length - falseAlerts.length,
    precision: ratio(alerted, alerted + falseAlerts.length),
    recall: ratio(alerted, alerted + found.missed.length),
  };
}

function tallyOf(tallies: Map<FaultKind, FaultTally>, fault: FaultKind): FaultTally {
  let tally = tallies.get(fault);
  if (!tally) {
    tally = { fault, injected: 0, alerted: 0, missed: 0, notDue: 0, noRule: 0, messages: 0, delaysMs: [] };
    tallies.set(fault, tally);
  }
  return tally;
}

function isExpected(line: TruthLine, alert: RaisedAlert, graceMs: number): boolean {
  return (
    alert.ruleId === line.expected_rule &&
    alert.onsetMs >= line.start_ms - earlyMs(line) &&
    alert.onsetMs <= line.due_ms + LATE_MS &&
    alert.raisedMs <= line.due_ms + graceMs
  );
}

/** How long before a fault its alerts may begin: a device whose clock is behind dates them back. */
function earlyMs({ fault }: TruthLine): number {
  return fault === 'device_clock' ? EARLY_MS + CLOCK_BEHIND_MS : EARLY_MS;
}

/** True when the alert is a consequence of the fault: a rule named in `also`, or the expected one once more. */
function follows(line: TruthLine, alert: RaisedAlert): boolean {
  return (
    (alert.ruleId === line.expected_rule || line.also.includes(alert.ruleId)) &&
    alert.onsetMs >= line.start_ms - earlyMs(line) &&
    alert.onsetMs <= Math.max(line.end_ms, line.due_ms) + LATE_MS
  );
}
