import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { fontFaces, MEDIUM, REGULAR } from './fonts.ts';
import { INK, TRACK } from './palette.ts';
import { depotLayers, STREETS, streetLayers, streetsSource } from './streets-style.ts';

export const TRACK_SOURCE = 'track';
const WORLD = 'world';
const HALO = { 'text-halo-color': '#0e1013', 'text-halo-width': 1.4 } as const;

const ground: LayerSpecification[] = [
  { id: 'sea', type: 'background', paint: { 'background-color': '#0d0f12' } },
  { id: 'land', type: 'fill', source: WORLD, 'source-layer': 'land', paint: { 'fill-color': '#181b1f' } },
  {
    id: 'coast',
    type: 'line',
    source: WORLD,
    'source-layer': 'coast',
    maxzoom: 13,
    paint: {
      'line-color': '#2e343b',
      'line-width': ['interpolate', ['linear'], ['zoom'], 2, 0.5, 8, 1.2],
      'line-opacity': ['interpolate', ['linear'], ['zoom'], 10, 1, 13, 0.3],
    },
  },
  {
    id: 'border',
    type: 'line',
    source: WORLD,
    'source-layer': 'border',
    paint: {
      'line-color': '#363d45',
      'line-dasharray': [3, 2],
      'line-width': ['interpolate', ['linear'], ['zoom'], 2, 0.6, 8, 1.3],
    },
  },
];

const track: LayerSpecification[] = [
  {
    id: 'track-case',
    type: 'line',
    source: TRACK_SOURCE,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': INK, 'line-width': 5, 'line-opacity': 0.7 },
  },
  {
    id: 'track',
    type: 'line',
    source: TRACK_SOURCE,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': TRACK, 'line-width': 2, 'line-opacity': 0.75 },
  },
];

const names: LayerSpecification[] = [
  {
    id: 'country-name',
    type: 'symbol',
    source: WORLD,
    'source-layer': 'country',
    minzoom: 1.5,
    maxzoom: 6.5,
    layout: {
      'text-field': ['upcase', ['get', 'name']],
      'text-font': [MEDIUM],
      'text-size': ['interpolate', ['linear'], ['zoom'], 2, 9, 5, 12],
      'text-letter-spacing': 0.15,
      'text-max-width': 7,
      'text-padding': 8,
      'symbol-sort-key': ['get', 'rank'],
    },
    paint: { 'text-color': '#5c6570', ...HALO },
  },
  {
    id: 'place-dot',
    type: 'circle',
    source: WORLD,
    'source-layer': 'place',
    minzoom: 3,
    maxzoom: 9,
    filter: ['>=', ['get', 'pop'], ['step', ['zoom'], 1e6, 5, 5e5, 6, 1e5, 7, 3e4]],
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['get', 'pop'], 1e4, 1, 5e6, 2.2],
      'circle-color': '#78818c',
      'circle-opacity': 0.6,
    },
  },
  {
    id: 'place-name',
    type: 'symbol',
    source: WORLD,
    'source-layer': 'place',
    minzoom: 3,
    filter: ['>=', ['get', 'pop'], ['step', ['zoom'], 0, 7, 5e4, 8, 2e4, 9, 5e3, 10, 1e3]],
    layout: {
      'text-field': ['get', 'name'],
      'text-font': [REGULAR],
      'text-size': [
        'interpolate',
        ['linear'],
        ['zoom'],
        3,
        ['interpolate', ['linear'], ['get', 'pop'], 1e4, 9, 5e6, 12],
        10,
        ['interpolate', ['linear'], ['get', 'pop'], 1e4, 11, 5e6, 16],
      ],
      'text-anchor': 'bottom',
      'text-offset': [0, -0.35],
      'text-padding': 10,
      'symbol-sort-key': ['-', 0, ['get', 'pop']],
    },
    paint: { 'text-color': ['interpolate', ['linear'], ['get', 'pop'], 1e4, '#848d97', 1e6, '#a8b0b9'], ...HALO },
  },
];

/**
 * The dark basemap: sea, land, coasts, borders and names from the baked world, and the demo streets where there are any.
 * It needs no glyph server, no sprite and no network.
 */
export function mapStyle(worldUrl: string, streetsUrl: string | undefined): StyleSpecification {
  return {
    version: 8,
    name: 'watchfloor-dark',
    'font-faces': fontFaces() as StyleSpecification['font-faces'],
    sources: {
      [WORLD]: { type: 'vector', url: worldUrl, attribution: 'Natural Earth · GeoNames (CC BY 4.0)' },
      [TRACK_SOURCE]: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
      ...(streetsUrl === undefined ? {} : { [STREETS]: streetsSource(streetsUrl) }),
    },
    layers: [
      ...ground,
      ...(streetsUrl === undefined ? [] : streetLayers()),
      ...track,
      ...names,
      ...(streetsUrl === undefined ? [] : depotLayers()),
    ],
  };
}
