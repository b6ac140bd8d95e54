import type { Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl';
import type { BubbleCanvas } from './bubble-canvas.ts';
import { appNowS } from './clock.ts';
import { boundsAround } from './fleet-areas.ts';
import type { FleetBuffer } from './fleet-buffer.ts';
import type { LonLat } from './glides.ts';
import type { Bubble } from './grid-bins.ts';
import { bubbleLines, MapTooltip, vehicleLines } from './map-tooltip.ts';
import { worldPx } from './mercator.ts';

const PICK_RADIUS_PX = 14;
/** A hovered vehicle that has driven this far from the pointer is left. */
const LEAVE_PX = 36;
/** Vehicles this near to a bubble's middle are shown by a click on it. */
const BUBBLE_REACH_PX = 44;
const TEXT_EVERY_S = 0.5;

export interface PointerOptions {
  readonly map: MapLibreMap;
  readonly fleet: FleetBuffer;
  readonly bubbles: BubbleCanvas;
  nameOf(slot: number): string | undefined;
  /** Wall clock for the age of messages, Unix ms. */
  nowMs(): number;
  onSelect(slot: number | undefined): void;
  /** The hovered vehicle changed. */
  onHover(): void;
}

/** Hover and click: nearest vehicle, then the bubble under the pointer. */
export class MapPointer {
  readonly tooltip = new MapTooltip();
  private readonly options: PointerOptions;
  private x = Number.NaN;
  private y = Number.NaN;
  private bubble: Bubble | undefined;
  private nextTextS = 0;
  private readonly position: LonLat = [0, 0];
  private readonly viewport = {
    unproject: (pixel: [number, number]): LonLat => {
      const { lng, lat } = this.options.map.unproject(pixel);
      return [lng, lat];
    },
  };

  constructor(options: PointerOptions) {
    this.options = options;
    const { map } = options;
    map.on('mousemove', (event) => this.hover(event));
    map.on('mouseout', () => this.leave());
    // Not on every move: the follow camera moves the map under a hovered vehicle all the time.
    map.on('dragstart', () => this.leave());
    map.on('zoomstart', () => this.leave());
    map.on('click', (event) => this.click(event));
  }

  /** Keeps the tooltip at the vehicle, and its text current. Call once per drawn frame. */
  update(nowS: number): void {
    const { fleet, map } = this.options;
    const slot = fleet.hoveredSlot;
    if (slot < 0) return;
    const position = fleet.at(slot, nowS, this.position);
    const pixel = position && map.project(position);
    if (!pixel || Math.hypot(pixel.x - this.x, pixel.y - this.y) > LEAVE_PX) {
      this.leave();
      return;
    }
    if (nowS >= this.nextTextS) this.showVehicle(slot, nowS);
    this.tooltip.moveTo(pixel.x, pixel.y);
  }

  private hover({ point }: MapMouseEvent): void {
    if (this.options.map.isZooming() || this.options.map.dragPan.isActive()) return;
    this.x = point.x;
    this.y = point.y;
    const nowS = appNowS();
    const slot = this.vehicleAt(point.x, point.y, nowS);
    this.bubble = slot < 0 ? this.options.bubbles.at(point.x, point.y) : undefined;
    this.setHovered(slot);
    if (slot >= 0) this.showVehicle(slot, nowS);
    else if (this.bubble) this.tooltip.show(bubbleLines(this.bubble));
    else this.tooltip.hide();
    if (slot >= 0 || this.bubble) this.tooltip.moveTo(point.x, point.y);
    this.options.map.getCanvas().style.cursor = slot >= 0 || this.bubble ? 'pointer' : '';
  }

  private click({ point }: MapMouseEvent): void {
    const { map, bubbles, onSelect } = this.options;
    const slot = this.vehicleAt(point.x, point.y, appNowS());
    if (slot >= 0) {
      onSelect(slot);
      return;
    }
    const bubble = bubbles.at(point.x, point.y);
    if (!bubble) {
      onSelect(undefined);
      return;
    }
    const radius = BUBBLE_REACH_PX / worldPx(map.getZoom());
    const bounds = boundsAround(this.options.fleet, bubble.x, bubble.y, radius);
    if (bounds) map.fitBounds(bounds, { padding: 70, maxZoom: 14 });
  }

  private leave(): void {
    this.bubble = undefined;
    this.tooltip.hide();
    this.setHovered(-1);
    this.options.map.getCanvas().style.cursor = '';
  }

  private vehicleAt(x: number, y: number, nowS: number): number {
    return this.options.fleet.pick(this.viewport, x, y, PICK_RADIUS_PX, nowS);
  }

  private setHovered(slot: number): void {
    if (slot === this.options.fleet.hoveredSlot) return;
    this.options.fleet.setHovered(slot);
    this.options.onHover();
  }

  private showVehicle(slot: number, nowS: number): void {
    const { fleet, nameOf, nowMs } = this.options;
    this.tooltip.show(vehicleLines(fleet, slot, nameOf(slot) ?? `Vehicle ${slot}`, nowMs()));
    this.nextTextS = nowS + TEXT_EVERY_S;
  }
}
