const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const MAX_DURATION_DAYS = 365;

/** `250ms`, `30s`, `5m`, `1h30m`, `2d` as ms; undefined when the text is no duration. At most 365 days. Exact to the ms: fractions of one are rounded. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, number, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h|d)/g)) ms += Number(number) * UNIT_MS[unit];
  ms = Math.round(ms);
  return ms <= MAX_DURATION_DAYS * UNIT_MS.d ? ms : undefined;
}
