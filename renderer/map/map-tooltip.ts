import { PRIORITY_NAMES, type PriorityName } from '../../core/model/alerts.ts';
import { MOVEMENT_NAMES } from '../../core/model/movement.ts';
import { formatAge } from '../common/format.ts';
import { ALERT_COLORS, ALERT_LABELS, ALERT_SHAPES, MOVEMENT_LABELS } from '../theme/tokens.ts';
import type { FleetBuffer } from './fleet-buffer.ts';
import type { Bubble } from './grid-bins.ts';

/** One line of a tooltip; `priority` gives it the colour and the shape of an alert. */
export interface TooltipLine {
  readonly text: string;
  readonly priority?: PriorityName;
}

function priorityName(priority: number): PriorityName | undefined {
  return priority > 0 ? (PRIORITY_NAMES[priority] as PriorityName) : undefined;
}

/** What is known of a vehicle without asking anyone: id, status and speed, age of its last message, most urgent alert. */
export function vehicleLines(fleet: FleetBuffer, slot: number, name: string, nowMs: number): TooltipLine[] {
  const status = MOVEMENT_LABELS[MOVEMENT_NAMES[fleet.movement[slot]] ?? 'noData'];
  const speed = fleet.speedKmph[slot];
  const lines: TooltipLine[] = [
    { text: name },
    { text: Number.isNaN(speed) ? status : `${status} · ${Math.round(speed)} km/h` },
  ];
  if (fleet.eventMs[slot] > 0) lines.push({ text: `Last message ${formatAge(nowMs - fleet.eventMs[slot])} ago` });
  const priority = priorityName(fleet.priority[slot]);
  if (priority) {
    const state = fleet.unacknowledged[slot] ? 'not acknowledged' : 'acknowledged';
    lines.push({ text: `${ALERT_LABELS[priority]} alert, ${state}`, priority });
  }
  return lines;
}

/** How many vehicles a bubble stands for and what waits among them. */
export function bubbleLines(bubble: Bubble): TooltipLine[] {
  const lines: TooltipLine[] = [{ text: `${bubble.count} vehicles` }];
  const priority = priorityName(bubble.worst);
  if (priority) {
    const waiting = bubble.unacknowledged === 1 ? '1 alert' : `${bubble.unacknowledged} alerts`;
    lines.push({ text: `${waiting} not acknowledged, worst: ${ALERT_LABELS[priority].toLowerCase()}`, priority });
  }
  lines.push({ text: 'Click to zoom in' });
  return lines;
}

/** A small box beside what the pointer is on. */
export class MapTooltip {
  readonly element = document.createElement('div');

  constructor() {
    this.element.className = 'fleet-map-tooltip';
    this.element.role = 'tooltip';
    this.hide();
  }

  show(lines: readonly TooltipLine[]): void {
    this.element.replaceChildren(...lines.map(lineElement));
    this.element.hidden = false;
  }

  /** Places the box beside the pixel (x, y), turned inwards at the right and the lower edge of the map. */
  moveTo(x: number, y: number): void {
    const { offsetWidth, offsetHeight, parentElement } = this.element;
    const left = x + 16 + offsetWidth > (parentElement?.clientWidth ?? 0) ? x - 16 - offsetWidth : x + 16;
    const top = y + 16 + offsetHeight > (parentElement?.clientHeight ?? 0) ? y - 16 - offsetHeight : y + 16;
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}

function lineElement({ text, priority }: TooltipLine): HTMLElement {
  const line = document.createElement('div');
  if (priority) {
    const sign = document.createElement('span');
    sign.textContent = `${ALERT_SHAPES[priority]} `;
    sign.style.color = ALERT_COLORS[priority];
    line.append(sign);
  }
  line.append(text);
  return line;
}
