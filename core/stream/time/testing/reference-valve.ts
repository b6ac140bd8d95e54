import type { WatermarkValveOptions } from '../watermark-valve.ts';

interface Source {
  status: 'aligned' | 'unaligned' | 'idle';
  watermarkMs: number;
  heardMs: number;
}

/** The valve's rules written down one by one, every minimum taken over all sources. */
export class ReferenceValve {
  watermarkMs = Number.NEGATIVE_INFINITY;
  readonly #options: Required<Omit<WatermarkValveOptions, 'name'>>;
  readonly #sources = new Map<number, Source>();
  #newestMs = Number.NEGATIVE_INFINITY;
  #clockMs = 0;
  #lastTickMs: number | undefined;

  constructor(options: Required<Omit<WatermarkValveOptions, 'name'>>) {
    this.#options = options;
  }

  get idle(): boolean {
    return this.#active().length === 0;
  }

  advance(number: number, watermarkMs: number): void {
    this.#hear(number, watermarkMs);
    const source = this.#sources.get(number)!;
    if (source.watermarkMs > this.#newestMs) {
      this.#newestMs = source.watermarkMs;
      for (const s of this.#active())
        if (s.watermarkMs < this.#newestMs - this.#options.maxHoldMs) s.status = 'unaligned';
    }
    this.#combine();
  }

  markActive(number: number): void {
    this.#hear(number, Number.NEGATIVE_INFINITY);
    this.#combine();
  }

  markIdle(number: number): void {
    const source = this.#sources.get(number);
    if (source) source.status = 'idle';
    this.#combine();
  }

  tick(nowMs: number, listening: boolean): void {
    if (listening && this.#lastTickMs !== undefined) this.#clockMs += Math.max(0, nowMs - this.#lastTickMs);
    this.#lastTickMs = nowMs;
    for (const source of this.#active())
      if (this.#clockMs - source.heardMs >= this.#options.idleAfterMs) source.status = 'idle';
    this.#combine();
  }

  #active(): Source[] {
    return [...this.#sources.values()].filter((s) => s.status !== 'idle');
  }

  #hear(number: number, watermarkMs: number): void {
    const { granularityMs } = this.#options;
    const floorMs = Math.floor(watermarkMs / granularityMs) * granularityMs;
    const known = this.#sources.get(number);
    const source: Source = known ?? { status: 'idle', watermarkMs: Number.NEGATIVE_INFINITY, heardMs: 0 };
    source.heardMs = this.#clockMs;
    source.watermarkMs = Math.max(source.watermarkMs, floorMs);
    const isNews = source.status === 'idle' || floorMs === source.watermarkMs;
    if (source.status !== 'aligned' && isNews)
      source.status = source.watermarkMs >= this.watermarkMs ? 'aligned' : 'unaligned';
    this.#sources.set(number, source);
  }

  #combine(): void {
    const active = this.#active();
    const aligned = active.filter((s) => s.status === 'aligned').map((s) => s.watermarkMs);
    if (active.length === 0) this.watermarkMs = Math.max(this.watermarkMs, this.#newestMs);
    else if (aligned.length > 0) this.watermarkMs = Math.max(this.watermarkMs, Math.min(...aligned));
  }
}
