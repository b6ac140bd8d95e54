/**
 * Panes of `stddev`: number of readings, their mean, Σ (value − mean)². By Welford's method, which keeps small deviations of large
 * values and gives exactly 0 when all readings are the same; put together after Chan, Golub, LeVeque 1979.
 */
export const DEVIATION_SHAPE = { width: 3, extras: 0, empty: 0 } as const;

const COUNT = 0;
const MEAN = 1;
const SQUARES = 2;

export function addToDeviation(cells: Float64Array, at: number, value: number): void {
  const count = cells[at + COUNT] + 1;
  const off = value - cells[at + MEAN];
  cells[at + COUNT] = count;
  cells[at + MEAN] += off / count;
  cells[at + SQUARES] += off * (value - cells[at + MEAN]);
}

export function mergeDeviation(into: Float64Array, intoAt: number, cells: Float64Array, at: number): void {
  const more = cells[at + COUNT];
  if (more === 0) return;
  const count = into[intoAt + COUNT] + more;
  into[intoAt + SQUARES] = squaresOfBoth(into, intoAt, cells, at);
  into[intoAt + MEAN] += (cells[at + MEAN] - into[intoAt + MEAN]) * (more / count);
  into[intoAt + COUNT] = count;
}

/** Sample standard deviation of what both hold; NaN with fewer than 2 readings. The second is not empty. */
export function deviationOfBoth(a: Float64Array, aAt: number, b: Float64Array, bAt: number): number {
  const count = a[aAt + COUNT] + b[bAt + COUNT];
  return count < 2 ? Number.NaN : Math.sqrt(squaresOfBoth(a, aAt, b, bAt) / (count - 1));
}

function squaresOfBoth(a: Float64Array, aAt: number, b: Float64Array, bAt: number): number {
  const count = a[aAt + COUNT];
  const more = b[bAt + COUNT];
  const apart = b[bAt + MEAN] - a[aAt + MEAN];
  return a[aAt + SQUARES] + b[bAt + SQUARES] + apart * apart * ((count * more) / (count + more));
}
