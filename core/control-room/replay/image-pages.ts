/** SQLite's page size; an image is a whole number of pages. */
export const PAGE_BYTES = 4096;
/** Pages in one piece at most: what is done between two looks at the clock. */
const PAGES_PER_PIECE = 512;

/**
 * The pages of a database image that differ from the image before, in pieces. A piece: number of pages u32, the number of
 * each u32, then the pages; little-endian, as the machines are that this runs on.
 */
export function* changedPages(before: Uint8Array, image: Uint8Array): Generator<Uint8Array, void, void> {
  const old = Buffer.from(before.buffer, before.byteOffset, before.byteLength);
  const now = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
  let numbers: number[] = [];
  for (let at = 0; at < now.length; at += PAGE_BYTES) {
    const end = at + PAGE_BYTES;
    if (end <= old.length && now.compare(old, at, end, at, end) === 0) continue;
    numbers.push(at / PAGE_BYTES);
    if (numbers.length < PAGES_PER_PIECE) continue;
    yield pieceOf(now, numbers);
    numbers = [];
  }
  if (numbers.length > 0) yield pieceOf(now, numbers);
}

/** Puts the pages of a piece in their places; those beyond the end of the image are left out. */
export function applyPages(image: Uint8Array, piece: Uint8Array): void {
  const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
  const count = view.getUint32(0, true);
  let from = 4 + count * 4;
  for (let i = 0; i < count; i++, from += PAGE_BYTES) {
    const at = view.getUint32(4 + i * 4, true) * PAGE_BYTES;
    if (at < image.length) image.set(piece.subarray(from, from + PAGE_BYTES), at);
  }
}

function pieceOf(image: Buffer, numbers: readonly number[]): Uint8Array {
  const piece = new Uint8Array(4 + numbers.length * (4 + PAGE_BYTES));
  const view = new DataView(piece.buffer);
  view.setUint32(0, numbers.length, true);
  let to = 4 + numbers.length * 4;
  for (const [i, number] of numbers.entries()) {
    view.setUint32(4 + i * 4, number, true);
    piece.set(image.subarray(number * PAGE_BYTES, (number + 1) * PAGE_BYTES), to);
    to += PAGE_BYTES;
  }
  return piece;
}
