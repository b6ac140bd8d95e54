import type { StateArray } from '../../stream/fleet-state.ts';
import type { EventLists } from './event-lists.ts';
import type { HeldEvents } from './held-events.ts';
import type { PartialMatches } from './partial-matches.ts';
import { NONE } from './record-pool.ts';
import type { WaitingMatches } from './waiting-matches.ts';

export interface MatcherStores {
  readonly lists: EventLists;
  readonly held: HeldEvents;
  readonly partials: PartialMatches;
  readonly waiting: WaitingMatches;
}

/** Numbers of one key: events that wait, partial matches, matches that wait. */
const COUNTS = 3;
const LISTED = 5;
const HELD = 3;
const PARTIAL = 4;
const WAITING = 3;

/** The state of a matcher as sections of a checkpoint. `perKey` are arrays indexed by key. */
export function storeMatcher(
  name: string,
  count: number,
  { lists, held, partials, waiting }: MatcherStores,
  perKey: readonly Float64Array[],
  counters: readonly number[],
): [name: string, array: StateArray][] {
  const events = new ListWriter(lists);
  const counts = new Float64Array(count * COUNTS);
  const heldEvents: number[] = [];
  const partialMatches: number[] = [];
  const waitingMatches: number[] = [];
  for (let key = 0; key < count; key++) {
    counts.set([held.count(key), partials.count(key)], key * COUNTS);
    for (const value of held.list(key)) heldEvents.push(value);
    for (let at = partials.head(key); at !== NONE; at = partials.next(at))
      partialMatches.push(
        partials.state(at),
        events.indexOf(partials.list(at)),
        partials.startMs(at),
        partials.startSeq(at),
      );
    const kept = waiting.list(key);
    counts[key * COUNTS + 2] = kept.length / WAITING;
    for (let i = 0; i < kept.length; i += WAITING)
      waitingMatches.push(events.indexOf(kept[i]), kept[i + 1], kept[i + 2]);
  }
  return [
    [`${name}.counters`, Float64Array.from(counters)],
    [`${name}.keys`, Float64Array.from(perKey.flatMap((array) => [...array.subarray(0, count)]))],
    [`${name}.counts`, counts],
    [`${name}.events`, Float64Array.from(events.values)],
    [`${name}.held`, Float64Array.from(heldEvents)],
    [`${name}.partials`, Float64Array.from(partialMatches)],
    [`${name}.waiting`, Float64Array.from(waitingMatches)],
  ];
}

/** Puts stored sections into empty stores. Answers the counters; undefined when nothing is stored under the name. */
export function restoreMatcher(
  name: string,
  count: number,
  { lists, held, partials, waiting }: MatcherStores,
  perKey: readonly Float64Array[],
  read: (name: string) => StateArray | undefined,
): number[] | undefined {
  const section = (part: string): StateArray => read(`${name}.${part}`) ?? new Float64Array(0);
  const counters = read(`${name}.counters`);
  if (!counters) return undefined;
  const keys = section('keys');
  perKey.forEach((array, i) => {
    array.set(keys.subarray(i * count, (i + 1) * count));
  });
  const counts = section('counts');
  const events = new ListReader(lists, section('events'));
  const heldEvents = rows(section('held'), HELD);
  const partialMatches = rows(section('partials'), PARTIAL);
  const waitingMatches = rows(section('waiting'), WAITING);
  for (let key = 0; key < count; key++) {
    for (let i = 0; i < counts[key * COUNTS]; i++) {
      const [timeMs, event, mask] = heldEvents();
      held.insert(key, timeMs, event, mask);
    }
    for (let i = 0; i < counts[key * COUNTS + 1]; i++) {
      const [state, list, startMs, startSeq] = partialMatches();
      partials.insert(key, partials.tail(key), state, events.list(key, list), startMs, startSeq);
    }
    for (let i = 0; i < counts[key * COUNTS + 2]; i++) {
      const [list, startSeq, endMs] = waitingMatches();
      waiting.insert(key, events.list(key, list), startSeq, endMs);
    }
  }
  return [...counters];
}

function rows(array: StateArray, width: number): () => StateArray {
  let from = 0;
  return () => {
    from += width;
    return array.subarray(from - width, from);
  };
}

/** Numbers events in the order in which they are first needed, each behind the one before it in its list. */
class ListWriter {
  readonly values: number[] = [];
  readonly #lists: EventLists;
  readonly #index = new Map<number, number>();

  constructor(lists: EventLists) {
    this.#lists = lists;
  }

  indexOf(list: number): number {
    const path: number[] = [];
    let node = list;
    for (; node !== NONE && !this.#index.has(node); node = this.#lists.prev(node)) path.push(node);
    let prev = node === NONE ? NONE : this.#index.get(node)!;
    for (const at of path.reverse()) {
      const { step, seq, timeMs, event } = this.#lists.entry(at);
      const index = this.values.length / LISTED;
      this.values.push(prev, step, seq, timeMs, event);
      this.#index.set(at, index);
      prev = index;
    }
    return prev;
  }
}

class ListReader {
  readonly #lists: EventLists;
  readonly #events: StateArray;
  readonly #nodes: number[] = [];

  constructor(lists: EventLists, events: StateArray) {
    this.#lists = lists;
    this.#events = events;
  }

  /** The stored list of that number, once more retained. Lists are asked for in the order in which they were written. */
  list(key: number, index: number): number {
    for (let i = this.#nodes.length; i <= index; i++) {
      const [prev, step, seq, timeMs, event] = this.#events.subarray(i * LISTED, (i + 1) * LISTED);
      this.#nodes.push(this.#lists.push(key, prev === NONE ? NONE : this.#nodes[prev], step, seq, timeMs, event));
    }
    this.#lists.retain(this.#nodes[index]);
    return this.#nodes[index];
  }
}
