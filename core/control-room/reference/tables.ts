import {
  type FactValue,
  type OrderStop,
  REFERENCE_FIELDS,
  type ReferenceDriver,
  type ReferenceOrder,
  type ReferenceReservation,
  type ReferenceVehicle,
} from '../../model/reference.ts';
import { type Findings, type Item, itemsOf, type NumberRange } from './item.ts';
import type { Source } from './source.ts';

/** What numbers of vehicles may be; a number beside these is a slip. */
const RANGES: Readonly<Record<string, NumberRange>> = {
  limit_kmph: { min: 1, max: 300, unit: 'km/h' },
  tank_l: { min: 1, max: 10_000, unit: 'l' },
  tyre_kpa: { min: 50, max: 1500, unit: 'kPa' },
  battery_v: { min: 1, max: 1000, unit: 'V' },
  cargo_min_c: { min: -80, max: 100, unit: '°C' },
  cargo_max_c: { min: -80, max: 100, unit: '°C' },
};
const LAT: NumberRange = { min: -90, max: 90, unit: 'degrees' };
const LON: NumberRange = { min: -180, max: 180, unit: 'degrees' };
const SERVICE: NumberRange = { min: 0, max: 10_080, unit: 'min' };
const KINDS = ['loading', 'unloading', 'other'] as const;

const factsOf = (prefix: string) =>
  REFERENCE_FIELDS.filter(({ name }) => name.startsWith(prefix)).map(({ name, type }) => ({
    name: name.slice(prefix.length),
    type,
  }));
const VEHICLE_FACTS = factsOf('vehicle.');
const DRIVER_FACTS = factsOf('driver.');

/** Columns by table, as docs/reference-data.md lists them. */
export const COLUMNS = {
  vehicles: ['vehicle_id', ...VEHICLE_FACTS.map(({ name }) => name)],
  drivers: ['driver_id', ...DRIVER_FACTS.map(({ name }) => name)],
  orders: ['order_id', 'vehicle_id', 'route_id', 'stop_id', 'kind', 'lat', 'lon', 'promised', 'service_min'],
  reservations: ['reservation_id', 'vehicle_id', 'driver_id', 'from', 'to'],
} as const;

const ORDER_NAMES = ['order_id', 'vehicle_id', 'route_id', 'stops'];
const STOP_NAMES = ['stop_id', 'kind', 'lat', 'lon', 'promised', 'service_min'];

export function readVehicles(source: Source, findings: Findings): ReferenceVehicle[] {
  const rows = itemsOf(source, [], source.value, findings).flatMap((item): ReferenceVehicle[] => {
    item.names(COLUMNS.vehicles);
    const vehicleId = item.id('vehicle_id');
    const facts = readFacts(item, VEHICLE_FACTS);
    const { cargo_min_c: min, cargo_max_c: max } = facts;
    if (min !== undefined && max !== undefined && min > max)
      item.wrong('cargo_min_c', `\`cargo_min_c\` (${min}) must not be above \`cargo_max_c\` (${max})`);
    return vehicleId === undefined ? [] : [{ vehicleId, facts }];
  });
  return newest(rows, ({ vehicleId }) => vehicleId);
}

export function readDrivers(source: Source, findings: Findings): ReferenceDriver[] {
  const rows = itemsOf(source, [], source.value, findings).flatMap((item): ReferenceDriver[] => {
    item.names(COLUMNS.drivers);
    const driverId = item.id('driver_id');
    const facts = readFacts(item, DRIVER_FACTS);
    return driverId === undefined ? [] : [{ driverId, facts }];
  });
  return newest(rows, ({ driverId }) => driverId);
}

export function readReservations(source: Source, findings: Findings): ReferenceReservation[] {
  const rows = itemsOf(source, [], source.value, findings).flatMap((item): ReferenceReservation[] => {
    item.names(COLUMNS.reservations);
    const reservationId = item.id('reservation_id');
    const vehicleId = item.id('vehicle_id');
    const driverId = item.text('driver_id') ?? '';
    const [fromMs, toMs] = [item.time('from'), item.time('to')];
    if (reservationId === undefined || vehicleId === undefined || fromMs === undefined || toMs === undefined) return [];
    if (fromMs >= toMs) item.wrong('to', '`to` must be later than `from`');
    return [{ reservationId, vehicleId, driverId, fromMs, toMs }];
  });
  return newest(rows, ({ reservationId }) => reservationId);
}

/** Orders with their stops in a list, as JSON and YAML have them. */
export function readOrders(source: Source, findings: Findings): ReferenceOrder[] {
  const rows = itemsOf(source, [], source.value, findings).flatMap((item): ReferenceOrder[] => {
    item.names(ORDER_NAMES);
    const head = readHead(item);
    const stops = item.items('stops').flatMap((stop) => {
      stop.names(STOP_NAMES);
      return readStop(stop) ?? [];
    });
    return head === undefined ? [] : [{ ...head, stops: newest(stops, ({ stopId }) => stopId) }];
  });
  return newest(rows, ({ orderId }) => orderId);
}

/** Orders as CSV has them: a row a stop, those of an order in their order. */
export function readOrderRows(source: Source, findings: Findings): ReferenceOrder[] {
  const orders = new Map<string, Omit<ReferenceOrder, 'stops'> & { readonly stops: OrderStop[] }>();
  for (const item of itemsOf(source, [], source.value, findings)) {
    item.names(COLUMNS.orders);
    const head = readHead(item);
    const stop = readStop(item);
    if (head === undefined || stop === undefined) continue;
    const known = orders.get(head.orderId);
    if (known === undefined) orders.set(head.orderId, { ...head, stops: [stop] });
    else {
      for (const [name, before, now] of [
        ['vehicle_id', known.vehicleId, head.vehicleId],
        ['route_id', known.routeId, head.routeId],
      ]) {
        if (before !== now)
          item.wrong(
            name,
            `order \`${head.orderId}\` has another \`${name}\` here (\`${now}\`) than in a row before (\`${before}\`)`,
          );
      }
      known.stops.push(stop);
    }
  }
  return [...orders.values()].map((order) => ({ ...order, stops: newest(order.stops, ({ stopId }) => stopId) }));
}

function readHead(item: Item): Omit<ReferenceOrder, 'stops'> | undefined {
  const orderId = item.id('order_id');
  const vehicleId = item.id('vehicle_id');
  const routeId = item.text('route_id') ?? '';
  return orderId === undefined || vehicleId === undefined ? undefined : { orderId, vehicleId, routeId };
}

function readStop(item: Item): OrderStop | undefined {
  const stopId = item.id('stop_id');
  const kind = item.word('kind', KINDS) ?? 'other';
  const lat = item.requiredNumber('lat', LAT);
  const lon = item.requiredNumber('lon', LON);
  const promisedMs = item.time('promised');
  const serviceMin = item.requiredNumber('service_min', SERVICE);
  if (stopId === undefined || lat === undefined || lon === undefined) return undefined;
  if (promisedMs === undefined || serviceMin === undefined) return undefined;
  return { stopId, kind, lat, lon, promisedMs, serviceMin };
}

function readFacts(
  item: Item,
  fields: readonly { readonly name: string; readonly type: string }[],
): Record<string, FactValue> {
  const facts: Record<string, FactValue> = {};
  for (const { name, type } of fields) {
    const value = type === 'number' ? item.number(name, RANGES[name]) : item.text(name);
    if (value !== undefined) facts[name] = value;
  }
  return facts;
}

/** The last row of each key, at the place of the first. */
export function newest<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}
