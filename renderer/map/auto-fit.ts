import type { LngLatBoundsLike, Map as MapLibreMap } from 'maplibre-gl';
import type { FleetBuffer } from './fleet-buffer.ts';

const FIT = { padding: 70, maxZoom: 13 } as const;
/** After the first vehicles the view follows the growing fleet for so long. */
const SETTLE_S = 4;

/** Shows the whole fleet once, when its first vehicles have arrived, unless the operator has moved the map already. */
export class AutoFit {
  private readonly map: MapLibreMap;
  private readonly fleet: FleetBuffer;
  private untilS: number | undefined;
  private done = false;

  constructor(map: MapLibreMap, fleet: FleetBuffer) {
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
    if (this.fit(0)) this.untilS ??= nowS + SETTLE_S;
    if (this.untilS !== undefined && nowS > this.untilS) this.done = true;
  }

  /** True where there is a vehicle to be shown. */
  fit(durationMs: number): boolean {
    const bounds = this.fleet.bounds();
    if (bounds) this.map.fitBounds(bounds satisfies LngLatBoundsLike, { ...FIT, duration: durationMs });
    return bounds !== undefined;
  }
}
