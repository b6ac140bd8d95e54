/**
 * 64-bit hash of text as 16 hex digits: output ids are hashes of what caused them, so writing an output twice is
 * writing it once. Two independent 32-bit lanes (FNV-1a with a murmur finaliser); not for secrets.
 */
export function hashId(...parts: (string | number)[]): string {
  const text = parts.join('\u0000');
  let a = 0x811c9dc5 | 0;
  let b = 0x2545f491 | 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return hex32(finish(a)) + hex32(finish(b ^ a));
}

/** Murmur3's 32-bit finaliser: spreads every input bit over the word. */
export function finish(h: number): number {
  let x = h ^ (h >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function hex32(n: number): string {
  return (n >>> 0).toString(16).padStart(8, '0');
}
