import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import { TRACK_SOURCE } from './style.ts';

/** A travelled way, degrees; both arrays have the same length. */
export interface Track {
  readonly lon: readonly number[];
  readonly lat: readonly number[];
}

/** Longer steps than this are a gap in the recording, not a way that was driven. */
const GAP_DEG = 0.05;

/** The track as connected ways of at least two positions. */
export function trackParts({ lon, lat }: Track): [number, number][][] {
  const parts: [number, number][][] = [];
  for (let i = 0; i < lon.length; i++) {
    const gap = i === 0 || Math.abs(lon[i] - lon[i - 1]) > GAP_DEG || Math.abs(lat[i] - lat[i - 1]) > GAP_DEG;
    if (gap) parts.push([]);
    parts[parts.length - 1].push([lon[i], lat[i]]);
  }
  return parts.filter((part) => part.length > 1);
}

/** Shows a track on the map, as soon as the map can; undefined = none. */
export function trackLine(map: MapLibreMap): (track: Track | undefined) => void {
  let loaded = false;
  let wanted: Track | undefined;
  const show = (): void => {
    const coordinates = wanted ? trackParts(wanted) : [];
    map.getSource<GeoJSONSource>(TRACK_SOURCE)?.setData({ type: 'MultiLineString', coordinates });
  };
  map.once('load', () => {
    loaded = true;
    if (wanted) show();
  });
  return (track) => {
    wanted = track;
    if (loaded) show();
  };
}
