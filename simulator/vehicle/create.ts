import { below, between, mix, random } from '../random.ts';
import { world } from '../world/world.ts';
import { orderOf } from './business.ts';
import { loadingMs, tripIdAt } from './journey.ts';
import { locate } from './motion.ts';
import { NO_OVERRIDES } from './overrides.ts';
import { chooseLeg, planTrip } from './plan.ts';
import { advanceSignals, nominalCoolantPct } from './signals.ts';
import type { Vehicle, VehicleClass, VehicleReservation } from './vehicle.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Share of vehicles that are on the road when the story begins. */
const ON_THE_ROAD = 0.8;
/** Share of vehicles that nobody has now, and of those that somebody has for long. */
const OFF_DUTY = 0.02;
const RESERVED = 0.12;
const RESERVED_DAYS = 30;
/** Keeps a vehicle's business data apart from its driving, so that one does not change the other. */
const BUSINESS = 0x2545f491;

/** Vehicle number `index` of a fleet as it is at `startMs`: most are in mid-trip and warm, the rest stand at a stop. */
export function createVehicle(index: number, seed: number, startMs: number): Vehicle {
  const places = world();
  const place = places[index % places.length];
  const rnd = random(mix(seed, index + 1));
  const kind = pickClass(rnd());
  const business = random(mix(seed ^ BUSINESS, index + 1));
  const share = business();
  const offDuty = share < OFF_DUTY;
  const stop = place.graph.stops[below(rnd, place.graph.stops.length)];
  const node = offDuty ? place.graph.depot : stop;
  const number = Math.floor(index / places.length) + 1;
  const edge = place.graph.to.indexOf(node);
  const v: Vehicle = {
    index,
    id: `${place.city.code}-${String(number).padStart(5, '0')}`,
    kind,
    place,
    rnd,
    character: rnd(),
    timeMs: startMs,
    edge,
    alongM: 0,
    speedMps: 0,
    endMps: 0,
    tree: place.routeTo(node),
    final: true,
    ahead: [],
    lat: 0,
    lon: 0,
    headingDeg: place.graph.headingDeg[edge],
    phase: 'parked',
    phaseUntilMs: startMs,
    stopsLeft: 1 + below(rnd, 6),
    stopsMade: 0,
    ignition: false,
    tripId: '',
    tripStartMs: startMs,
    tripM: 0,
    driverNumber: 1 + below(rnd, 2),
    loggedIn: !offDuty,
    onBreak: false,
    nextBreakMs: startMs + between(rnd, 0.05, 4) * HOUR,
    shiftEndMs: startMs + between(rnd, 0.5, 8) * HOUR,
    slowMs: startMs,
    odometerKm: between(rnd, 4_000, 240_000),
    fuelPct: between(rnd, 35, 96),
    engineC: 0,
    coolantPct: 0,
    oilC: 0,
    cargoC: 0,
    cargoSetC: rnd() < 0.5 ? 4 : -20,
    tyreKpa: [0, 0, 0, 0].map(() => between(rnd, 232, 252)),
    tyreWarmth: 0,
    ambientC: 15,
    dark: false,
    sentMs: startMs,
    statusDue: false,
    override: { ...NO_OVERRIDES },
    order: undefined,
    reservation: reservationAt(share, startMs),
    offDuty,
    busyUntilMs: Number.NEGATIVE_INFINITY,
  };
  v.coolantPct = nominalCoolantPct(v);
  v.cargoC = v.cargoSetC;
  if (offDuty) putInDepot(v);
  else if (rnd() < ON_THE_ROAD) putOnTheRoad(v);
  else putAtStop(v);
  locate(v);
  advanceSignals(v);
  if (v.phase === 'driving') v.order = orderOf(v, business);
  return v;
}

/** One that nobody has any more, one that somebody has for weeks, or none: most vehicles are not reserved at all. */
function reservationAt(share: number, startMs: number): VehicleReservation | undefined {
  if (share < OFF_DUTY) return { fromMs: startMs - 10 * HOUR, toMs: startMs - HOUR / 2 };
  if (share < RESERVED) return { fromMs: startMs - 2 * HOUR, toMs: startMs + RESERVED_DAYS * 24 * HOUR };
  return undefined;
}

function pickClass(share: number): VehicleClass {
  return share < 0.45 ? 'van' : share < 0.75 ? 'truck' : 'reefer';
}

/** Somewhere on the way between two places, at the speed one has there, warm, the trip begun some minutes ago. */
function putOnTheRoad(v: Vehicle): void {
  const { graph } = v.place;
  const start = graph.to[v.edge];
  planTrip(v, below(v.rnd, 4), start, graph.from[v.edge]);
  chooseLeg(v, start);
  let target = v.tree.distanceM[start] * v.rnd();
  let node = start;
  v.edge = v.tree.nextEdge[node];
  while (target > graph.lengthM[v.edge] && graph.to[v.edge] !== v.tree.destination) {
    target -= graph.lengthM[v.edge];
    node = graph.to[v.edge];
    v.edge = v.tree.nextEdge[node];
  }
  v.alongM = Math.min(target, graph.lengthM[v.edge] * 0.9);
  v.endMps = v.tree.endMps[node];
  const left = graph.lengthM[v.edge] - v.alongM;
  const brakeable = Math.sqrt(v.endMps * v.endMps + 2 * left);
  const toStop = v.final ? Math.sqrt(2 * (left + v.tree.distanceM[graph.to[v.edge]])) : Number.POSITIVE_INFINITY;
  v.speedMps = Math.min(graph.limitMps[v.edge] * 0.9, brakeable, toStop);
  v.headingDeg = graph.headingDeg[v.edge];
  v.phase = 'driving';
  v.ignition = true;
  const sinceMs = between(v.rnd, 4, 25) * MINUTE;
  v.tripStartMs = Math.round(v.timeMs - sinceMs);
  v.tripM = (sinceMs / 1000) * 9.5;
  v.tripId = tripIdAt(v, v.tripStartMs);
  v.engineC = 87 + 4 * v.character;
  v.oilC = v.engineC + 4;
  v.tyreWarmth = Math.min(1, sinceMs / (20 * MINUTE));
}

function putAtStop(v: Vehicle): void {
  v.alongM = v.place.graph.lengthM[v.edge];
  v.phaseUntilMs = v.timeMs + loadingMs(v) * v.rnd();
  v.engineC = between(v.rnd, 78, 88);
  v.oilC = v.engineC;
  v.tyreWarmth = 0.6;
}

/** Cold, locked, and not to be fetched before the story is over. */
function putInDepot(v: Vehicle): void {
  v.alongM = v.place.graph.lengthM[v.edge];
  v.phaseUntilMs = Number.POSITIVE_INFINITY;
  v.engineC = 20;
  v.oilC = 20;
}
