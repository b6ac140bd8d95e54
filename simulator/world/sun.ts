const RAD = Math.PI / 180;
const DAY_MS = 86_400_000;

/**
 * Height of the sun over the horizon in degrees at a place and time (Unix ms). Declination by Cooper's formula, hour angle
 * from longitude without the equation of time: right to about 4°, which is enough to switch headlights.
 */
export function sunElevationDeg(lat: number, lon: number, timeMs: number): number {
  const dayOfYear = (timeMs / DAY_MS) % 365.2425;
  const declination = -23.44 * Math.cos(((dayOfYear + 10) / 365.2425) * 2 * Math.PI) * RAD;
  const solarHours = ((timeMs % DAY_MS) / 3_600_000 + lon / 15 + 48) % 24;
  const hourAngle = (solarHours - 12) * 15 * RAD;
  const sine =
    Math.sin(lat * RAD) * Math.sin(declination) + Math.cos(lat * RAD) * Math.cos(declination) * Math.cos(hourAngle);
  return Math.asin(sine) / RAD;
}

/** True when a driver would have the headlights on: the sun is less than 3° over the horizon. */
export function isDark(lat: number, lon: number, timeMs: number): boolean {
  return sunElevationDeg(lat, lon, timeMs) < 3;
}
