import { RoomError } from '../../protocol/errors.ts';
import { FASTEST_REPLAY, type ReplayState, type ReplayStep, SLOWEST_REPLAY } from '../../protocol/replay.ts';
import type { RequestHandlers } from '../../protocol/requests.ts';
import { sourcesAside } from '../operator-handlers.ts';
import { queryHandlers } from '../query-handlers.ts';
import type { QUERY_REQUESTS } from '../query-requests.ts';
import { vehicleDetail } from '../vehicle-detail.ts';
import { pendingRules } from '../vehicle-pending.ts';
import { withOpenTrack } from '../vehicle-track.ts';
import type { REPLAY_REQUESTS } from './replay-requests.ts';
import type { ReplaySession } from './replay-session.ts';

const LONGEST_STEP_S = 86_400;

type Answered = (typeof REPLAY_REQUESTS)[number] | (typeof QUERY_REQUESTS)[number];

/** What owns the thread a replay runs in. */
export interface ReplayDriver {
  /** There may be something to do. */
  wake(): void;
  /** Resolves when no step or seek is under way. */
  arrived(): Promise<void>;
}

/** What a replay answers its window; the rest is the window hub's. */
export function replayHandlers(
  session: ReplaySession,
  driver: ReplayDriver,
): RequestHandlers<Exclude<Answered, 'fleet.open' | 'fleet.close' | 'vehicle.watch'>> {
  const history = queryHandlers(() => session.queries);
  const told = (tell: () => void): ReplayState => {
    tell();
    driver.wake();
    return session.state;
  };
  const gone = async (go: () => void): Promise<ReplayState> => {
    told(go);
    await driver.arrived();
    return session.state;
  };
  return {
    ...history,
    'alerts.open': () => ({ alerts: session.engine.book.openAlerts().map((alert) => ({ ...alert })) }),
    'alerts.aside': () => sourcesAside(session.engine.book),
    'vehicle.pending': ({ vehicleId }) => pendingRules(session.engine, vehicleId),
    'vehicle.get': ({ vehicleId }) => {
      const { engine } = session;
      const slot = engine.vehicles.find(vehicleId);
      return { vehicle: slot === undefined || slot >= engine.fleet.state.count ? null : vehicleDetail(engine, slot) };
    },
    'vehicle.track': async (args) => withOpenTrack(session.engine, args, await history['vehicle.track'](args)),
    'replay.play': ({ speed }) => {
      const isSpeed = speed === 'max' || (Number(speed) >= SLOWEST_REPLAY && Number(speed) <= FASTEST_REPLAY);
      if (!isSpeed) throw badArguments(`A replay runs at ${SLOWEST_REPLAY} to ${FASTEST_REPLAY} × or at max.`);
      return told(() => session.play(speed));
    },
    'replay.pause': () => told(() => session.pause()),
    'replay.step': (step) => {
      checkStep(step);
      return gone(() => session.step(step));
    },
    'replay.seek': ({ timeMs }) => {
      if (!Number.isFinite(timeMs)) throw badArguments('Seek to a time in Unix ms.');
      return gone(() => session.seek(timeMs));
    },
    'replay.state': () => ({ replay: session.state }),
  };
}

function checkStep(step: ReplayStep): void {
  if (step.by === 'record' || step.by === 'tick') return;
  if (step.by === 'seconds' && step.seconds > 0 && step.seconds <= LONGEST_STEP_S) return;
  throw badArguments(`Step by one record, by one tick, or by up to ${LONGEST_STEP_S} seconds.`);
}

function badArguments(message: string): RoomError {
  return new RoomError('bad-arguments', message);
}
