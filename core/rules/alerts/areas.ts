import { isClosed } from '../../model/alerts.ts';
import type { Groups } from './groups.ts';
import { byRank, type Group, inOrder, mayFold, type OpenAlert, sourceKey } from './open-alert.ts';
import type { OpenAlerts } from './open-alerts.ts';
import { Recent, type StoredRecent } from './recent.ts';

/** So many vehicles with an alert of one rule … */
export const AREA_VEHICLES = 5;
/** … raised within this time have a common cause, … */
export const AREA_START_MS = 120_000;
/** … and so have those that come within this time after the last. */
export const AREA_JOIN_MS = 300_000;
/** Of vehicles without a depot: those in neighbouring cells of a grid belong together; degrees. */
const CELL_DEG = 0.25;
const CELLS_AROUND = 360 / CELL_DEG;

interface Waiting {
  readonly open: OpenAlert;
  readonly atMs: number;
}

/** A place as it is looked up: its own key, and those that belong together with it. */
interface Area {
  readonly key: string;
  readonly near: readonly string[];
  readonly label: string;
}

export interface StoredAreas {
  readonly waiting: StoredRecent<readonly (readonly [id: string, atMs: number])[]>;
  readonly groups: StoredRecent<string>;
}

/** Finds alerts of one rule that come from many vehicles of a depot or an area at about the same time. Engine time. */
export class Areas {
  /** Alerts that are in no group yet, by rule and area. */
  readonly #waiting = new Recent<Waiting[]>();
  /** Groups that still take in, by rule and area. */
  readonly #taking = new Recent<Group>();
  readonly #groups: Groups;

  constructor(groups: Groups) {
    this.#groups = groups;
  }

  /** Folds an alert that has come into the queue. Answers false when it stands by itself. */
  place(open: OpenAlert, nowMs: number, atMs: number): boolean {
    const area = areaOf(open);
    if (!area || !mayFold(open)) return false;
    this.sweep(nowMs);
    for (const key of area.near) {
      const group = this.#taking.get(key);
      if (!group || !isOpen(group) || !group.head.queued) continue;
      this.#taking.set(key, nowMs, group);
      this.#groups.join(group, open, atMs);
      return true;
    }
    const before = this.#stillWaiting(area.key, nowMs).filter((waiting) => waiting.open !== open);
    this.#waiting.set(area.key, nowMs, [...before, { open, atMs: nowMs }]);
    return this.#start(area, nowMs, atMs);
  }

  /** Gives up what is too old to matter. */
  sweep(nowMs: number): void {
    this.#waiting.sweep(nowMs - AREA_START_MS);
    this.#taking.sweep(nowMs - AREA_JOIN_MS);
  }

  serialize(): StoredAreas {
    return {
      waiting: this.#waiting.serialize((list) => {
        const open = list.filter((waiting) => !isClosed(waiting.open.alert));
        return open.length > 0 ? open.map(({ open: { alert }, atMs }) => [alert.id, atMs] as const) : undefined;
      }),
      groups: this.#taking.serialize((group) => (isOpen(group) ? group.head.alert.id : undefined)),
    };
  }

  restore(stored: StoredAreas, open: OpenAlerts): void {
    this.#waiting.restore(stored.waiting, (list) =>
      list.flatMap(([id, atMs]) => {
        const found = open.get(id);
        return found ? [{ open: found, atMs }] : [];
      }),
    );
    for (const [key, atMs, headId] of stored.groups) {
      const group = open.get(headId)?.group;
      if (group) this.#taking.set(key, atMs, group);
    }
  }

  /** Those that could be folded now. */
  #stillWaiting(key: string, nowMs: number): Waiting[] {
    const list = this.#waiting.get(key) ?? [];
    return list.filter(
      ({ open, atMs }) =>
        atMs >= nowMs - AREA_START_MS &&
        open.queued &&
        mayFold(open) &&
        (!open.group || (open.group.head === open && open.group.kind !== 'area')),
    );
  }

  #start(area: Area, nowMs: number, atMs: number): boolean {
    const found = area.near.flatMap((key) => this.#stillWaiting(key, nowMs)).map(({ open }) => open);
    if (new Set(found.map((open) => open.alert.vehicleId)).size < AREA_VEHICLES) return false;
    const head = found.reduce((best, open) => (byRank(open, best) < 0 ? open : best));
    const group = this.#groups.start('area', area.label, head);
    for (const open of inOrder(found)) if (open !== head) this.#groups.join(group, open, atMs);
    for (const key of area.near) this.#waiting.delete(key);
    this.#taking.set(areaOf(head)?.key ?? area.key, nowMs, group);
    return true;
  }
}

function isOpen(group: Group): boolean {
  return group.head.group === group;
}

/** The depot of an alert's vehicle, else the cell of the grid it is in; undefined when neither is known. */
function areaOf({ alert }: OpenAlert): Area | undefined {
  const { ruleId, depot, lat, lon } = alert;
  if (depot !== undefined) {
    const key = sourceKey(ruleId, `depot ${depot}`);
    return { key, near: [key], label: depot };
  }
  if (lat === undefined || lon === undefined) return undefined;
  const [y, x] = [Math.floor(lat / CELL_DEG), Math.floor(lon / CELL_DEG)];
  const keyOf = (dy: number, dx: number): string =>
    sourceKey(ruleId, `cell ${y + dy} ${(x + dx + CELLS_AROUND) % CELLS_AROUND}`);
  const near = [0, -1, 1].flatMap((dy) => [0, -1, 1].map((dx) => keyOf(dy, dx)));
  const degrees = (value: number, positive: string, negative: string): string =>
    `${Math.abs(value).toFixed(1)}° ${value < 0 ? negative : positive}`;
  return { key: near[0], near, label: `around ${degrees(lat, 'N', 'S')}, ${degrees(lon, 'E', 'W')}` };
}
