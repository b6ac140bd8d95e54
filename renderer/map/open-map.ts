import { MapLibreMap, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { basemapUrl } from './basemap-source.ts';
import { mapStyle } from './style.ts';

setWorkerUrl(workerUrl);

/** The whole world, until the fleet is known. */
const START = { center: [20, 25] as [number, number], zoom: 1.8 };

/** A MapLibre map with the dark basemap, north up and seen from straight above. Throws where WebGL cannot be had. */
export function openMap(container: HTMLElement, streetsUrl: string | undefined, softwareGl: boolean): MapLibreMap {
  const map = new MapLibreMap({
    container,
    style: mapStyle(basemapUrl(), streetsUrl),
    ...START,
    minZoom: 1,
    maxZoom: 18,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: softwareGl ? 0 : 150,
    ...(softwareGl ? { pixelRatio: 1 } : {}),
    canvasContextAttributes: { antialias: false },
    attributionControl: { compact: false },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right');
  map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 110 }), 'bottom-left');
  return map;
}
