import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { ReferenceData } from '../../model/reference.ts';
import { csvSource } from './csv-source.ts';
import { readGeofences, readRoutes } from './geojson.ts';
import { Findings } from './item.ts';
import { jsonSource } from './json-source.ts';
import type { Source, Unreadable } from './source.ts';
import { readDrivers, readOrderRows, readOrders, readReservations, readVehicles } from './tables.ts';
import { yamlSource } from './yaml-source.ts';

type Part = keyof ReferenceData;

/** Files by what they hold; at most one of each line. */
export const REFERENCE_FILES: Readonly<Record<Part, readonly string[]>> = {
  vehicles: ['vehicles.csv', 'vehicles.json', 'vehicles.yaml'],
  drivers: ['drivers.csv', 'drivers.json', 'drivers.yaml'],
  orders: ['orders.csv', 'orders.json', 'orders.yaml'],
  reservations: ['reservations.csv', 'reservations.json', 'reservations.yaml'],
  geofences: ['geofences.geojson'],
  routes: ['routes.geojson'],
};

const READERS: { readonly [P in Part]: (source: Source, findings: Findings) => ReferenceData[P] } = {
  vehicles: readVehicles,
  drivers: readDrivers,
  orders: (source, findings) => (extname(source.file) === '.csv' ? readOrderRows : readOrders)(source, findings),
  reservations: readReservations,
  geofences: readGeofences,
  routes: readRoutes,
};

export interface ReadReference {
  readonly data: ReferenceData;
  /** Sentences with file and line, without a full stop; the files they are about were refused whole. */
  readonly errors: readonly string[];
  /** Sentences about what was left out of files that were taken. */
  readonly hints: readonly string[];
}

/** Reads the reference files of a folder. What a refused file held before is taken from `inForce`; a file that is not there holds nothing. */
export function readReference(dir: string, inForce: ReferenceData): ReadReference {
  const errors: string[] = [];
  const hints: string[] = [];
  const read = <P extends Part>(part: P): ReferenceData[P] => {
    const found = readPart(dir, part);
    errors.push(...found.errors);
    hints.push(...found.hints);
    return found.rows ?? inForce[part];
  };
  const data: ReferenceData = {
    vehicles: read('vehicles'),
    drivers: read('drivers'),
    orders: read('orders'),
    routes: read('routes'),
    geofences: read('geofences'),
    reservations: read('reservations'),
  };
  return { data, errors, hints: [...hints, ...lostRoutes(data)] };
}

interface ReadPart<P extends Part> {
  /** Undefined when the file was refused. */
  readonly rows?: ReferenceData[P];
  readonly errors: readonly string[];
  readonly hints: readonly string[];
}

function readPart<P extends Part>(dir: string, part: P): ReadPart<P> {
  const findings = new Findings();
  const files = REFERENCE_FILES[part].flatMap((file) => textOf(dir, file) ?? []);
  if (files.length > 1) {
    const names = files.map(({ file }) => file);
    return { errors: [`${names.join(' and ')} are there together; keep one of them`], hints: [] };
  }
  if (files.length === 0) return { rows: [] as ReferenceData[Part] as ReferenceData[P], errors: [], hints: [] };
  const [{ file, text, error }] = files;
  if (text === undefined) return { errors: [`${file} cannot be read (${error})`], hints: [] };
  const source = text.includes('\uFFFD')
    ? { error: `${file}: this is not UTF-8; save it as UTF-8` }
    : sourceOf(file, text);
  if ('error' in source) return { errors: [source.error], hints: [] };
  const rows = READERS[part](source, findings);
  const { errors, hints } = findings;
  return errors.length > 0 ? { errors, hints } : { rows, errors, hints };
}

interface FileText {
  readonly file: string;
  readonly text?: string;
  readonly error?: string;
}

/** A file's text, or why it cannot be read; undefined when it is not there. */
function textOf(dir: string, file: string): FileText | undefined {
  try {
    return { file, text: readFileSync(join(dir, file), 'utf8') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : { file, error: code ?? message };
  }
}

function sourceOf(file: string, text: string): Source | Unreadable {
  switch (extname(file)) {
    case '.csv':
      return csvSource(file, text);
    case '.yaml':
      return yamlSource(file, text);
    default:
      return jsonSource(file, text);
  }
}

/** A hint at orders whose route is nowhere. */
function lostRoutes({ orders, routes }: ReferenceData): string[] {
  const known = new Set(routes.map(({ routeId }) => routeId));
  const lost = orders.filter(({ routeId }) => routeId !== '' && !known.has(routeId));
  if (lost.length === 0) return [];
  const [{ orderId, routeId }] = lost;
  const more = lost.length === 1 ? '' : `, and ${lost.length - 1} more orders theirs`;
  return [`Order \`${orderId}\` names the route \`${routeId}\`, which routes.geojson does not have${more}.`];
}
