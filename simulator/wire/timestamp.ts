let second = Number.NaN;
let head = '';

/** ISO 8601 with milliseconds and Z, of Unix ms. Remembers the last second, because messages come in order. */
export function isoTime(timeMs: number): string {
  const ms = timeMs % 1000;
  const whole = timeMs - ms;
  if (whole !== second) {
    second = whole;
    head = new Date(whole).toISOString().slice(0, 20);
  }
  return `${head}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`;
}
