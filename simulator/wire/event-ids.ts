import { mix } from '../random.ts';

const HEX4 = Array.from({ length: 65_536 }, (_, n) => n.toString(16).padStart(4, '0'));

/**
 * A deterministic source of ids in the shape of a random UUID (version 4). The start time is part of the seed: two
 * runs of the same fleet at different times must not share ids, or the second would look like duplicates of the first.
 */
export function eventIds(seed: number, startMs: number): () => string {
  let a = mix(seed, Math.floor(startMs / 4096)) | 0;
  let b = mix(seed ^ 0x5bf03635, startMs | 0) | 0;
  let c = mix(a, b) | 0;
  let n = 1;
  const next = () => {
    const t = (((a + b) | 0) + n) | 0;
    n = (n + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t;
  };
  for (let i = 0; i < 12; i++) next();
  return () => {
    const p = next();
    const q = next();
    const r = next();
    const s = next();
    return `${HEX4[p >>> 16]}${HEX4[p & 0xffff]}-${HEX4[q >>> 16]}-4${HEX4[q & 0xffff].slice(1)}-${
      HEX4[((r >>> 16) & 0x3fff) | 0x8000]
    }-${HEX4[r & 0xffff]}${HEX4[s >>> 16]}${HEX4[s & 0xffff]}`;
  };
}
