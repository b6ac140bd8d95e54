import { below } from '../random.ts';
import { course, untilSeen } from './course.ts';
import { type FaultBehaviour, onlyIf, telemetryDelayMs, truthLine } from './episode.ts';
import { followRing, hasWayLeft, onRing, onTheRoad } from './road.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** How far behind a device's clock is when it is wrong. */
export const CLOCK_BEHIND_MS = 90 * SECOND;
/** Once its messages count again: two minutes, in panes of eight seconds, until the lag is seen to be steady, and one in which it stays so. */
const CLOCK_JUDGED_MS = 225 * SECOND;
const STUCK_KMPH = 15;

/** One in three falls silent at rest: then the room may wait longer before it says so. */
export const goingSilent: FaultBehaviour = {
  cost: (v) =>
    onlyIf((v.phase === 'driving' && v.speedMps > 8) || (v.phase === 'parked' && v.loggedIn && v.index % 3 === 0)),
  begin(v, ctx) {
    const moving = v.phase === 'driving';
    const lastsMs = (15 + below(ctx.rnd, 6)) * MINUTE;
    const startMs = v.timeMs;
    v.override.silent = true;
    const waitMs = (moving ? 2 : 10) * MINUTE;
    const rule = moving
      ? { id: 'silent-moving', dueAfterMs: waitMs + 2 * SECOND, also: ['offline'] }
      : { id: 'offline', dueAfterMs: waitMs + 2 * SECOND };
    const line = truthLine(v, ctx, 'going_silent', lastsMs, rule, moving ? 'while moving' : 'while parked');
    ctx.truth({ ...line, start_ms: v.sentMs, due_ms: v.sentMs + rule.dueAfterMs });
    return {
      tick(vehicle) {
        if (vehicle.timeMs - startMs < lastsMs) return false;
        // The first it tells when it is back is all it knows: what it said before no longer holds.
        vehicle.statusDue = true;
        return true;
      },
    };
  },
};

/**
 * A device starts anew with a clock that is behind, and is put right some minutes later. It stands meanwhile: until its clock
 * has caught up with what it told before, the room takes its messages for old ones.
 */
export const deviceClock: FaultBehaviour = {
  cost: (v) =>
    onlyIf(
      v.phase === 'parked' && v.loggedIn && !v.onBreak && v.phaseUntilMs - v.timeMs > CLOCK_BEHIND_MS + 20 * SECOND,
    ),
  begin(v, ctx) {
    const lastsMs = CLOCK_BEHIND_MS + CLOCK_JUDGED_MS + 2 * MINUTE;
    const due = { id: 'device-clock', dueAfterMs: CLOCK_BEHIND_MS + CLOCK_JUDGED_MS + telemetryDelayMs(ctx) };
    ctx.truth(truthLine(v, ctx, 'device_clock', lastsMs, due, `clock ${CLOCK_BEHIND_MS / SECOND} s behind`));
    return course(v, SECOND, lastsMs, (vehicle) => {
      vehicle.override.clockBehindMs = CLOCK_BEHIND_MS;
    });
  },
};

/** The receiver repeats its last position while the vehicle drives on. */
export const telemetryStuck: FaultBehaviour = {
  /** Rather on the ring, where nothing makes it slow down. */
  cost: (v) => (onTheRoad(v) && v.speedMps > 10 && hasWayLeft(v, 2000) ? (onRing(v) ? 0 : 1) : onlyIf(false)),
  begin(v, ctx) {
    v.override.stuckAt = { lat: v.lat, lon: v.lon };
    return untilSeen(v, ctx, {
      fault: 'telemetry_stuck',
      ruleId: 'telemetry-stuck',
      detail: 'tells one position while it drives',
      apply: followRing,
      holds: (vehicle) => vehicle.speedMps * 3.6 > STUCK_KMPH,
      forMs: MINUTE + telemetryDelayMs(ctx),
      afterMs: MINUTE,
      atMostMs: 12 * MINUTE,
    });
  },
};
