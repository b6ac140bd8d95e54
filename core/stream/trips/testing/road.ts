import { MOVEMENT } from '../../../model/movement.ts';
import type { StopRow, TripRow, TripSummaryRow } from '../../../model/stream-outputs.ts';
import { DEFAULT_SETTINGS, type StreamSettings } from '../../../model/stream-settings.ts';
import type { StateArray } from '../../fleet-state.ts';
import { Names } from '../../names.ts';
import { ENGINE, legM, Step } from '../../step.ts';
import type { TripEvent } from '../trip-notes.ts';
import { Trips } from '../trips.ts';

export const T0 = Date.UTC(2026, 2, 1, 10);
/** Metres of a degree of latitude. */
const DEGREE_M = (6_371_000 * Math.PI) / 180;

export interface Message {
  readonly timeMs: number;
  readonly lat?: number;
  readonly lon?: number;
  readonly speedKmph?: number;
  readonly engine?: number;
  readonly trip?: string;
  readonly driver?: string;
  readonly fix?: boolean;
  readonly fuelPct?: number;
  readonly odometerKm?: number;
  readonly harsh?: number;
}

/** A room with trips only: turns messages of vehicles, in order of time, into steps, and keeps the newest row of every id. */
export class TripRoom {
  readonly names = new Names();
  readonly drivers = new Names();
  readonly released: string[] = [];
  readonly trips = new Map<string, TripRow>();
  readonly stops = new Map<string, StopRow>();
  readonly summaries = new Map<string, TripSummaryRow>();
  /** Every row in the order given out. */
  readonly rows: (TripRow | StopRow | TripSummaryRow)[] = [];
  readonly engine: Trips;
  readonly settings: StreamSettings;
  readonly #last = new Map<number, Step & { lastFixMs: number }>();

  constructor(settings: Partial<StreamSettings> = {}) {
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    this.engine = this.#make();
  }

  #make(): Trips {
    return new Trips({
      vehicleName: (slot) => `V${slot}`,
      tripName: (n) => this.names.name(n),
      driverName: (n) => this.drivers.name(n),
      settings: () => this.settings,
      releaseTrip: (_slot, n) => {
        this.released.push(this.names.name(n));
        this.names.release(n);
      },
    });
  }

  message(slot: number, message: Message): void {
    const step = this.#step(slot, message);
    this.engine.step(step);
    const trip = step.fix ? step.trip : (this.#last.get(slot)?.trip ?? 0);
    this.#last.set(slot, { ...step, trip, lastFixMs: this.#fixMs(slot, step) });
  }

  event(slot: number, type: TripEvent['type'], trip: string, timeMs: number, more: Partial<TripEvent> = {}): void {
    const none = Number.NaN;
    const said = { driver: 0, lat: none, lon: none, distanceM: none, durationS: none, cancelled: false, ...more };
    this.engine.tripEvent({ slot, type, trip: this.names.number(trip), timeMs, ...said });
  }

  idle(slot: number): void {
    const lastMs = this.#last.get(slot)?.timeMs;
    if (lastMs !== undefined) this.engine.idle(slot, lastMs);
  }

  collect(): this {
    const { trips, stops, summaries } = this.engine.take();
    for (const row of trips) this.trips.set(row.id, row);
    for (const row of stops) this.stops.set(row.id, row);
    for (const row of summaries) this.summaries.set(`${row.vehicleId} ${row.tripId}`, row);
    this.rows.push(...trips, ...stops, ...summaries);
    return this;
  }

  /** The newest row of every trip, in order of start. */
  get tripList(): TripRow[] {
    this.collect();
    return [...this.trips.values()].sort((a, b) => a.startMs - b.startMs);
  }

  get stopList(): StopRow[] {
    this.collect();
    return [...this.stops.values()].sort((a, b) => a.startMs - b.startMs);
  }

  /** Goes on with what a checkpoint of it would hold, as JSON and copied arrays. */
  restart(): TripRoom {
    this.collect();
    const count = Math.max(0, ...this.#last.keys()) + 1;
    const stored = new Map(this.engine.arrays(count).map(([name, array]) => [name, array.slice() as StateArray]));
    const notes = JSON.parse(JSON.stringify(this.engine.serialize())) as unknown;
    const room = new TripRoom(this.settings);
    room.names.restore(JSON.parse(JSON.stringify(this.names.serialize())));
    room.drivers.restore(JSON.parse(JSON.stringify(this.drivers.serialize())));
    room.engine.restore(count, (name) => stored.get(name), notes);
    room.rows.push(...this.rows);
    for (const [slot, last] of this.#last) room.#last.set(slot, last);
    return room;
  }

  #fixMs(slot: number, step: Step): number {
    return step.fix ? step.timeMs : (this.#last.get(slot)?.lastFixMs ?? Number.NaN);
  }

  /** As the lanes do it. */
  #step(slot: number, m: Message): Step {
    const last = this.#last.get(slot);
    const { NaN: none } = Number;
    const step = Object.assign(new Step(), {
      slot,
      timeMs: m.timeMs,
      gapMs: last ? m.timeMs - last.timeMs : 0,
      first: !last,
      fix: m.fix ?? true,
      lat: m.lat ?? none,
      lon: m.lon ?? none,
      speedKmph: m.speedKmph ?? none,
      fixGapMs: last ? m.timeMs - last.lastFixMs : none,
      engine: m.engine ?? ENGINE.unknown,
      prevMovement: last?.movement ?? MOVEMENT.noData,
      harsh: m.harsh ?? 0,
      fuelPct: m.fuelPct ?? none,
      odometerKm: m.odometerKm ?? none,
      trip: this.names.number(m.trip ?? ''),
      prevTrip: last?.trip ?? 0,
      driver: this.drivers.number(m.driver ?? ''),
    });
    step.legM = step.fix && last ? legM(last.lat, last.lon, step.lat, step.lon) : 0;
    step.movement = this.#movement(step);
    if (last && (!step.fix || Number.isNaN(step.lat))) Object.assign(step, { lat: last.lat, lon: last.lon });
    return step;
  }

  #movement(step: Step): number {
    const { speedKmph, prevMovement, engine } = step;
    if (!step.fix) return engine === ENGINE.off ? MOVEMENT.stopped : prevMovement;
    if (Number.isNaN(speedKmph)) return prevMovement;
    if (speedKmph > 5 || (speedKmph >= 1 && prevMovement === MOVEMENT.moving)) return MOVEMENT.moving;
    if (engine === ENGINE.unknown) return step.trip === 0 ? MOVEMENT.stopped : MOVEMENT.idling;
    return engine === ENGINE.on ? MOVEMENT.idling : MOVEMENT.stopped;
  }
}

/** A vehicle that one tells what to do: drives north and stands, one fix a second unless told otherwise. */
export class Vehicle {
  timeMs = T0;
  lat = 52;
  trip = '';
  driver = '';
  engine: number = ENGINE.on;
  everyMs = 1000;
  readonly slot: number;
  room: TripRoom;

  constructor(room: TripRoom, slot = 0) {
    this.room = room;
    this.slot = slot;
  }

  /** Fixes for `seconds` at that speed, the first one a period from now; a vehicle that has said nothing says one now. */
  go(seconds: number, kmph: number, more: Partial<Message> = {}): this {
    for (const endMs = this.timeMs + seconds * 1000; this.timeMs < endMs; ) {
      this.timeMs += this.everyMs;
      this.lat += ((kmph / 3.6) * (this.everyMs / 1000)) / DEGREE_M;
      this.fix(kmph, more);
    }
    return this;
  }

  fix(kmph: number, more: Partial<Message> = {}): this {
    const { timeMs, lat, trip, driver, engine } = this;
    this.room.message(this.slot, { timeMs, lat, lon: 13, speedKmph: kmph, trip, driver, engine, ...more });
    return this;
  }

  drive(seconds: number, kmph = 36): this {
    return this.go(seconds, kmph);
  }

  /** Stands with the engine on. */
  wait(seconds: number): this {
    this.engine = ENGINE.on;
    return this.go(seconds, 0);
  }

  /** Stands with the engine off. */
  park(seconds: number): this {
    this.engine = ENGINE.off;
    this.go(seconds, 0);
    this.engine = ENGINE.on;
    return this;
  }

  /** Is not heard for a while, and moves by so many metres meanwhile. */
  silent(seconds: number, movedM = 0): this {
    this.timeMs += seconds * 1000;
    this.lat += movedM / DEGREE_M;
    return this;
  }

  start(trip: string, atMs = this.timeMs, more: Partial<TripEvent> = {}): this {
    this.room.event(this.slot, 'trip_start', trip, atMs, more);
    return this;
  }

  end(trip: string, atMs = this.timeMs, more: Partial<TripEvent> = {}): this {
    this.room.event(this.slot, 'trip_end', trip, atMs, more);
    return this;
  }
}
