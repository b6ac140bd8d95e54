/** Where a fingerprint goes: a row, for one. */
export interface Fingerprint {
  idA: number;
  idB: number;
}

/**
 * 64-bit fingerprint of [start, end): two lanes of MurmurHash3 (A. Appleby, x86_32, public
 * domain) with different constants, four bytes at a time, because objects without an id are hashed whole.
 */
export function fingerprint(view: DataView, start: number, end: number, into: Fingerprint): void {
  let a = 0x9747b28c | 0;
  let b = 0x2545f491 | 0;
  let i = start;
  for (const last = end - 3; i < last; i += 4) {
    const word = view.getInt32(i, true);
    const x = Math.imul(word, 0xcc9e2d51);
    const y = Math.imul(word, 0x239b961b);
    a ^= Math.imul((x << 15) | (x >>> 17), 0x1b873593);
    b ^= Math.imul((y << 16) | (y >>> 16), 0xab0e9789);
    a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    b = (Math.imul((b << 17) | (b >>> 15), 5) + 0x0bcaa747) | 0;
  }
  for (; i < end; i++) {
    const c = view.getUint8(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x5bd1e995);
  }
  a ^= end - start;
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
  b = Math.imul(b ^ (b >>> 16), 0x38b34ae5);
  into.idA = a ^ (a >>> 13);
  into.idB = b ^ (b >>> 13);
}
