import {
  Field,
  Float32,
  Float64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  Uint8,
  Uint32,
} from 'apache-arrow';

/** Changed vehicles as columns, `count` rows; arrays may be longer than `count`. */
export interface FleetColumns {
  count: number;
  slot: Uint32Array;
  lon: Float64Array;
  lat: Float64Array;
  /** km/h; NaN = not known. */
  speedKmph: Float32Array;
  /** Degrees clockwise from north. */
  headingDeg: Float32Array;
  /** Event time of the newest message of the vehicle, Unix ms. */
  eventMs: Float64Array;
  /** See MOVEMENT. */
  movement: Uint8Array;
  /** Most urgent open alert, see PRIORITY; 0 = none. */
  priority: Uint8Array;
  /** 1 where that alert waits for its acknowledgement. */
  unacknowledged: Uint8Array;
}

export interface FrameHeader {
  /** Counts frames of this link from 1. */
  readonly sequence: number;
  /** Updates merged into later ones because the window was slower than the fleet, since the link opened. */
  readonly merged: number;
  /** Wall clock when the frame was made, Unix ms. */
  readonly sentMs: number;
}

export type FleetFrame = FrameHeader & FleetColumns;

const COLUMNS = [
  ['slot', new Uint32()],
  ['lon', new Float64()],
  ['lat', new Float64()],
  ['speedKmph', new Float32()],
  ['headingDeg', new Float32()],
  ['eventMs', new Float64()],
  ['movement', new Uint8()],
  ['priority', new Uint8()],
  ['unacknowledged', new Uint8()],
] as const;

const fields = COLUMNS.map(([name, type]) => new Field(name, type, false));
const struct = new Struct(fields);

/** Columns with room for `capacity` vehicles and no rows. */
export function emptyColumns(capacity: number): FleetColumns {
  return {
    count: 0,
    slot: new Uint32Array(capacity),
    lon: new Float64Array(capacity),
    lat: new Float64Array(capacity),
    speedKmph: new Float32Array(capacity),
    headingDeg: new Float32Array(capacity),
    eventMs: new Float64Array(capacity),
    movement: new Uint8Array(capacity),
    priority: new Uint8Array(capacity),
    unacknowledged: new Uint8Array(capacity),
  };
}

/** One frame as an Arrow IPC stream; the header rides in the schema's metadata. The bytes are a copy of the columns. */
export function encodeFrame(header: FrameHeader, columns: FleetColumns): Uint8Array {
  const n = columns.count;
  const metadata = new Map([
    ['sequence', String(header.sequence)],
    ['merged', String(header.merged)],
    ['sentMs', String(header.sentMs)],
  ]);
  const children = COLUMNS.map(([name, type]) =>
    makeData({ type: type as Float64, length: n, nullCount: 0, data: columns[name].subarray(0, n) as Float64Array }),
  );
  const schema = new Schema(fields, metadata);
  const batch = new RecordBatch(schema, makeData({ type: struct, length: n, nullCount: 0, children }));
  return tableToIPC(new Table(schema, [batch]), 'stream');
}

/** Reads a frame without copying: the columns are views of `bytes`. Throws on bytes that are not a fleet frame. */
export function decodeFrame(bytes: Uint8Array): FleetFrame {
  const table = tableFromIPC(bytes);
  const meta = (key: string): number => Number(table.schema.metadata.get(key));
  const column = (name: string): unknown => {
    const data = table.getChild(name)?.data[0];
    if (!data) throw new Error(`fleet frame has no column ${name}`);
    return data.values;
  };
  return {
    sequence: meta('sequence'),
    merged: meta('merged'),
    sentMs: meta('sentMs'),
    count: table.numRows,
    slot: column('slot') as Uint32Array,
    lon: column('lon') as Float64Array,
    lat: column('lat') as Float64Array,
    speedKmph: column('speedKmph') as Float32Array,
    headingDeg: column('headingDeg') as Float32Array,
    eventMs: column('eventMs') as Float64Array,
    movement: column('movement') as Uint8Array,
    priority: column('priority') as Uint8Array,
    unacknowledged: column('unacknowledged') as Uint8Array,
  };
}
