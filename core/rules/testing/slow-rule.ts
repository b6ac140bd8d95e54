/** What a condition says: true, false or unknown. */
export type Answer = boolean | undefined;

/** One look at a rule: what `when`, `clear` and `until` say at a time, or an acknowledgement of the oldest alert that waits for one. */
export type Step =
  | {
      readonly type: 'look';
      readonly atMs: number;
      readonly when: Answer;
      readonly clear: Answer;
      readonly until?: Answer;
    }
  | { readonly type: 'acknowledge'; readonly atMs: number };

interface SlowAlert {
  readonly onsetMs: number;
  readonly raisedAt: number;
  over: boolean;
  acknowledged: boolean;
}

/** A transition as text: kind, onset of its alert, time. */
export type Line = `${string} ${number} @${number}`;

/**
 * What the alert life cycle means, said the slow way: every look goes back over all looks before it. For comparing with
 * the evaluator, which keeps one stage and one time per vehicle instead.
 */
export function slowRule(steps: readonly Step[], forMs: number, keepMs: number, cooldownMs = 0): Line[] {
  const lines: Line[] = [];
  const alerts: SlowAlert[] = [];
  const looks: Extract<Step, { type: 'look' }>[] = [];
  /** Index of the look from which on the rule has been in its present stage. */
  let stageFrom = 0;
  let firing = false;
  let current: SlowAlert | undefined;
  let coolMs = Number.NEGATIVE_INFINITY;

  /** Time of the first of the newest looks in a row, within the stage, of which `holds` is true; undefined = not now. */
  const since = (holds: (look: (typeof looks)[number]) => boolean): number | undefined => {
    const inStage = looks.slice(stageFrom);
    const lastMiss = inStage.findLastIndex((look) => !holds(look));
    return inStage[lastMiss + 1]?.atMs;
  };
  const enter = (nowFiring: boolean): void => {
    firing = nowFiring;
    stageFrom = looks.length;
  };
  const say = (kind: string, alert: SlowAlert, atMs: number): void => {
    lines.push(`${kind} ${alert.onsetMs} @${atMs}`);
  };

  const end = (atMs: number): void => {
    if (current) {
      current.over = true;
      say('cleared', current, atMs);
    }
    coolMs = atMs + cooldownMs;
    enter(false);
  };

  const raise = (onsetMs: number, atMs: number): void => {
    enter(true);
    const same = alerts.find((alert) => alert.onsetMs === onsetMs);
    if (!same) {
      current = { onsetMs, raisedAt: atMs, over: false, acknowledged: false };
      alerts.push(current);
      say('raised', current, atMs);
    } else if (same.acknowledged) current = undefined;
    else {
      current = same;
      same.over = false;
      say('resumed', same, atMs);
    }
  };

  for (const step of steps) {
    if (step.type === 'acknowledge') {
      const waiting = alerts.find((alert) => !alert.acknowledged);
      if (waiting) {
        waiting.acknowledged = true;
        say('acknowledged', waiting, step.atMs);
      }
      continue;
    }
    const wasUnknown = firing && looks.length > stageFrom && looks.at(-1)?.clear === undefined;
    looks.push(step);
    if (!firing) {
      const onsetMs = since((look) => look.when === true && look.until !== true && look.atMs >= coolMs);
      if (onsetMs !== undefined && step.atMs - onsetMs >= forMs) raise(onsetMs, step.atMs);
      continue;
    }
    if (step.until) {
      end(step.atMs);
      continue;
    }
    if (step.clear === undefined) {
      if (!wasUnknown && current) say('unknown', current, step.atMs);
      continue;
    }
    if (wasUnknown && current) say('resumed', current, step.atMs);
    const overMs = since((look) => look.clear === true);
    if (overMs !== undefined && step.atMs - overMs >= keepMs) end(step.atMs);
  }
  return lines;
}
