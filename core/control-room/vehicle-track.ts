import type { Engine } from '../engine/engine.ts';
import { decodeTrack } from '../model/track-codec.ts';
import type { RequestArgs, VehicleTrack } from '../protocol/requests.ts';

/** A track from history with the piece behind it that the engine has not finished yet. */
export function withOpenTrack(engine: Engine, args: RequestArgs<'vehicle.track'>, track: VehicleTrack): VehicleTrack {
  const slot = engine.vehicles.find(args.vehicleId);
  const open = slot === undefined ? undefined : engine.fleet.tracks.open(slot);
  if (!open) return track;
  const points = decodeTrack(open.data, open.startMs);
  const from = points.timeMs.findIndex((t) => t >= args.fromMs);
  const to = points.timeMs.findLastIndex((t) => t <= args.toMs);
  if (from < 0 || to < from) return track;
  const join = (a: readonly number[], b: readonly number[]): number[] => [...a, ...b.slice(from, to + 1)];
  return {
    timeMs: join(track.timeMs, points.timeMs),
    lat: join(track.lat, points.lat),
    lon: join(track.lon, points.lon),
    speedKmph: join(track.speedKmph, points.speedKmph),
    headingDeg: join(track.headingDeg, points.headingDeg),
  };
}
