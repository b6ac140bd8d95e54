import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from 'maplibre-gl';
import { MEDIUM, REGULAR } from './fonts.ts';

export const STREETS = 'streets';
const STREET_LABEL = '#8d96a0';
const HALO = '#0e1013';

/** One class of street: colour, width in px at zoom 14, and the zoom from which it is drawn. */
const CLASSES = [
  { kind: 'minor', color: '#292f36', widthPx: 1.1, minzoom: 12.5 },
  { kind: 'medium', color: '#31383f', widthPx: 1.7, minzoom: 11 },
  { kind: 'major', color: '#3a424b', widthPx: 2.4, minzoom: 8.5 },
  { kind: 'highway', color: '#454e58', widthPx: 3.2, minzoom: 7 },
] as const;

/** The demo fleet's streets, depots and geofences (GeoJSON). */
export function streetsSource(url: string): SourceSpecification {
  return { type: 'geojson', data: url, maxzoom: 14, tolerance: 0.5, attribution: 'Demo streets (generated)' };
}

function width(widthPx: number): ExpressionSpecification {
  return ['interpolate', ['exponential', 1.6], ['zoom'], 8, widthPx * 0.25, 14, widthPx, 18, widthPx * 7];
}

function isKind(kind: string): ExpressionSpecification {
  return ['==', ['get', 'kind'], kind];
}

export function streetLayers(): LayerSpecification[] {
  const lines = CLASSES.map(
    ({ kind, color, widthPx, minzoom }): LayerSpecification => ({
      id: `street-${kind}`,
      type: 'line',
      source: STREETS,
      minzoom,
      filter: isKind(kind),
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': color, 'line-width': width(widthPx) },
    }),
  );
  return [
    {
      id: 'geofence',
      type: 'fill',
      source: STREETS,
      minzoom: 9,
      filter: isKind('geofence'),
      paint: { 'fill-color': '#98a1ab', 'fill-opacity': 0.035 },
    },
    ...lines,
    {
      id: 'geofence-edge',
      type: 'line',
      source: STREETS,
      minzoom: 9,
      filter: isKind('geofence'),
      paint: { 'line-color': '#5f6872', 'line-width': 1, 'line-dasharray': [4, 3], 'line-opacity': 0.7 },
    },
    {
      id: 'street-name',
      type: 'symbol',
      source: STREETS,
      minzoom: 12.5,
      filter: ['match', ['get', 'kind'], ['medium', 'major', 'highway'], true, false],
      layout: {
        'symbol-placement': 'line',
        'text-field': ['get', 'name'],
        'text-font': [REGULAR],
        'text-size': ['interpolate', ['linear'], ['zoom'], 12.5, 10, 16, 12],
        'symbol-spacing': 360,
      },
      paint: { 'text-color': STREET_LABEL, 'text-halo-color': HALO, 'text-halo-width': 1.4 },
    },
  ];
}

/** Depots lie above streets and place names. */
export function depotLayers(): LayerSpecification[] {
  return [
    {
      id: 'depot',
      type: 'circle',
      source: STREETS,
      minzoom: 8,
      filter: isKind('depot'),
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 8, 2, 14, 5],
        'circle-color': '#0e1013',
        'circle-stroke-color': '#8b949e',
        'circle-stroke-width': 1.5,
      },
    },
    {
      id: 'depot-name',
      type: 'symbol',
      source: STREETS,
      minzoom: 10,
      filter: isKind('depot'),
      layout: {
        'text-field': ['get', 'name'],
        'text-font': [MEDIUM],
        'text-size': 11,
        'text-anchor': 'left',
        'text-offset': [0.9, 0],
      },
      paint: { 'text-color': '#9ca5af', 'text-halo-color': HALO, 'text-halo-width': 1.4 },
    },
  ];
}
