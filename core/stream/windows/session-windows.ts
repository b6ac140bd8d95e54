import type { StateArray } from '../fleet-state.ts';
import { cleanupTimeMs, maxTimestampMs } from '../time/watermark.ts';
import { addEvent, addHeld, mergeSums, mergeUnits, valuesOf } from './accumulate.ts';
import { KeyedRecords } from './keyed-records.ts';
import { compileLayout, type Layout } from './layout.ts';
import type { KeyedWindowsOptions, WindowResult } from './window-spec.ts';

const MOST_SESSIONS = 256;

/** Cells of a session after those of its aggregates. */
const END_MS = 0;
const FIRINGS = 1;
/** 1 = fired and not changed since. */
const FIRED = 2;
/** 1 = a result under the session's present start has been given. */
const KNOWN = 3;
/** List of other starts under which results of its parts have been given; two cells. */
const REPLACES = 4;
const SESSION_CELLS = [0, 0, 0, 0, 0, 0];

/** Session windows: sessions of a key never overlap or touch, so they are in order of start and of end alike. */
export class SessionWindows {
  late = 0;
  dropped = 0;
  readonly records: KeyedRecords;
  readonly layout: Layout;
  readonly #gapMs: number;
  readonly #latenessMs: number;
  readonly #maxSessions: number;
  readonly #extra: number;
  readonly #result: WindowResult;
  readonly #onResult: (result: WindowResult) => void;
  readonly #onLate: ((key: number, timeMs: number) => void) | undefined;

  constructor(options: KeyedWindowsOptions, gapMs: number) {
    this.#gapMs = gapMs;
    this.#latenessMs = options.latenessMs ?? 0;
    this.#maxSessions = options.maxPanesPerKey ?? MOST_SESSIONS;
    this.layout = compileLayout(options.window, options.aggregates, options.inputs, SESSION_CELLS, [REPLACES]);
    this.#extra = this.layout.extraCell;
    this.records = new KeyedRecords(this.layout.initial, this.layout.lists);
    const values = new Float64Array(options.aggregates.length);
    this.#result = { key: 0, startMs: 0, endMs: 0, revision: 0, values, replaces: [] };
    this.#onResult = options.onResult;
    this.#onLate = options.onLate;
  }

  get bytes(): number {
    return this.records.bytes;
  }

  reserve(keys: number): void {
    this.records.reserve(keys);
  }

  add(key: number, timeMs: number, inputs: Float64Array): void {
    if (key >= this.records.keys) this.reserve(key + 1);
    const record = this.#sessionOver(key, timeMs, timeMs + this.#gapMs);
    if (record < 0) return;
    addEvent(this.layout, this.records.cells, record, this.records.heap, timeMs, inputs);
    this.#changed(key, record);
  }

  addSpan(key: number, fromMs: number, toMs: number, inputs: Float64Array): void {
    if (!(toMs > fromMs)) return;
    if (key >= this.records.keys) this.reserve(key + 1);
    const record = this.#sessionOver(key, fromMs, toMs + this.#gapMs);
    if (record < 0) return;
    addHeld(this.layout, this.records.cells, record, toMs - fromMs, inputs);
    this.#changed(key, record);
  }

  /** Expects a watermark above the key's. */
  advance(key: number, watermarkMs: number): void {
    const { records } = this;
    records.watermarkMs[key] = watermarkMs;
    if (watermarkMs < records.dueMs[key]) return;
    let dueMs = Number.POSITIVE_INFINITY;
    for (let record = records.head[key]; record >= 0; record = records.next(record)) {
      const at = this.#cell(record, END_MS);
      const lastMs = maxTimestampMs(records.cells[at]);
      if (lastMs > watermarkMs) {
        dueMs = lastMs;
        break;
      }
      if (records.cells[at + FIRED] === 0) this.#fire(key, record);
    }
    let head = records.head[key];
    while (head >= 0 && this.#cleanupMs(head) <= watermarkMs) {
      records.remove(key, head);
      head = records.head[key];
    }
    records.dueMs[key] = head < 0 ? dueMs : Math.min(dueMs, this.#cleanupMs(head));
  }

  arrays(name: string, count: number): [name: string, array: StateArray][] {
    return this.records.arrays(name, count);
  }

  restore(
    name: string,
    count: number,
    read: (name: string) => ArrayLike<number> | undefined,
    withRecords: boolean,
  ): void {
    this.records.restore(name, count, read, withRecords);
  }

  #cell(record: number, cell: number): number {
    return record + this.#extra + cell;
  }

  #cleanupMs(record: number): number {
    return cleanupTimeMs(this.records.cells[this.#cell(record, END_MS)], this.#latenessMs);
  }

  /** The one session over [startMs, endMs), made or grown or put together as need be; −1 when it is late or one too many. */
  #sessionOver(key: number, startMs: number, endMs: number): number {
    const { records } = this;
    const record = records.floor(key, endMs);
    if (record < 0 || records.cells[this.#cell(record, END_MS)] < startMs)
      return this.#open(key, record, startMs, endMs);
    const session = this.#joinEarlier(key, record, startMs);
    const { cells } = records;
    const end = this.#cell(session, END_MS);
    if (startMs < records.cells[session]) {
      if (cells[end + KNOWN] === 1) this.#replace(session, records.cells[session]);
      cells[end + KNOWN] = 0;
      records.cells[session] = startMs;
    }
    if (endMs > cells[end]) cells[end] = endMs;
    return session;
  }

  #open(key: number, previous: number, startMs: number, endMs: number): number {
    const { records } = this;
    if (cleanupTimeMs(endMs, this.#latenessMs) <= records.watermarkMs[key]) {
      this.late++;
      this.#onLate?.(key, startMs);
      return -1;
    }
    if (records.open[key] >= this.#maxSessions) {
      this.dropped++;
      return -1;
    }
    const record = records.insert(key, previous, startMs);
    records.cells[this.#cell(record, END_MS)] = endMs;
    return record;
  }

  /** Joins a session with all before it that reach `startMs`, and answers the one that is left. */
  #joinEarlier(key: number, last: number, startMs: number): number {
    const { records } = this;
    let session = last;
    for (;;) {
      const earlier = records.previous(session);
      if (earlier < 0 || records.cells[this.#cell(earlier, END_MS)] < startMs) return session;
      this.#join(earlier, session);
      records.remove(key, session);
      session = earlier;
    }
  }

  #join(earlier: number, later: number): void {
    const { records, layout } = this;
    const { cells, heap } = records;
    mergeSums(layout, cells, earlier, cells, later);
    mergeUnits(layout, cells, earlier, cells, later, heap);
    const into = this.#cell(earlier, END_MS);
    const from = this.#cell(later, END_MS);
    cells[into] = cells[from];
    cells[into + FIRINGS] = Math.max(cells[into + FIRINGS], cells[from + FIRINGS]);
    const start = cells[from + REPLACES];
    const length = cells[from + REPLACES + 1];
    for (let i = 0; i < length; i++) this.#replace(earlier, heap.values[start + i]);
    if (cells[from + KNOWN] === 1) this.#replace(earlier, records.cells[later]);
  }

  /** Notes that results under `startMs` are void once the session fires. */
  #replace(session: number, startMs: number): void {
    const { heap, cells } = this.records;
    const list = this.#cell(session, REPLACES);
    const index = heap.rank(cells, list, startMs);
    if (index < cells[list + 1] && heap.values[cells[list] + index] === startMs) return;
    heap.insert(cells, list, index, startMs);
  }

  #changed(key: number, record: number): void {
    const { records } = this;
    const end = this.#cell(record, END_MS);
    records.cells[end + FIRED] = 0;
    const lastMs = maxTimestampMs(records.cells[end]);
    if (lastMs <= records.watermarkMs[key]) {
      this.#fire(key, record);
      records.dueMs[key] = Number.NEGATIVE_INFINITY;
    } else if (lastMs < records.dueMs[key]) records.dueMs[key] = lastMs;
  }

  #fire(key: number, record: number): void {
    const { records, layout } = this;
    const { cells, heap } = records;
    const end = this.#cell(record, END_MS);
    const list = end + REPLACES;
    const result = this.#result;
    result.key = key;
    result.startMs = records.cells[record];
    result.endMs = cells[end];
    result.revision = cells[end + FIRINGS];
    result.replaces.length = 0;
    for (let i = 0; i < cells[list + 1]; i++) result.replaces.push(heap.values[cells[list] + i]);
    heap.clear(cells, list);
    valuesOf(layout, cells, record, heap, result.values);
    cells[end + FIRINGS]++;
    cells[end + FIRED] = 1;
    cells[end + KNOWN] = 1;
    this.#onResult(result);
  }
}
