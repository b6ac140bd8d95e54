import type { Map as MapLibreMap } from 'maplibre-gl';
import type { FleetBuffer } from './fleet-buffer.ts';
import type { LonLat } from './glides.ts';

const APPROACH_MS = 500;
const MIN_FOLLOW_ZOOM = 12;
/** The basemap is redrawn for every move of the camera: it moves only by whole steps of this size. */
const STEP_PX = 0.5;

/** Keeps one vehicle in the middle of the map, where it is drawn, until the operator drags the map away. */
export class FollowCamera {
  private readonly map: MapLibreMap;
  private readonly fleet: FleetBuffer;
  private slot = -1;
  private readonly position: LonLat = [0, 0];

  constructor(map: MapLibreMap, fleet: FleetBuffer) {
    this.map = map;
    this.fleet = fleet;
  }

  get active(): boolean {
    return this.slot >= 0;
  }

  /** Follows a slot from now on; -1 = stops. */
  setSlot(slot: number, nowS: number): void {
    if (slot === this.slot) return;
    this.slot = slot;
    this.map.scrollZoom.disable();
    this.map.scrollZoom.enable(slot >= 0 ? { around: 'center' } : undefined);
    const position = this.fleet.at(slot, nowS, this.position);
    if (!position) return;
    const zoom = Math.max(MIN_FOLLOW_ZOOM, this.map.getZoom());
    this.map.easeTo({ center: position, zoom, duration: APPROACH_MS });
  }

  /** Moves the camera to where the vehicle is drawn at `nowS`, unless it is moving by itself. */
  update(nowS: number): void {
    if (this.slot < 0 || this.map.isMoving()) return;
    const position = this.fleet.at(this.slot, nowS, this.position);
    if (!position) return;
    const pixel = this.map.project(position);
    const { clientWidth, clientHeight } = this.map.getContainer();
    if (Math.hypot(pixel.x - clientWidth / 2, pixel.y - clientHeight / 2) < STEP_PX) return;
    this.map.jumpTo({ center: position });
  }
}
