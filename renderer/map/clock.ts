/** The app clock: seconds since the window opened, never running backwards. */
export function appNowS(): number {
  return performance.now() / 1000;
}
