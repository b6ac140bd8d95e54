/** How the bytes travel. */
export type Carrier = 'tcp' | 'tls' | 'ws' | 'wss';

/** Where a broker is, from its URL. */
export interface BrokerAddress {
  readonly carrier: Carrier;
  readonly host: string;
  readonly port: number;
  /** Path and query, for WebSocket. */
  readonly path: string;
  readonly user?: string;
  readonly password?: string;
  /** The URL without user and password, as it may be shown. */
  readonly shown: string;
}

const SCHEMES: Readonly<Record<string, { carrier: Carrier; port: number }>> = {
  'mqtt:': { carrier: 'tcp', port: 1883 },
  'tcp:': { carrier: 'tcp', port: 1883 },
  'mqtts:': { carrier: 'tls', port: 8883 },
  'tls:': { carrier: 'tls', port: 8883 },
  'ssl:': { carrier: 'tls', port: 8883 },
  'ws:': { carrier: 'ws', port: 80 },
  'wss:': { carrier: 'wss', port: 443 },
};

/** Reads a broker URL. Throws an Error whose message says what is wrong with it and what it should look like. */
export function parseBrokerUrl(url: string): BrokerAddress {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new Error(
      `"${withoutSecrets(url)}" is not a broker URL. Write it like mqtt://host:1883 or mqtts://host:8883.`,
    );
  }
  const scheme = SCHEMES[parsed.protocol];
  if (!scheme || parsed.hostname === '') {
    throw new Error(
      `"${withoutSecrets(url)}" is not a broker URL: it must begin with mqtt://, mqtts://, ws:// or wss:// and name a host.`,
    );
  }
  return {
    carrier: scheme.carrier,
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? scheme.port : Number(parsed.port),
    path: `${parsed.pathname || '/'}${parsed.search}`,
    user: parsed.username === '' ? undefined : decodeURIComponent(parsed.username),
    password: parsed.password === '' ? undefined : decodeURIComponent(parsed.password),
    shown: `${parsed.protocol}//${parsed.host}${parsed.pathname === '/' ? '' : parsed.pathname}`,
  };
}

export function isSecure(carrier: Carrier): boolean {
  return carrier === 'tls' || carrier === 'wss';
}

function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}
