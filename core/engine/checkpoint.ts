import type { StateArray } from '../stream/fleet-state.ts';

/**
 * Raised whenever what is stored changes. Older ones can be read: what they do not have begins anew. 1: fleet, rules, alerts,
 * tracks, minutes. 2: event time, windows, trips, scores.
 */
export const CHECKPOINT_VERSION = 2;

const MAGIC = 0x50434657; // "WFCP"
const ALIGN = 8;

const TYPES = {
  f64: Float64Array,
  f32: Float32Array,
  u32: Uint32Array,
  i32: Int32Array,
  u8: Uint8Array,
} as const;
type TypeName = keyof typeof TYPES;

interface SectionHead {
  readonly name: string;
  readonly type: TypeName;
  readonly length: number;
}

function typeName(array: StateArray): TypeName {
  for (const [name, type] of Object.entries(TYPES)) if (array instanceof type) return name as TypeName;
  throw new Error('a checkpoint holds typed arrays only');
}

const aligned = (n: number): number => Math.ceil(n / ALIGN) * ALIGN;

/**
 * Layout: magic u32, version u32, length of the head u32, 4 spare bytes; the head (UTF-8 JSON of `meta` and the sections'
 * names, types and lengths); each section's bytes, 8-byte aligned, little-endian.
 */
export function writeCheckpoint(meta: object, sections: readonly [name: string, array: StateArray][]): Uint8Array {
  const heads = sections.map(([name, array]): SectionHead => ({ name, type: typeName(array), length: array.length }));
  const head = new TextEncoder().encode(JSON.stringify({ meta, sections: heads }));
  const dataAt = aligned(16 + head.length);
  const total = sections.reduce((sum, [, array]) => sum + aligned(array.byteLength), dataAt);
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, CHECKPOINT_VERSION, true);
  view.setUint32(8, head.length, true);
  out.set(head, 16);
  let at = dataAt;
  for (const [, array] of sections) {
    out.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += aligned(array.byteLength);
  }
  return out;
}

export interface CheckpointReader<Meta> {
  readonly meta: Meta;
  /** The stored section of that name, or undefined. */
  read(name: string): StateArray | undefined;
}

/** Opens a checkpoint of this or an older version; throws when the bytes are none, are cut off, or are of a newer version. */
export function readCheckpoint<Meta>(bytes: Uint8Array): CheckpointReader<Meta> {
  const copy = bytes.byteOffset % ALIGN === 0 ? bytes : bytes.slice();
  const view = new DataView(copy.buffer, copy.byteOffset, copy.byteLength);
  if (copy.length < 16 || view.getUint32(0, true) !== MAGIC) throw new Error('these bytes are no checkpoint');
  const version = view.getUint32(4, true);
  if (version < 1 || version > CHECKPOINT_VERSION)
    throw new Error(`checkpoint version ${version}, this program reads up to ${CHECKPOINT_VERSION}`);
  const headLength = view.getUint32(8, true);
  if (16 + headLength > copy.length) throw new Error('the checkpoint is cut off');
  const head = JSON.parse(new TextDecoder().decode(copy.subarray(16, 16 + headLength))) as {
    meta: Meta;
    sections: SectionHead[];
  };
  const arrays = new Map<string, StateArray>();
  let at = aligned(16 + headLength);
  for (const { name, type, length } of head.sections) {
    const Type = TYPES[type];
    const byteLength = length * Type.BYTES_PER_ELEMENT;
    if (at + byteLength > copy.length) throw new Error('the checkpoint is cut off');
    arrays.set(name, new Type(copy.buffer as ArrayBuffer, copy.byteOffset + at, length));
    at += aligned(byteLength);
  }
  return { meta: head.meta, read: (name) => arrays.get(name) };
}
