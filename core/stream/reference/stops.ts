import type { OrderStop, ReferenceOrder, ReferenceRoute } from '../../model/reference.ts';
import { type OnWay, Way } from './way.ts';

/** No stop: the vehicle has no work left, or never had any. */
export const NO_STOP = -1;

/** Where a stop lies on the route of its order. */
interface StopOnWay {
  readonly segment: number;
  readonly alongM: number;
  readonly offM: number;
}

/** The stops of all orders in one list, and the routes. A stop is a number in it; those of an order lie together in their order. */
export class Stops {
  readonly orders: readonly ReferenceOrder[];
  readonly stops: readonly OrderStop[];
  /** By stop. */
  readonly orderOf: Int32Array;
  /** By order: its first stop; one more entry for the end. */
  readonly firstOf: Int32Array;
  /** By order; undefined where the order names no route, or one that is not there. */
  readonly ways: readonly (Way | undefined)[];
  readonly #byVehicle = new Map<string, number[]>();
  readonly #onWay: (readonly StopOnWay[] | undefined)[] = [];

  constructor(orders: readonly ReferenceOrder[], routes: readonly ReferenceRoute[]) {
    this.orders = orders;
    this.stops = orders.flatMap((order) => order.stops);
    this.orderOf = new Int32Array(this.stops.length);
    this.firstOf = new Int32Array(orders.length + 1);
    const ways = new Map(routes.map((route) => [route.routeId, new Way(route)]));
    this.ways = orders.map(({ routeId }) => ways.get(routeId));
    for (const [order, { vehicleId, stops }] of orders.entries()) {
      const first = this.firstOf[order];
      this.orderOf.fill(order, first, first + stops.length);
      this.firstOf[order + 1] = first + stops.length;
      const known = this.#byVehicle.get(vehicleId);
      if (known) known.push(order);
      else this.#byVehicle.set(vehicleId, [order]);
    }
  }

  /** Orders of a vehicle in the order in which they are worked. */
  ordersOf(vehicleId: string): readonly number[] {
    return this.#byVehicle.get(vehicleId) ?? [];
  }

  /** What a stop is called whatever list it is in. */
  keyOf(stop: number): string {
    return `${this.orders[this.orderOf[stop]].orderId}\u0000${this.stops[stop].stopId}`;
  }

  /** Where the stop lies on its route: never before the stop that precedes it in its order. Undefined without a route. */
  onWay(stop: number): StopOnWay | undefined {
    const order = this.orderOf[stop];
    const way = this.ways[order];
    if (way === undefined) return undefined;
    this.#onWay[order] ??= this.#locate(order, way);
    return this.#onWay[order][stop - this.firstOf[order]];
  }

  /** Segment of the route behind which the vehicle is while it is on its way to the stop: that of the stop before. */
  segmentBefore(stop: number): number {
    if (stop === this.firstOf[this.orderOf[stop]]) return 0;
    return this.onWay(stop - 1)?.segment ?? 0;
  }

  #locate(order: number, way: Way): StopOnWay[] {
    const found: StopOnWay[] = [];
    const place: OnWay = { offM: 0, segment: 0, alongM: 0 };
    for (const { lat, lon } of this.orders[order].stops) {
      way.find(lat, lon, found.at(-1)?.segment ?? 0, -1, place);
      found.push({ ...place });
    }
    return found;
  }
}
