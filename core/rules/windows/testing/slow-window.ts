import type { WindowKind } from '../window-kind.ts';

interface Reading {
  readonly timeMs: number;
  readonly value: number;
}

const PANES = 16;
const MOST_HELD_MS = 60_000;

function mod(a: number, b: number): number {
  return ((a % b) + b) % b;
}

/** A window of one vehicle, slow and obvious: keeps every reading and works out every answer from all of them. */
export class SlowWindow {
  readonly #kind: WindowKind;
  readonly #spanMs: number;
  /** As they came. */
  readonly #readings: Reading[] = [];

  constructor(kind: WindowKind, spanMs: number) {
    this.#kind = kind;
    this.#spanMs = spanMs;
  }

  get newestMs(): number {
    return Math.max(...this.#readings.map((r) => r.timeMs));
  }

  add(timeMs: number, value: number): void {
    const known = Number.isFinite(value);
    if (this.#kind === 'share') {
      if (timeMs < this.newestMs || (!known && this.#readings.length === 0)) return;
      this.#readings.push({ timeMs, value: known ? value : Number.NaN });
    } else if (known && !(this.#pane(timeMs) <= this.#pane(this.newestMs) - PANES)) {
      this.#readings.push({ timeMs, value });
    }
  }

  valueAt(atMs: number): number {
    if (this.#readings.length === 0) return Number.NaN;
    const nowMs = Math.max(atMs, this.newestMs);
    if (this.#kind === 'share') return this.#share(nowMs);
    const first = this.#pane(nowMs) - PANES + 1;
    // Stable: readings of the same time stay in the order in which they came.
    const kept = this.#readings.filter((r) => this.#pane(r.timeMs) >= first).sort((a, b) => a.timeMs - b.timeMs);
    return resultOf(this.#kind, this.#spanMs, kept);
  }

  #pane(timeMs: number): number {
    return (timeMs * 15 - mod(timeMs * 15, this.#spanMs)) / this.#spanMs;
  }

  #share(nowMs: number): number {
    const first = this.#pane(nowMs) - PANES + 1;
    let fromMs = Math.floor((first * this.#spanMs) / 15) - 1;
    while (this.#pane(fromMs) < first) fromMs++;
    let trueMs = 0;
    let observedMs = 0;
    for (const [i, { timeMs, value }] of this.#readings.entries()) {
      const untilMs = Math.min(this.#readings[i + 1]?.timeMs ?? nowMs, timeMs + MOST_HELD_MS);
      const heldMs = Math.max(0, untilMs - Math.max(timeMs, fromMs));
      if (!Number.isNaN(value)) observedMs += heldMs;
      if (value === 1) trueMs += heldMs;
    }
    return observedMs >= this.#spanMs / 2 ? trueMs / observedMs : Number.NaN;
  }
}

function resultOf(kind: Exclude<WindowKind, 'share'>, spanMs: number, readings: readonly Reading[]): number {
  const values = readings.map((r) => r.value);
  const n = values.length;
  const sum = values.reduce((a, b) => a + b, 0);
  if (kind === 'count') return n;
  if (kind === 'sum') return sum;
  if (n === 0) return Number.NaN;
  const oldest = readings[0];
  const newest = readings[n - 1];
  const halfSeen = newest.timeMs - oldest.timeMs >= spanMs / 2;
  switch (kind) {
    case 'avg':
      return sum / n;
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'stddev':
      return n < 2 ? Number.NaN : Math.sqrt(values.reduce((s, v) => s + (v - sum / n) ** 2, 0) / (n - 1));
    case 'delta':
      return halfSeen ? newest.value - oldest.value : Number.NaN;
    case 'slope':
      return halfSeen && n >= 3 ? slopePerMinute(readings) : Number.NaN;
  }
}

function slopePerMinute(readings: readonly Reading[]): number {
  const minutes = readings.map((r) => (r.timeMs - readings[0].timeMs) / 60_000);
  const meanMinutes = minutes.reduce((a, b) => a + b, 0) / readings.length;
  const mean = readings.reduce((s, r) => s + r.value, 0) / readings.length;
  const products = readings.reduce((s, r, i) => s + (minutes[i] - meanMinutes) * (r.value - mean), 0);
  return products / minutes.reduce((s, m) => s + (m - meanMinutes) ** 2, 0);
}
