import type {
  FactValue,
  ReferenceData,
  ReferenceDriver,
  ReferenceOrder,
  ReferenceReservation,
  ReferenceRoute,
  ReferenceVehicle,
} from '../../core/model/reference.ts';
import type { Fleet } from '../fleet.ts';
import { driverIdOf, type Vehicle, type VehicleOrder } from '../vehicle/vehicle.ts';
import { degrees6 } from '../world/flat.ts';
import { geofences, stopId } from './geofences.ts';
import { driverName } from './names.ts';

/** What tyres, tanks and batteries of the demo's vehicles are by their papers. */
const PLACARD_KPA = 240;
const BATTERY_V = 12;
const LIMIT_KMPH = 80;
const TANK_L = { van: 75, truck: 300, reefer: 300 };
const CORRIDOR_M = 150;
/** Chilled goods keep 2–8 °C, frozen ones -18 °C or colder. */
const CHILLED = { cargo_min_c: 2, cargo_max_c: 8 };
const FROZEN = { cargo_min_c: -30, cargo_max_c: -18 };

/**
 * What a dispatcher knows of a fleet beside what its vehicles report: vehicles, drivers, areas, the orders and routes of vehicles
 * that are on the road when the story begins, reservations. The same fleet options, the same data, whenever it is asked for.
 */
export function fleetReference({ vehicles }: Fleet): ReferenceData {
  return {
    vehicles: vehicles.map(vehicleOf),
    drivers: vehicles.flatMap((v) => [1, 2].map((number) => driverOf(v, number))),
    orders: vehicles.flatMap((v) => (v.order ? [orderOf(v, v.order)] : [])),
    routes: vehicles.flatMap((v) => (v.order ? [routeOf(v, v.order)] : [])),
    geofences: geofences(),
    reservations: vehicles.flatMap(reservationsOf),
  };
}

function vehicleOf(v: Vehicle): ReferenceVehicle {
  const facts: Record<string, FactValue> = {
    class: v.kind,
    depot: v.place.city.code,
    limit_kmph: LIMIT_KMPH,
    tank_l: TANK_L[v.kind],
    tyre_kpa: PLACARD_KPA,
    battery_v: BATTERY_V,
    ...(v.kind === 'reefer' ? (v.cargoSetC > 0 ? CHILLED : FROZEN) : {}),
  };
  return { vehicleId: v.id, facts };
}

function driverOf(v: Vehicle, number: number): ReferenceDriver {
  const facts = {
    name: driverName(v.index * 2 + number),
    depot: v.place.city.code,
    licence: v.kind === 'van' ? 'B' : 'C',
  };
  return { driverId: driverIdOf(v, number), facts };
}

function orderOf(v: Vehicle, order: VehicleOrder): ReferenceOrder {
  const { graph } = v.place;
  const node = graph.stops[order.stop];
  return {
    orderId: `ORD-${v.id}`,
    vehicleId: v.id,
    routeId: routeId(v),
    stops: [
      {
        stopId: stopId(v.place, order.stop),
        kind: order.kind,
        lat: degrees6(graph.lat[node]),
        lon: degrees6(graph.lon[node]),
        promisedMs: order.promisedMs,
        serviceMin: order.serviceMin,
      },
    ],
  };
}

function routeOf(v: Vehicle, { edges }: VehicleOrder): ReferenceRoute {
  const { graph } = v.place;
  const nodes = [graph.from[edges[0]], ...edges.map((edge) => graph.to[edge])];
  return {
    routeId: routeId(v),
    points: nodes.map((node) => [degrees6(graph.lon[node]), degrees6(graph.lat[node])]),
    corridorM: CORRIDOR_M,
  };
}

function routeId(v: Vehicle): string {
  return `RTE-${v.id}`;
}

function reservationsOf(v: Vehicle): ReferenceReservation[] {
  if (!v.reservation) return [];
  return [{ reservationId: `RES-${v.id}`, vehicleId: v.id, driverId: driverIdOf(v, 1), ...v.reservation }];
}
