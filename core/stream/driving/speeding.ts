/** How far over its limit a vehicle is. */
export const SPEEDING = { none: 0, minor: 1, major: 2, severe: 3 } as const;

const KMPH_PER_MPH = 1.609344;

/**
 * Speeds above which speeding is minor, major and severe. Lightfoot's tiers, both parts needed: more than 4 mph and 12
 * % over the limit, 10 mph and 25 %, 19 mph and 40 %.
 */
export class SpeedingTiers {
  #limitKmph = Number.NaN;
  #minorKmph = 0;
  #majorKmph = 0;
  #severeKmph = 0;

  /** Tier of a speed, km/h; NaN is none. */
  tier(speedKmph: number, limitKmph: number): number {
    if (limitKmph !== this.#limitKmph) this.#set(limitKmph);
    if (!(speedKmph > this.#minorKmph)) return SPEEDING.none;
    if (speedKmph > this.#severeKmph) return SPEEDING.severe;
    return speedKmph > this.#majorKmph ? SPEEDING.major : SPEEDING.minor;
  }

  #set(limitKmph: number): void {
    const above = (mph: number, share: number): number =>
      Math.max(limitKmph + mph * KMPH_PER_MPH, limitKmph * (1 + share));
    this.#limitKmph = limitKmph;
    this.#minorKmph = above(4, 0.12);
    this.#majorKmph = above(10, 0.25);
    this.#severeKmph = above(19, 0.4);
  }
}
