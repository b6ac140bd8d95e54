import type { ReferenceGeofence } from '../../model/reference.ts';
import { Patch } from './patch.ts';
import { layOut } from './rings.ts';

/** A geofence as something that can be asked: its polygons, of which one has to hold a position. Degrees. */
export class Area {
  readonly patches: readonly Patch[];

  constructor({ polygons }: ReferenceGeofence) {
    this.patches = polygons.map((rings) => new Patch(layOut(rings)));
  }

  contains(lat: number, lon: number): boolean {
    for (const patch of this.patches) if (patch.contains(lat, lon)) return true;
    return false;
  }

  /** True when its edge is nearer than `metres`. */
  edgeWithin(lat: number, lon: number, metres: number): boolean {
    for (const patch of this.patches) if (patch.edgeWithin(lat, lon, metres)) return true;
    return false;
  }
}
