import { MOVEMENT } from '../../core/model/movement.ts';

/** 0 = not drawn; higher ranks are drawn later and so lie on top. */
export const RANK_COUNT = 16;
const HIDDEN = 0;
const RANK_BY_MOVEMENT = [1, 4, 3, 2, 1];
const FIRST_ALERT = 5;
const FIRST_UNACKNOWLEDGED = 9;
const HOVERED = 13;
const SELECTED = 14;

/** What decides whether and in which order vehicles are drawn; columns by slot. */
export interface DrawnFacts {
  readonly count: number;
  readonly lon: Float64Array;
  readonly movement: Uint8Array;
  readonly priority: Uint8Array;
  readonly unacknowledged: Uint8Array;
  /** 1 where a count bubble stands for the vehicle. */
  readonly binned: Uint8Array;
  readonly selectedSlot: number;
  readonly hoveredSlot: number;
}

function rankOf(facts: DrawnFacts, slot: number): number {
  if (Number.isNaN(facts.lon[slot])) return HIDDEN;
  if (slot === facts.selectedSlot) return SELECTED;
  if (facts.binned[slot] === 1) return HIDDEN;
  if (slot === facts.hoveredSlot) return HOVERED;
  const priority = facts.priority[slot];
  if (priority > 0) return (facts.unacknowledged[slot] ? FIRST_UNACKNOWLEDGED : FIRST_ALERT) + 4 - priority;
  return RANK_BY_MOVEMENT[facts.movement[slot]] ?? RANK_BY_MOVEMENT[MOVEMENT.noData];
}

/**
 * The slots that are drawn, bottom first: quiet vehicles, then alerts by urgency, those that wait for an acknowledgement
 * last, then the hovered and the selected one. Within a rank by slot. One counting sort, O(count).
 */
export class DrawOrder {
  slots = new Uint32Array(0);
  /** How many of `slots` are valid. */
  length = 0;
  /** How many drawn vehicles wait for an acknowledgement. */
  unacknowledged = 0;
  /** Changes with every rebuild. */
  version = 0;
  private ranks = new Uint8Array(0);
  private readonly starts = new Uint32Array(RANK_COUNT + 1);

  rebuild(facts: DrawnFacts): void {
    const { count } = facts;
    if (this.ranks.length < count) {
      this.ranks = new Uint8Array(facts.lon.length);
      this.slots = new Uint32Array(facts.lon.length);
    }
    const { ranks, slots, starts } = this;
    starts.fill(0);
    let unacknowledged = 0;
    for (let slot = 0; slot < count; slot++) {
      const rank = rankOf(facts, slot);
      ranks[slot] = rank;
      if (rank === HIDDEN) continue;
      starts[rank + 1]++;
      unacknowledged += facts.unacknowledged[slot];
    }
    for (let rank = 1; rank <= RANK_COUNT; rank++) starts[rank] += starts[rank - 1];
    this.length = starts[RANK_COUNT];
    for (let slot = 0; slot < count; slot++) {
      const rank = ranks[slot];
      if (rank !== HIDDEN) slots[starts[rank]++] = slot;
    }
    this.unacknowledged = unacknowledged;
    this.version++;
  }
}
