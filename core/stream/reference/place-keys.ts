import type { ReferenceGeofence } from '../../model/reference.ts';
import { Names } from '../names.ts';

/**
 * Numbers for the ids and groups by which rules ask for geofences. A number stays its name's whatever geofences are in force: rules
 * are compiled once.
 */
export class PlaceKeys {
  readonly #names = new Names();
  /** By key, by fence: 1 when the fence has that id or group; undefined when none has. Made when first asked for. */
  #members: (Uint8Array | undefined)[] = [];
  #fences: readonly ReferenceGeofence[] = [];

  /** The number of a geofence's id or a group. */
  keyOf(name: string): number {
    const key = this.#names.number(name);
    if (key >= this.#members.length) this.#members[key] = this.#membersOf(name);
    return key;
  }

  use(fences: readonly ReferenceGeofence[]): void {
    this.#fences = fences;
    this.#members = Array.from({ length: this.#names.end }, (_, key) => this.#membersOf(this.#names.name(key)));
  }

  /** True when some geofence has the key. */
  has(key: number): boolean {
    return this.#members[key] !== undefined;
  }

  isOf(fence: number, key: number): boolean {
    return this.#members[key]?.[fence] === 1;
  }

  #membersOf(name: string): Uint8Array | undefined {
    if (name === '') return undefined;
    const members = Uint8Array.from(this.#fences, ({ geofenceId, groups }) =>
      geofenceId === name || groups.includes(name) ? 1 : 0,
    );
    return members.includes(1) ? members : undefined;
  }
}
