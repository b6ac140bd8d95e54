import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { CAUTION, GROUND, TEXT } from '../theme/tokens.ts';
import { TREND_MS, type Trend } from './signal-trends.ts';

export interface TrendLineProps {
  readonly trend: Trend;
  readonly width: number;
  readonly height: number;
  readonly normalLow?: number;
  readonly normalHigh?: number;
  readonly abnormal: boolean;
  /** Right edge, Unix ms. */
  readonly nowMs: number;
}

/** The last hour as a small line over its normal band. A picture only: the row beside it says the value in words. */
export function TrendLine(props: TrendLineProps) {
  const { trend, width, height, nowMs } = props;
  const hostRef = useRef<HTMLDivElement>(null);
  const plotRef = useRef<uPlot | undefined>(undefined);
  const propsRef = useRef(props);
  propsRef.current = props;

  useEffect(() => {
    const host = hostRef.current;
    if (!host || !canDraw()) return;
    const plot = new uPlot(options(width, height, propsRef), [[], []], host);
    plotRef.current = plot;
    return () => {
      plotRef.current = undefined;
      plot.destroy();
    };
  }, [width, height]);

  useEffect(() => {
    const plot = plotRef.current;
    if (!plot) return;
    plot.setData([trend.timeS, trend.values], false);
    plot.setScale('x', { min: (nowMs - TREND_MS) / 1000, max: nowMs / 1000 });
  }, [trend, nowMs]);

  return <div ref={hostRef} aria-hidden="true" style={{ width, height }} />;
}

function options(width: number, height: number, propsRef: { current: TrendLineProps }): uPlot.Options {
  return {
    width,
    height,
    padding: [2, 2, 2, 0],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: { x: { time: true }, y: { range: (_plot, min, max) => paddedRange(min, max) } },
    series: [
      {},
      {
        stroke: () => (propsRef.current.abnormal ? CAUTION : TEXT.soft),
        width: 1.25,
        points: { show: false },
      },
    ],
    hooks: { drawClear: [(plot) => drawBand(plot, propsRef.current)] },
  };
}

/** A flat line lies in the middle instead of filling the height with noise. */
function paddedRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const margin = Math.max((max - min) * 0.08, Math.abs(max) * 0.01, 0.05);
  return [min - margin, max + margin];
}

function drawBand(plot: uPlot, { normalLow, normalHigh }: TrendLineProps): void {
  if (normalLow === undefined || normalHigh === undefined || plot.scales.y.min == null) return;
  const { left, top, width, height } = plot.bbox;
  const clamp = (y: number): number => Math.min(top + height, Math.max(top, y));
  const highY = clamp(plot.valToPos(normalHigh, 'y', true));
  const lowY = clamp(plot.valToPos(normalLow, 'y', true));
  plot.ctx.fillStyle = GROUND.raised;
  plot.ctx.fillRect(left, highY, width, lowY - highY);
}

let drawable: boolean | undefined;

/** Some embedders have no canvas; the panel is complete without the lines. */
function canDraw(): boolean {
  drawable ??= typeof Path2D !== 'undefined' && document.createElement('canvas').getContext('2d') !== null;
  return drawable;
}
