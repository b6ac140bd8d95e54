import { hashText, mix, random } from '../random.ts';
import { CITIES, type City } from './cities.ts';
import { flatM } from './flat.ts';
import { type RouteTree, routeTree } from './route-tree.ts';
import { CITY_M, type Sketch, sketchCity } from './sketch.ts';
import { buildGraph, type StreetGraph } from './street-graph.ts';
import { type CityZones, chooseZones } from './zones.ts';

export interface Place {
  readonly city: City;
  readonly sketch: Sketch;
  readonly graph: StreetGraph;
  readonly zones: CityZones;
  /** The fastest way to a node from everywhere, around the forbidden zone; worked out once and kept. */
  routeTo(node: number): RouteTree;
}

/** The streets do not change with the fleet's seed: the map of the demo is always the same. */
const STREETS_SEED = hashText('watchfloor demo streets');

function buildPlace(city: City): Place {
  const rnd = random(mix(STREETS_SEED, hashText(city.code)));
  const sketch = sketchCity(rnd, city.gridTurnDeg);
  const graph = buildGraph(city, sketch, rnd);
  const zones = chooseZones(graph, city);
  const trees = new Map<number, RouteTree>();
  return {
    city,
    sketch,
    graph,
    zones,
    routeTo(node) {
      let tree = trees.get(node);
      if (!tree) {
        tree = routeTree(graph, node, zones.forbidden.node);
        trees.set(node, tree);
      }
      return tree;
    },
  };
}

let places: readonly Place[] | undefined;

/** All cities with their streets, built on first use (about 0.1 s) and shared by every fleet of the process. */
export function world(): readonly Place[] {
  places ??= CITIES.map(buildPlace);
  return places;
}

/** True while a position (degrees) is inside the city's operating area. */
export function insideArea(place: Place, lat: number, lon: number): boolean {
  return flatM(place.city.lat, place.city.lon, lat, lon) < CITY_M.area;
}
