import { findReferenceField, NO_REFERENCE, type ReferenceData, type ReferenceField } from '../../model/reference.ts';
import { capacityFor, grown, type ReadSection, restoreSections, type Sections } from '../arrays.ts';
import type { FleetState } from '../fleet-state.ts';
import { type FactRow, Facts, numberOf } from './facts.ts';
import { Journeys, MOVED } from './journeys.ts';
import { Places } from './places.ts';
import { TextCodes } from './text-codes.ts';

const SECTION = 'reference.data';
const LOOKED = 'reference.looked';

/**
 * Places and journeys are looked at so often for each vehicle, ms of its event time: rules over them wait longer than that, and at every fix
 * of a vehicle that reports each second it would cost more than all else that is done for the fix.
 */
const LOOK_EVERY_MS = 3000;

/** What a fix changed, as bits: what the vehicle is inside of; the figures of its journey; which stop, order or route it has. */
export const CHANGED = { places: 1, figures: 2, stop: 4 } as const;

/** Value of a field for a slot at `atMs` (Unix ms): a text as its code, a flag as 1 or 0, NaN = unknown. */
export type FieldReader = (slot: number, atMs: number) => number;

/**
 * Business data beside what vehicles report: facts, places, orders, routes, reservations, and how each vehicle stands to them. Part of
 * the engine: deterministic; its data came through the journal and is part of the checkpoint.
 */
export class Reference {
  readonly places: Places;
  readonly journeys: Journeys;
  readonly #state: FleetState;
  readonly #nameOf: (slot: number) => string;
  readonly #texts = new TextCodes();
  #data: ReferenceData = NO_REFERENCE;
  #facts = new Facts(NO_REFERENCE);
  #encoded: Uint8Array | undefined;
  /** By slot: event time of the fix that was looked at last, Unix ms; 0 = none. */
  #lookedMs = new Float64Array(0);

  /** `nameOf` answers the vehicle id of a slot. */
  constructor(state: FleetState, nameOf: (slot: number) => string) {
    this.#state = state;
    this.#nameOf = nameOf;
    this.places = new Places(state);
    this.journeys = new Journeys(nameOf);
  }

  /** The data in force. */
  get data(): ReferenceData {
    return this.#data;
  }

  /** The data in force as UTF-8 JSON: equal bytes, equal data. */
  get encoded(): Uint8Array {
    this.#encoded ??= new TextEncoder().encode(JSON.stringify(this.#data));
    return this.#encoded;
  }

  /** Puts other data in force for all vehicles; places and journeys go on where their ids are the same. */
  use(data: ReferenceData): void {
    this.#setData(data);
    this.places.use(data.geofences);
    this.journeys.use(data.orders, data.routes, this.#state);
    this.#lookedMs.fill(0);
  }

  /**
   * A position that was applied to the fleet: Unix ms, degrees, km/h (NaN = not known). Answers bits of CHANGED. Fixes that come within
   * LOOK_EVERY_MS of one that was looked at are passed over.
   */
  position(slot: number, timeMs: number, lat: number, lon: number, speedKmph: number): number {
    if (slot >= this.#lookedMs.length) this.#reserve(slot + 1);
    const sinceMs = timeMs - this.#lookedMs[slot];
    if (sinceMs >= 0 && sinceMs < LOOK_EVERY_MS) return 0;
    this.#lookedMs[slot] = timeMs;
    const isElsewhere = this.places.any && this.places.move(slot, lat, lon, timeMs);
    const moved = this.journeys.any ? this.journeys.move(slot, timeMs, lat, lon, speedKmph) : 0;
    return (
      (isElsewhere ? CHANGED.places : 0) |
      ((moved & MOVED.figures) !== 0 ? CHANGED.figures : 0) |
      ((moved & MOVED.stop) !== 0 ? CHANGED.stop : 0)
    );
  }

  /** A number for a text: equal texts, equal numbers; 0 is the empty text. */
  codeOf(text: string): number {
    return this.#texts.codeOf(text);
  }

  textOf(code: number): string {
    return this.#texts.textOf(code);
  }

  /** Reads a field of REFERENCE_FIELDS. Throws when there is none of that name. */
  fieldReader(name: string): FieldReader {
    const field = findReferenceField(name);
    if (!field) throw new Error(`there is no field \`${name}\` of business data`);
    const [, of, fact] = /^(vehicle|driver)\.(.+)$/.exec(name) ?? [];
    if (of === 'vehicle') return this.#factReader(field, fact, (slot) => this.#facts.vehicle(this.#nameOf(slot)));
    if (of === 'driver')
      return this.#factReader(field, fact, (slot) => this.#facts.driver(this.#state.driverIds[slot]));
    return this.#journeyReader(name);
  }

  /** A number for the id or a group of geofences, for `inside` and `placeName`. */
  placeKey(name: string): number {
    return this.places.keys.keyOf(name);
  }

  /** See Places.inside. */
  inside(slot: number, key: number): number {
    return this.places.inside(slot, key);
  }

  /** Code of the name of the geofence of that key which the vehicle is in; of the empty text outside, NaN = unknown. */
  placeName(slot: number, key: number): number {
    return this.#code(this.places.nameIn(slot, key));
  }

  /** The lowest of the limits of place, route and vehicle, km/h; NaN where none is known. */
  speedLimitKmph(slot: number): number {
    const vehicle = numberOf(this.#facts.vehicle(this.#nameOf(slot)).limit_kmph);
    return lowest(lowest(this.places.limitKmph(slot), this.journeys.limitKmph(slot)), vehicle);
  }

  arrays(count: number): Sections {
    const data: Sections = this.#data === NO_REFERENCE ? [] : [[SECTION, this.encoded]];
    this.#reserve(count);
    const looked: Sections = [[LOOKED, this.#lookedMs.subarray(0, count)]];
    return [...data, ...looked, ...this.#texts.arrays(), ...this.places.arrays(count), ...this.journeys.arrays(count)];
  }

  /** Fills fresh reference data from what `arrays` gave; positions and names of the vehicles must be restored before. */
  restore(count: number, read: ReadSection): void {
    this.#texts.restore(read);
    this.#reserve(count);
    restoreSections([[LOOKED, this.#lookedMs]], read);
    const bytes = read(SECTION);
    if (!bytes) return;
    this.#setData(JSON.parse(new TextDecoder().decode(bytes as Uint8Array<ArrayBuffer>)) as ReferenceData);
    this.places.restore(this.#data.geofences, count, read);
    this.journeys.restore(this.#data.orders, this.#data.routes, count, read);
  }

  #reserve(count: number): void {
    const { length } = this.#lookedMs;
    if (count > length) this.#lookedMs = grown(this.#lookedMs, capacityFor(count, length));
  }

  #setData(data: ReferenceData): void {
    this.#data = data;
    this.#facts = new Facts(data);
    this.#encoded = undefined;
  }

  #factReader({ type }: ReferenceField, fact: string, rowOf: (slot: number) => FactRow): FieldReader {
    if (type === 'number') return (slot) => numberOf(rowOf(slot)[fact]);
    return (slot) => {
      const value = rowOf(slot)[fact];
      return this.#code(value === undefined ? undefined : String(value));
    };
  }

  #journeyReader(name: string): FieldReader {
    const { journeys } = this;
    switch (name) {
      case 'speed_limit':
        return (slot) => this.speedLimitKmph(slot);
      case 'route.id':
        return (slot) => this.#code(journeys.route(slot)?.routeId);
      case 'route.off_m':
        return (slot) => journeys.offM(slot);
      case 'route.corridor_m':
        return (slot) => journeys.route(slot)?.corridorM ?? Number.NaN;
      case 'order.id':
        return (slot) => this.#code(journeys.order(slot)?.orderId);
      case 'order.stops_left':
        return (slot) => journeys.stopsLeft(slot);
      case 'order.eta_min':
        return (slot) => journeys.etaMin(slot);
      case 'order.late_min':
        return (slot) => journeys.lateMin(slot);
      case 'stop.kind':
        return (slot) => this.#code(journeys.stop(slot)?.kind);
      case 'stop.wait_min':
        return (slot) => journeys.waitMin(slot);
      case 'stop.service_min':
        return (slot) => journeys.stop(slot)?.serviceMin ?? Number.NaN;
      case 'reservation.active':
        return (slot, atMs) => this.#facts.reservationActive(this.#nameOf(slot), atMs);
      case 'reservation.known':
        return (slot) => this.#facts.reservationKnown(this.#nameOf(slot));
      default:
        throw new Error(`no reader for the field \`${name}\` of business data`);
    }
  }

  #code(text: string | undefined): number {
    return text === undefined ? Number.NaN : this.codeOf(text);
  }
}

function lowest(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return b < a ? b : a;
}
