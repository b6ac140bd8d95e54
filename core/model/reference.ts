/** A business fact of a vehicle, by the names of REFERENCE_FIELDS without their first part. */
export type FactValue = string | number | boolean;

export interface ReferenceVehicle {
  readonly vehicleId: string;
  readonly facts: Readonly<Record<string, FactValue>>;
}

export interface ReferenceDriver {
  readonly driverId: string;
  readonly facts: Readonly<Record<string, FactValue>>;
}

export interface OrderStop {
  readonly stopId: string;
  readonly kind: 'loading' | 'unloading' | 'other';
  readonly lat: number;
  readonly lon: number;
  /** Promised arrival, Unix ms. */
  readonly promisedMs: number;
  /** How long the stop may take, minutes. */
  readonly serviceMin: number;
}

/** Work of one vehicle: its stops in order. */
export interface ReferenceOrder {
  readonly orderId: string;
  readonly vehicleId: string;
  readonly routeId: string;
  readonly stops: readonly OrderStop[];
}

/** A way that a vehicle is to take: degrees, `[lon, lat]` as in GeoJSON. */
export interface ReferenceRoute {
  readonly routeId: string;
  readonly points: readonly (readonly [lon: number, lat: number])[];
  /** How far a vehicle may be from it, m. */
  readonly corridorM: number;
  readonly limitKmph?: number;
}

/** An area. `rings` as in a GeoJSON polygon: the first is the outline, others are holes; several polygons are several geofences' parts. */
export interface ReferenceGeofence {
  readonly geofenceId: string;
  readonly name: string;
  /** Words by which rules ask for it: `depots`, `forbidden`, … */
  readonly groups: readonly string[];
  readonly limitKmph?: number;
  readonly polygons: readonly (readonly (readonly (readonly [lon: number, lat: number])[])[])[];
}

/** A vehicle set aside for somebody from one time to another, Unix ms. */
export interface ReferenceReservation {
  readonly reservationId: string;
  readonly vehicleId: string;
  readonly driverId: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Everything the room knows about its fleet beside what vehicles report. The newest row of a key wins. */
export interface ReferenceData {
  readonly vehicles: readonly ReferenceVehicle[];
  readonly drivers: readonly ReferenceDriver[];
  readonly orders: readonly ReferenceOrder[];
  readonly routes: readonly ReferenceRoute[];
  readonly geofences: readonly ReferenceGeofence[];
  readonly reservations: readonly ReferenceReservation[];
}

export const NO_REFERENCE: ReferenceData = {
  vehicles: [],
  drivers: [],
  orders: [],
  routes: [],
  geofences: [],
  reservations: [],
};

export interface ReferenceField {
  /** As rules name it. */
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'number' | 'flag';
  readonly unit: string;
  /**
   * What can change it: `facts` only new reference data (or another driver), `position` each fix of the vehicle, `time` also the
   * passing of time.
   */
  readonly changesOn: 'facts' | 'position' | 'time';
}

const field = (
  name: string,
  label: string,
  type: ReferenceField['type'],
  unit: string,
  changesOn: ReferenceField['changesOn'],
): ReferenceField => ({ name, label, type, unit, changesOn });

/** What expressions can read of business data. Unknown where no data says otherwise. */
export const REFERENCE_FIELDS: readonly ReferenceField[] = [
  field('vehicle.class', 'Class', 'text', '', 'facts'),
  field('vehicle.make', 'Make', 'text', '', 'facts'),
  field('vehicle.model', 'Model', 'text', '', 'facts'),
  field('vehicle.vin', 'VIN', 'text', '', 'facts'),
  field('vehicle.depot', 'Depot', 'text', '', 'facts'),
  field('vehicle.group', 'Group', 'text', '', 'facts'),
  field('vehicle.limit_kmph', 'Vehicle limit', 'number', 'km/h', 'facts'),
  field('vehicle.tank_l', 'Tank', 'number', 'l', 'facts'),
  field('vehicle.tyre_kpa', 'Placard pressure', 'number', 'kPa', 'facts'),
  field('vehicle.battery_v', 'Nominal voltage', 'number', 'V', 'facts'),
  field('vehicle.cargo_min_c', 'Cargo at least', 'number', '°C', 'facts'),
  field('vehicle.cargo_max_c', 'Cargo at most', 'number', '°C', 'facts'),
  field('driver.name', 'Driver', 'text', '', 'facts'),
  field('driver.depot', 'Driver’s depot', 'text', '', 'facts'),
  field('driver.licence', 'Licence', 'text', '', 'facts'),
  // The lower of what the place, the route and the vehicle allow.
  field('speed_limit', 'Speed limit', 'number', 'km/h', 'position'),
  field('route.id', 'Route', 'text', '', 'facts'),
  field('route.off_m', 'Off the route', 'number', 'm', 'position'),
  field('route.corridor_m', 'Corridor', 'number', 'm', 'facts'),
  field('order.id', 'Order', 'text', '', 'facts'),
  field('order.stops_left', 'Stops left', 'number', '', 'position'),
  field('order.eta_min', 'To the next stop', 'number', 'min', 'position'),
  // Expected arrival at the stop, or the arrival once it is there, less what was promised.
  field('order.late_min', 'Behind the promise', 'number', 'min', 'position'),
  field('stop.kind', 'Kind of stop', 'text', '', 'position'),
  field('stop.wait_min', 'At the stop', 'number', 'min', 'position'),
  field('stop.service_min', 'Time for the stop', 'number', 'min', 'position'),
  field('reservation.active', 'Reserved now', 'flag', '', 'time'),
  field('reservation.known', 'Reservations known', 'flag', '', 'facts'),
];

const byName = new Map(REFERENCE_FIELDS.map((f) => [f.name, f]));

/** The field of that name, or undefined. */
export function findReferenceField(name: string): ReferenceField | undefined {
  return byName.get(name);
}
