import { MapLibreOverlay } from '@deck.gl/maplibre';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { AutoFit, type FirstView } from './auto-fit.ts';
import { BubbleCanvas, type MapView } from './bubble-canvas.ts';
import { appNowS } from './clock.ts';
import type { FleetBuffer } from './fleet-buffer.ts';
import { FollowCamera } from './follow-camera.ts';
import { GridBins } from './grid-bins.ts';
import { MapPointer } from './map-pointer.ts';
import { mercatorX, mercatorY } from './mercator.ts';
import { openMap } from './open-map.ts';
import { motionFps, Pacer } from './pacer.ts';
import { detectGraphics } from './software-gl.ts';
import { StatsCollector } from './stats.ts';
import { trackLine } from './track-line.ts';
import { vehicleFrame } from './vehicle-frame.ts';
import { VehicleLayer } from './vehicle-layer.ts';

/** What the rest of the screen may ask of the map. Positions in degrees. */
export interface FleetMapApi {
  flyTo(lon: number, lat: number, zoom?: number): void;
  /** Shows all vehicles that have a position. */
  fitFleet(): void;
  /** Draws the next frame soon. `FleetBuffer.apply` asks for that by itself. */
  redraw(): void;
  /** Shows the travelled way of a vehicle; undefined = none. */
  setTrack(track: { lon: number[]; lat: number[] } | undefined): void;
}

export interface FleetMapOptions {
  readonly container: HTMLElement;
  readonly fleet: FleetBuffer;
  readonly streetsUrl: string | undefined;
  readonly firstView: FirstView;
  nameOf(slot: number): string | undefined;
  /** Wall clock for the age of messages, Unix ms. */
  nowMs(): number;
  onSelect(slot: number | undefined): void;
  onFollowEnd(): void;
  /** The map cannot be drawn any more; the sentence says why. */
  onFailure(message: string): void;
}

const NO_WEBGL =
  'The map cannot be drawn: this window has no WebGL 2. Turn on hardware acceleration or update the graphics driver.';
const CONTEXT_LOST = 'The graphics driver has stopped drawing the map.';

/** Changes reach the screen at least this often where nothing moves visibly, and a glow is drawn this often. */
const STALE_FPS = { hardware: 30, software: 3 } as const;
const GLOW_FPS = { hardware: 20, software: 3 } as const;
const DEFAULT_ZOOM = 14;
const FIT_MS = 600;

/** The map itself: basemap, vehicles, bubbles, pointer and camera. All per-frame state is in typed arrays. */
export class FleetMapView {
  readonly api: FleetMapApi;
  private readonly options: FleetMapOptions;
  private readonly graphics: 'software' | 'hardware';
  private readonly map: MapLibreMap;
  private readonly layer: VehicleLayer;
  private readonly bins = new GridBins();
  private readonly bubbles = new BubbleCanvas();
  private readonly pointer: MapPointer;
  private readonly follow: FollowCamera;
  private readonly autoFit: AutoFit;
  private readonly pacer: Pacer;
  private readonly stats: StatsCollector;
  private readonly reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)');
  private readonly stopListening: () => void;
  private destroyed = false;
  private stale = true;
  private binnedZoom = -1;
  private seenUpdates = 0;
  private frameStartMs = 0;

  /** Throws an Error whose message can be shown where the map cannot be drawn. */
  constructor(options: FleetMapOptions) {
    const graphics = detectGraphics();
    if (graphics === 'none') throw new Error(NO_WEBGL);
    this.options = options;
    this.graphics = graphics;
    this.stats = new StatsCollector(graphics === 'software');
    this.map = openMap(options.container, options.streetsUrl, graphics === 'software');
    this.layer = new VehicleLayer({
      id: 'vehicles',
      fleet: options.fleet,
      frame: vehicleFrame(appNowS, () => this.map.getZoom(), this.reducedMotion),
    });
    this.follow = new FollowCamera(this.map, options.fleet);
    this.autoFit = new AutoFit(this.map, options.fleet, options.firstView);
    this.pointer = this.addPointer();
    this.addOverlays();
    this.watchMap();
    this.pacer = new Pacer({ wantedFps: () => this.wantedFps(), draw: () => this.draw() });
    this.stopListening = options.fleet.onChange(() => this.fleetChanged());
    this.api = this.makeApi();
    this.fleetChanged();
  }

  /** undefined = nothing selected. */
  setSelected(slot: number | undefined): void {
    this.options.fleet.setSelected(slot ?? -1);
    this.pacer.request();
  }

  /** undefined = the camera stays where it is. */
  setFollowed(slot: number | undefined): void {
    if (slot !== undefined) this.autoFit.stop();
    this.follow.setSlot(slot ?? -1, appNowS());
    this.pacer.request();
  }

  destroy(): void {
    this.destroyed = true;
    this.stopListening();
    this.pacer.stop();
    this.stats.stop();
    this.options.fleet.setHovered(-1);
    this.pointer.tooltip.element.remove();
    this.map.remove();
  }

  private addPointer(): MapPointer {
    const { fleet, container, nameOf, nowMs, onSelect } = this.options;
    const { map, bubbles } = this;
    const onHover = (): void => this.pacer.request();
    const pointer = new MapPointer({ map, fleet, bubbles, nameOf, nowMs, onSelect, onHover });
    container.append(pointer.tooltip.element);
    return pointer;
  }

  private addOverlays(): void {
    this.map.getCanvasContainer().append(this.bubbles.element);
    const overlay = new MapLibreOverlay({
      interleaved: false,
      useDevicePixels: this.graphics === 'hardware',
      layers: [this.layer],
      onBeforeRender: () => {
        this.frameStartMs = performance.now();
      },
      onAfterRender: () => this.rendered(),
      onDeviceInitialized: (device) => {
        // luma gives the same reason for a lost context and for a device that we destroyed.
        void device.lost.then(() => {
          if (!this.destroyed) this.options.onFailure(CONTEXT_LOST);
        });
      },
    });
    this.map.addControl(overlay);
  }

  private watchMap(): void {
    const { map } = this;
    map.on('webglcontextlost', () => this.options.onFailure(CONTEXT_LOST));
    map.on('render', () => this.drawBubbles());
    map.on('zoom', () => this.rebinIfZoomed());
    map.on('move', () => this.pacer.wake());
    map.on('dragstart', () => {
      if (this.follow.active) this.options.onFollowEnd();
    });
    map.on('error', ({ error }) => console.warn(`Map: ${error.message}`));
  }

  private makeApi(): FleetMapApi {
    const { map } = this;
    return {
      flyTo: (lon, lat, zoom = Math.max(DEFAULT_ZOOM, map.getZoom())) => {
        this.autoFit.stop();
        map.flyTo({ center: [lon, lat], zoom });
      },
      fitFleet: () => {
        this.autoFit.stop();
        this.autoFit.fit(FIT_MS);
      },
      redraw: () => this.markStale(),
      setTrack: trackLine(map),
    };
  }

  private fleetChanged(): void {
    const { fleet } = this.options;
    if (fleet.updates !== this.seenUpdates) {
      this.seenUpdates = fleet.updates;
      const startMs = performance.now();
      this.autoFit.update(appNowS());
      this.rebin();
      this.stats.addUpdate(fleet.lastApplyMs + performance.now() - startMs);
    }
    this.markStale();
  }

  private markStale(): void {
    this.stale = true;
    this.pacer.wake();
  }

  private rebin(): void {
    const { fleet } = this.options;
    this.binnedZoom = this.bins.stepOf(this.map.getZoom());
    if (this.bins.update(fleet, this.map.getZoom())) fleet.touchOrder();
    this.drawBubbles();
  }

  private rebinIfZoomed(): void {
    if (this.bins.stepOf(this.map.getZoom()) !== this.binnedZoom) this.rebin();
  }

  private drawBubbles(): void {
    this.bubbles.draw(this.bins.bubbles, this.view());
  }

  private view(): MapView {
    const { lng, lat } = this.map.getCenter();
    const { clientWidth, clientHeight } = this.map.getContainer();
    return {
      x: mercatorX(lng),
      y: mercatorY(lat),
      zoom: this.map.getZoom(),
      widthPx: clientWidth,
      heightPx: clientHeight,
    };
  }

  private wantedFps(): number {
    const { fleet } = this.options;
    const order = fleet.drawOrder();
    let fps = this.stale ? STALE_FPS[this.graphics] : 0;
    if (order.length === 0) return fps;
    if (appNowS() < fleet.glides.untilS) fps = Math.max(fps, motionFps(this.map.getZoom(), this.map.getCenter().lat));
    if (order.unacknowledged > 0 && !this.reducedMotion.matches) fps = Math.max(fps, GLOW_FPS[this.graphics]);
    return fps;
  }

  private draw(): void {
    const nowS = appNowS();
    this.stale = false;
    this.follow.update(nowS);
    this.pointer.update(nowS);
    this.layer.setNeedsRedraw();
  }

  private rendered(): void {
    const drawn = this.options.fleet.drawOrder().length;
    this.stats.addFrame(performance.now() - this.frameStartMs, drawn, this.bins.bubbles.length);
  }
}
