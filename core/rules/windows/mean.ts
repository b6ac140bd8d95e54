/**
 * Panes of `avg`: number of readings and their mean. A mean and not a sum, so that readings that are all the same give exactly
 * that value.
 */
export const MEAN_SHAPE = { width: 2, extras: 0, empty: 0 } as const;

const COUNT = 0;
const MEAN = 1;

export function addToMean(cells: Float64Array, at: number, value: number): void {
  const count = cells[at + COUNT] + 1;
  cells[at + COUNT] = count;
  cells[at + MEAN] += (value - cells[at + MEAN]) / count;
}

export function mergeMean(into: Float64Array, intoAt: number, cells: Float64Array, at: number): void {
  if (cells[at + COUNT] === 0) return;
  into[intoAt + MEAN] = meanOfBoth(into, intoAt, cells, at);
  into[intoAt + COUNT] += cells[at + COUNT];
}

/** Mean of what both hold; the second is not empty. */
export function meanOfBoth(a: Float64Array, aAt: number, b: Float64Array, bAt: number): number {
  const more = b[bAt + COUNT];
  return a[aAt + MEAN] + (b[bAt + MEAN] - a[aAt + MEAN]) * (more / (a[aAt + COUNT] + more));
}
