import type { LngLatBoundsLike, Map as MapLibreMap } from 'maplibre-gl';
import { busiestArea, type FleetBounds } from './fleet-areas.ts';
import type { FleetBuffer } from './fleet-buffer.ts';

const FIT = { padding: 70, maxZoom: 13 } as const;
/** After the first vehicles the view follows the growing fleet for so long. */
const SETTLE_S = 4;

/** What the map shows first: the whole fleet, or the place where most vehicles are. */
export type FirstView = 'fleet' | 'busiest';

/** Shows the fleet once, when its first vehicles have arrived, unless the operator has moved the map already. */
export class AutoFit {
  private readonly map: MapLibreMap;
  private readonly fleet: FleetBuffer;
  private readonly firstView: FirstView;
  private untilS: number | undefined;
  private done = false;

  constructor(map: MapLibreMap, fleet: FleetBuffer, firstView: FirstView) {
    this.firstView = firstView;
    this.map = map;
    this.fleet = fleet;
    const settle = (): void => this.stop();
    for (const type of ['mousedown', 'wheel', 'touchstart'] as const) map.once(type, settle);
    map.getCanvas().addEventListener('keydown', settle, { once: true });
  }

  /** The camera has another aim now. */
  stop(): void {
    this.done = true;
  }

  /** Call after every change of the fleet. */
  update(nowS: number): void {
    if (this.done) return;
    const first = this.firstView === 'busiest' ? busiestArea(this.fleet) : this.fleet.bounds();
    if (this.show(first, 0)) this.untilS ??= nowS + SETTLE_S;
    if (this.untilS !== undefined && nowS > this.untilS) this.done = true;
  }

  /** The whole fleet. */
  fit(durationMs: number): void {
    this.show(this.fleet.bounds(), durationMs);
  }

  /** True where there is a vehicle to be shown. */
  private show(bounds: FleetBounds | undefined, durationMs: number): boolean {
    if (bounds) this.map.fitBounds(bounds satisfies LngLatBoundsLike, { ...FIT, duration: durationMs });
    return bounds !== undefined;
  }
}
