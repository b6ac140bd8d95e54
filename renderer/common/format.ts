/** `1,234` up to five digits, then `123k` and `1.2M`. */
export function formatCount(value: number): string {
  if (value < 100_000) return value.toLocaleString('en-GB');
  if (value < 1_000_000) return `${Math.floor(value / 1000)}k`;
  return `${(Math.floor(value / 100_000) / 10).toFixed(1)}M`;
}

/** An age as a person would say it: `8 s`, `3 min 12 s`, `1 h 04 min`, `2 d 3 h`. Negative ages are `0 s`. */
export function formatAge(ageMs: number): string {
  const s = Math.max(0, Math.floor(ageMs / 1000));
  if (s < 60) return `${s} s`;
  const min = Math.floor(s / 60);
  if (min < 60) return `${min} min ${s % 60} s`;
  const h = Math.floor(min / 60);
  if (h < 24) return `${h} h ${String(min % 60).padStart(2, '0')} min`;
  return `${Math.floor(h / 24)} d ${h % 24} h`;
}

/** A delay in one unit: `84 ms`, `1.2 s`, `48 s`, `12 min`, `3 h`. */
export function formatLag(ms: number | undefined): string {
  if (ms === undefined) return '–';
  if (ms < 995) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 99_500) return `${Math.round(ms / 1000)} s`;
  if (ms < 99.5 * 60_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** Local time of day, `14:03:22`. */
export function formatTime(ms: number): string {
  const d = new Date(ms);
  return [d.getHours(), d.getMinutes(), d.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** Local time, with the date in front when it is not today. */
export function formatWhen(ms: number, nowMs: number): string {
  const day = new Date(ms);
  if (day.toDateString() === new Date(nowMs).toDateString()) return formatTime(ms);
  const date = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
  return `${date} ${formatTime(ms)}`;
}

/** `UTC+2`, `UTC−3:30`; `offsetMin` as JavaScript gives it (minutes behind UTC). */
export function formatUtcOffset(offsetMin: number): string {
  const ahead = Math.abs(offsetMin);
  const minutes = ahead % 60;
  return `UTC${offsetMin > 0 ? '−' : '+'}${Math.floor(ahead / 60)}${minutes ? `:${String(minutes).padStart(2, '0')}` : ''}`;
}

/** `52.36712 N, 4.89412 E`. */
export function formatPosition(lat: number, lon: number): string {
  return `${Math.abs(lat).toFixed(5)}° ${lat < 0 ? 'S' : 'N'}, ${Math.abs(lon).toFixed(5)}° ${lon < 0 ? 'W' : 'E'}`;
}

const POINTS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'];

/** `271° W`. */
export function formatHeading(deg: number): string {
  return `${Math.round(deg) % 360}° ${POINTS[Math.round(deg / 45) % 8]}`;
}
