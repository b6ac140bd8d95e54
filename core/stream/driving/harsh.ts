import { headingGapDeg } from '../../model/geometry.ts';
import type { StreamSettings } from '../../model/stream-settings.ts';
import { HARSH, type Step } from '../step.ts';

/** Two fixes of a tracker are this far apart; closer the noise is judged, further the average of what happened. */
const SHORTEST_LEG_MS = 400;
const LONGEST_LEG_MS = 3000;
/** Severe is this many times the limit: a judgement, no published source. */
export const SEVERE_FACTOR = 1.4;
const RAD = Math.PI / 180;

/**
 * Sets `harsh` and `harshMps2` of a fix from the one before it: the step of speed over time for braking and
 * acceleration, mean speed × change of heading over time for cornering. The gates are for the faster end of the leg
 * when braking or accelerating (Teltonika: from 10 km/h), and for its slower end when cornering (30 km/h), where
 * headings of a slow vehicle are noise.
 */
export function judgeHarsh(step: Step, settings: StreamSettings): void {
  step.harsh = 0;
  step.harshMps2 = 0;
  const { fixGapMs, speedKmph, prevSpeedKmph } = step;
  if (!(fixGapMs >= SHORTEST_LEG_MS && fixGapMs <= LONGEST_LEG_MS)) return;
  const seconds = fixGapMs / 1000;
  const fastKmph = speedKmph > prevSpeedKmph ? speedKmph : prevSpeedKmph;
  if (fastKmph >= settings.harshGateKmph) {
    const mps2 = (speedKmph - prevSpeedKmph) / 3.6 / seconds;
    if (mps2 < 0) judge(step, HARSH.brake, -mps2, settings.harshBrakeMps2);
    else judge(step, HARSH.acceleration, mps2, settings.harshAccelerationMps2);
  }
  if (speedKmph < settings.cornerGateKmph || prevSpeedKmph < settings.cornerGateKmph) return;
  const turnRad = turnDeg(step.headingDeg, step.prevHeadingDeg) * RAD;
  const lateralMps2 = ((speedKmph + prevSpeedKmph) / 2 / 3.6) * (turnRad / seconds);
  judge(step, HARSH.corner, lateralMps2, settings.harshCornerMps2);
}

/** Like `headingGapDeg`, without its costly remainder for headings within one turn. */
function turnDeg(a: number, b: number): number {
  const gap = Math.abs(a - b);
  if (gap <= 180) return gap;
  return gap <= 360 ? 360 - gap : headingGapDeg(a, b);
}

/** NaN, from a speed or heading that is not known, is never harsh. */
function judge(step: Step, bit: number, mps2: number, limitMps2: number): void {
  if (!(mps2 >= limitMps2)) return;
  step.harsh |= bit;
  if (mps2 >= limitMps2 * SEVERE_FACTOR) step.harsh |= HARSH.severe;
  if (mps2 > step.harshMps2) step.harshMps2 = mps2;
}
