import { PRIORITY_NAMES, type PriorityName } from '../../core/model/alerts.ts';
import { formatCount } from '../common/format.ts';
import { ALERT_COLORS, ALERT_SHAPES, FONT_FAMILY, TEXT } from '../theme/tokens.ts';
import { type Bubble, bubbleRadiusPx } from './grid-bins.ts';
import { worldPx } from './mercator.ts';
import { BADGE_GROUND, INK } from './palette.ts';

/** Where the map looks: centre in Web Mercator (0–1), zoom, size in CSS pixels. */
export interface MapView {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

const QUIET_EDGE = '#6b737c';
const BADGE_PX = 7;

/** Count bubbles on a plain canvas over the basemap and under the vehicles. */
export class BubbleCanvas {
  readonly element = document.createElement('canvas');
  private readonly context = this.element.getContext('2d');
  private bubbles: readonly Bubble[] = [];
  private view: MapView = { x: 0.5, y: 0.5, zoom: 0, widthPx: 0, heightPx: 0 };

  constructor() {
    Object.assign(this.element.style, { position: 'absolute', left: '0', top: '0', pointerEvents: 'none' });
    this.element.hidden = true;
  }

  draw(bubbles: readonly Bubble[], view: MapView): void {
    this.bubbles = bubbles;
    this.view = view;
    this.element.hidden = bubbles.length === 0;
    const { context } = this;
    if (!context || bubbles.length === 0) return;
    this.resize(view);
    context.clearRect(0, 0, view.widthPx, view.heightPx);
    // Small ones first: where two touch, the larger crowd lies on top.
    for (let i = bubbles.length - 1; i >= 0; i--) {
      for (const [x, y] of this.places(bubbles[i])) drawBubble(context, bubbles[i], x, y);
    }
  }

  /** The bubble under a pixel. */
  at(x: number, y: number): Bubble | undefined {
    return this.bubbles.find((bubble) =>
      this.places(bubble).some(([bx, by]) => Math.hypot(bx - x, by - y) <= bubbleRadiusPx(bubble.count) + 2),
    );
  }

  /** Its pixels on the screen: one place, or more where the world repeats. */
  private places(bubble: Bubble): [x: number, y: number][] {
    const { view } = this;
    const world = worldPx(view.zoom);
    const y = (bubble.y - view.y) * world + view.heightPx / 2;
    if (y < -40 || y > view.heightPx + 40) return [];
    const first = (((bubble.x - view.x) % 1) - 1) * world + view.widthPx / 2;
    const places: [number, number][] = [];
    for (let x = first; x < view.widthPx + 40; x += world) if (x > -40) places.push([x, y]);
    return places;
  }

  private resize({ widthPx, heightPx }: MapView): void {
    const ratio = window.devicePixelRatio;
    const width = Math.round(widthPx * ratio);
    const height = Math.round(heightPx * ratio);
    if (this.element.width === width && this.element.height === height) return;
    this.element.width = width;
    this.element.height = height;
    this.element.style.width = `${widthPx}px`;
    this.element.style.height = `${heightPx}px`;
    this.context?.scale(ratio, ratio);
  }
}

function drawBubble(context: CanvasRenderingContext2D, bubble: Bubble, x: number, y: number): void {
  const radius = bubbleRadiusPx(bubble.count);
  const priority = bubble.worst > 0 ? (PRIORITY_NAMES[bubble.worst] as PriorityName) : undefined;
  disc(context, x, y, radius + 2, INK, 0.75);
  disc(context, x, y, radius, BADGE_GROUND, 1);
  context.lineWidth = priority ? 2.5 : 1.25;
  context.strokeStyle = priority ? ALERT_COLORS[priority] : QUIET_EDGE;
  context.stroke();
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = TEXT.main;
  context.font = `600 ${radius > 16 ? 12 : 11}px ${FONT_FAMILY}`;
  context.fillText(formatCount(bubble.count), x, y + 0.5);
  if (priority) drawSign(context, priority, x + radius * 0.75, y - radius * 0.75);
}

function drawSign(context: CanvasRenderingContext2D, priority: PriorityName, x: number, y: number): void {
  disc(context, x, y, BADGE_PX + 1, INK, 0.95);
  context.fillStyle = ALERT_COLORS[priority];
  context.font = `11px ${FONT_FAMILY}`;
  context.fillText(ALERT_SHAPES[priority], x, y + 0.5);
}

function disc(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  color: string,
  alpha: number,
): void {
  context.globalAlpha = alpha;
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
  context.fill();
  context.globalAlpha = 1;
}
