import { addProtocol } from 'maplibre-gl';
import { PMTiles, Protocol, type RangeResponse, type Source } from 'pmtiles';

const KEY = 'world';

/**
 * The whole archive in memory after one request: 10 MB from this machine, and it works behind any server, also those that
 * do not answer range requests.
 */
class WholeFile implements Source {
  private bytes: Promise<ArrayBuffer> | undefined;
  private readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  getKey(): string {
    return KEY;
  }

  async getBytes(offset: number, length: number): Promise<RangeResponse> {
    this.bytes ??= this.load();
    const bytes = await this.bytes;
    return { data: bytes.slice(offset, offset + length) };
  }

  private async load(): Promise<ArrayBuffer> {
    const response = await fetch(this.url);
    if (!response.ok) {
      this.bytes = undefined;
      throw new Error(
        `The basemap could not be loaded from ${this.url} (HTTP ${response.status}). Build the app again.`,
      );
    }
    return response.arrayBuffer();
  }
}

let address: string | undefined;

/** Makes the baked world known to MapLibre, once per window, and returns its address for a style. */
export function basemapUrl(): string {
  if (address === undefined) {
    const protocol = new Protocol();
    protocol.add(new PMTiles(new WholeFile(new URL('/basemap/world.pmtiles', location.href).href)));
    addProtocol('pmtiles', protocol.tile);
    address = `pmtiles://${KEY}`;
  }
  return address;
}
