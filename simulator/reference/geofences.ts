import type { ReferenceGeofence } from '../../core/model/reference.ts';
import { circle } from '../world/flat.ts';
import { AREA_CORNERS } from '../world/geojson.ts';
import { CITY_M } from '../world/sketch.ts';
import { type Place, world } from '../world/world.ts';

const DEPOT_M = 150;
const STOP_M = 60;
const CORNERS = 32;
const STOP_CORNERS = 12;

/** The areas of all demo cities: operating area, depot, every stop, the forbidden and the no-parking zone, slow zones. */
export function geofences(): ReferenceGeofence[] {
  return world().flatMap(geofencesOf);
}

/** The id of a stop of a city, by its number from 0. */
export function stopId({ city }: Place, stop: number): string {
  return `${city.code}-stop-${String(stop + 1).padStart(2, '0')}`;
}

function geofencesOf(place: Place): ReferenceGeofence[] {
  const { city, graph, zones } = place;
  const about = (node: number, radiusM: number, corners = CORNERS) => [
    [circle(graph.lat[node], graph.lon[node], radiusM, corners)],
  ];
  const id = (name: string) => `${city.code}-${name}`;
  return [
    {
      geofenceId: id('area'),
      name: `${city.name} operating area`,
      groups: ['operating-area'],
      polygons: [[circle(city.lat, city.lon, CITY_M.area, AREA_CORNERS)]],
    },
    {
      geofenceId: id('depot'),
      name: `${city.name} depot`,
      groups: ['depots'],
      polygons: about(graph.depot, DEPOT_M),
    },
    ...graph.stops.map((node, stop) => ({
      geofenceId: stopId(place, stop),
      name: `${city.name} stop ${stop + 1}`,
      groups: ['customers'],
      polygons: about(node, STOP_M, STOP_CORNERS),
    })),
    {
      geofenceId: id('forbidden'),
      name: `${city.name} closed quarter`,
      groups: ['forbidden'],
      polygons: about(zones.forbidden.node, zones.forbidden.radiusM),
    },
    {
      geofenceId: id('no-parking'),
      name: `${city.name} inner ring, no parking`,
      groups: ['no-parking'],
      polygons: about(zones.noParking.node, zones.noParking.radiusM),
    },
    ...zones.slow.map(({ node, radiusM, limitKmph }) => ({
      geofenceId: id(`slow-${limitKmph}`),
      name: `${city.name} ${limitKmph} km/h zone`,
      groups: ['slow'],
      limitKmph,
      polygons: about(node, radiusM),
    })),
  ];
}
