import type { Geometry, Position } from 'geojson';

/**
 * A line whose longitudes run on beyond ±180° instead of jumping to the other side of the map. The atlas joins land
 * across the antimeridian, which a flat map would draw as an edge around the whole world; the tiler wraps what lies beyond.
 */
export function unwrapLine(line: readonly Position[]): Position[] {
  let turns = 0;
  return line.map(([lon, lat], i) => {
    const jump = i === 0 ? 0 : lon - line[i - 1][0];
    if (jump > 180) turns--;
    else if (jump < -180) turns++;
    return [lon + turns * 360, lat];
  });
}

/** As `unwrapLine`; a ring around a pole is closed along that pole. */
export function unwrapRing(ring: readonly Position[]): Position[] {
  const open = unwrapLine(ring);
  const [firstLon, firstLat] = open[0];
  const [lastLon] = open[open.length - 1];
  if (Math.abs(lastLon - firstLon) < 180) return open;
  const pole = firstLat < 0 ? -90 : 90;
  return [...open, [lastLon, pole], [firstLon, pole], [firstLon, firstLat]];
}

/** Polygons with unwrapped rings; other geometries as they are. */
export function unwrapPolygons(geometry: Geometry): Geometry {
  if (geometry.type === 'Polygon') return { ...geometry, coordinates: geometry.coordinates.map(unwrapRing) };
  if (geometry.type === 'MultiPolygon') {
    return { ...geometry, coordinates: geometry.coordinates.map((polygon) => polygon.map(unwrapRing)) };
  }
  return geometry;
}
