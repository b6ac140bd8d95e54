/** A seeded source of numbers in [0, 1). The same seed gives the same numbers on every machine. */
export type Random = () => number;

/** Mixes two 32-bit integers into one (murmur3 finaliser over a multiply-add); good enough to derive seeds, not secrets. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32-bit hash of a text (FNV-1a), so that a seed may be any word. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h, text.length);
}

/** sfc32 (Chris Doty-Humphrey's small fast counter generator), seeded from one 32-bit number. */
export function random(seed: number): Random {
  let a = mix(seed, 1) | 0;
  let b = mix(seed, 2) | 0;
  let c = mix(seed, 3) | 0;
  let d = 1;
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

export function between(rnd: Random, low: number, high: number): number {
  return low + (high - low) * rnd();
}

/** A whole number in [0, count). */
export function below(rnd: Random, count: number): number {
  return Math.floor(rnd() * count);
}
