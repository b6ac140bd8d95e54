const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/** The two figures of the top bar, e.g. `180 ms / 1.2 s`, in ms. Throws when there are none yet. */
export function parseLag(text: string): { p50: number; p99: number } {
  const found = [...text.matchAll(/([\d.]+)\s*(ms|s|min|h)/g)].map(
    ([, number, unit]) => Number(number) * UNIT_MS[unit],
  );
  if (found.length !== 2) throw new Error(`the top bar shows no lag: "${text}"`);
  return { p50: found[0], p99: found[1] };
}
