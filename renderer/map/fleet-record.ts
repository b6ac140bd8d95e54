/**
 * One vehicle as the GPU reads it: 40 bytes, interleaved.
 *
 * | byte | type  | what |
 * |---|---|---|
 * | 0  | f32×2 | start of the glide, degrees lon/lat, high part |
 * | 8  | f32×2 | the same, low part (what float32 lost) |
 * | 16 | f32×2 | glide, degrees lon/lat |
 * | 24 | f32   | when the glide started, seconds since the buffer's epoch |
 * | 28 | f32   | duration of the glide, seconds |
 * | 32 | u16×2 | heading at the start and at the end, 1/65536 turn clockwise from north |
 * | 36 | u8    | movement, see MOVEMENT |
 * | 37 | u8    | priority, see PRIORITY; 0 = no alert; plus UNACKNOWLEDGED |
 * | 38 | u8    | SELECTED, HOVERED |
 * | 39 | u8    | unused |
 */
export const RECORD_BYTES = 40;
export const RECORD_FLOATS = RECORD_BYTES / 4;
export const RECORD_HALVES = RECORD_BYTES / 2;

/** Offsets in float32 words. */
export const HIGH = 0;
export const LOW = 2;
export const DELTA = 4;
export const START_S = 6;
export const DURATION_S = 7;
/** Offset in 16-bit words. */
export const HEADINGS = 16;
/** Offsets in bytes. */
export const STYLE = 36;
export const ALERT = 37;
export const FLAGS = 38;

export const UNACKNOWLEDGED = 8;
export const SELECTED = 1;
export const HOVERED = 2;

/** The same bytes as floats, 16-bit words and bytes. */
export interface Records {
  readonly floats: Float32Array;
  readonly halves: Uint16Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Room for `capacity` records, with the bytes of `from` at the front. */
export function makeRecords(capacity: number, from?: Records): Records {
  const bytes = new Uint8Array(capacity * RECORD_BYTES);
  if (from) bytes.set(from.bytes);
  return { floats: new Float32Array(bytes.buffer), halves: new Uint16Array(bytes.buffer), bytes };
}
