import { findReferenceField } from '../../model/reference.ts';
import type { FleetState } from '../../stream/fleet-state.ts';
import { type BusinessData, textCodes } from '../business-data.ts';

interface Box {
  readonly name: string;
  readonly groups: readonly string[];
  /** Degrees: south, west, north, east; edges belong to it. */
  readonly box: readonly [south: number, west: number, north: number, east: number];
}

type Fact = string | number | boolean;

/** Business data that a test sets by hand: facts by vehicle, and geofences that are boxes. */
export class FakeBusiness implements BusinessData {
  readonly codeOf: BusinessData['codeOf'];
  readonly textOf: BusinessData['textOf'];
  readonly #state: FleetState;
  readonly #facts: Map<string, Fact>;
  readonly #boxes: Box[];
  readonly #keys: string[] = [];

  /** Takes over what `like` knows; texts keep their codes, as after a restart. */
  constructor(state: FleetState, like?: FakeBusiness) {
    this.#state = state;
    const { codeOf, textOf } = like ?? textCodes();
    this.codeOf = codeOf;
    this.textOf = textOf;
    this.#facts = new Map(like?.facts);
    this.#boxes = [...(like?.boxes ?? [])];
  }

  get facts(): ReadonlyMap<string, Fact> {
    return this.#facts;
  }

  get boxes(): readonly Box[] {
    return this.#boxes;
  }

  /** Sets a field such as `vehicle.class` of a vehicle; undefined = not known. */
  fact(field: string, value: Fact | undefined, slot = 0): void {
    if (!findReferenceField(field)) throw new Error(`no field ${field}`);
    if (value === undefined) this.#facts.delete(`${slot} ${field}`);
    else this.#facts.set(`${slot} ${field}`, value);
  }

  box(name: string, groups: readonly string[], box: Box['box']): void {
    this.#boxes.push({ name, groups, box });
  }

  fieldReader(name: string): (slot: number) => number {
    return (slot) => {
      const value = this.#facts.get(`${slot} ${name}`);
      if (value === undefined) return Number.NaN;
      return typeof value === 'string' ? this.codeOf(value) : Number(value);
    };
  }

  placeKey(name: string): number {
    const known = this.#keys.indexOf(name);
    return known >= 0 ? known : this.#keys.push(name) - 1;
  }

  inside(slot: number, key: number): number {
    if (Number.isNaN(this.#state.lat[slot]) || this.#of(key).length === 0) return Number.NaN;
    return this.#around(slot, key) ? 1 : 0;
  }

  placeName(slot: number, key: number): number {
    if (Number.isNaN(this.#state.lat[slot]) || this.#of(key).length === 0) return Number.NaN;
    return this.codeOf(this.#around(slot, key)?.name ?? '');
  }

  #of(key: number): Box[] {
    return this.#boxes.filter(({ name, groups }) => name === this.#keys[key] || groups.includes(this.#keys[key]));
  }

  #around(slot: number, key: number): Box | undefined {
    const { lat, lon } = this.#state;
    return this.#of(key).find(({ box: [south, west, north, east] }) => {
      return lat[slot] >= south && lat[slot] <= north && lon[slot] >= west && lon[slot] <= east;
    });
  }
}
