// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { PRIORITY } from '../../core/model/alerts.ts';
import { MOVEMENT } from '../../core/model/movement.ts';
import { emptyColumns } from '../../core/protocol/frame.ts';
import { FleetBuffer } from './fleet-buffer.ts';
import { bubbleLines, MapTooltip, vehicleLines } from './map-tooltip.ts';

const NOW_MS = 1_800_000_000_000;

function fleetWith(speedKmph: number, priority: number, unacknowledged: number): FleetBuffer {
  const columns = emptyColumns(1);
  columns.count = 1;
  columns.speedKmph[0] = speedKmph;
  columns.movement[0] = MOVEMENT.moving;
  columns.eventMs[0] = NOW_MS - 5000;
  columns.priority[0] = priority;
  columns.unacknowledged[0] = unacknowledged;
  const fleet = new FleetBuffer();
  fleet.apply(columns, 0);
  return fleet;
}

test('a vehicle is told in plain words', () => {
  expect(vehicleLines(fleetWith(46.7, PRIORITY.high, 1), 0, 'VH-1', NOW_MS)).toEqual([
    { text: 'VH-1' },
    { text: 'Moving · 47 km/h' },
    { text: 'Last message 5 s ago' },
    { text: 'High alert, not acknowledged', priority: 'high' },
  ]);
  expect(vehicleLines(fleetWith(Number.NaN, 0, 0), 0, 'VH-1', NOW_MS)).toEqual([
    { text: 'VH-1' },
    { text: 'Moving' },
    { text: 'Last message 5 s ago' },
  ]);
});

test('a bubble says how many and what waits', () => {
  const bubble = { count: 1200, x: 0, y: 0, worst: PRIORITY.critical, unacknowledged: 3 };
  expect(bubbleLines(bubble)[1]).toEqual({ text: '3 alerts not acknowledged, worst: critical', priority: 'critical' });
  expect(bubbleLines({ ...bubble, worst: 0, unacknowledged: 0 })).toEqual([
    { text: '1200 vehicles' },
    { text: 'Click to zoom in' },
  ]);
});

test('names are shown as text, whatever is in them', () => {
  const tooltip = new MapTooltip();
  tooltip.show([{ text: '<img src=x>' }, { text: 'Critical alert', priority: 'critical' }]);
  expect(tooltip.element.hidden).toBe(false);
  expect(tooltip.element.querySelector('img')).toBeNull();
  expect(tooltip.element.textContent).toBe('<img src=x>◆ Critical alert');
  tooltip.hide();
  expect(tooltip.element.hidden).toBe(true);
});
