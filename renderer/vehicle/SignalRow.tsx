import styles from './SignalRow.module.css';
import type { Trend } from './signal-trends.ts';
import { barOf, formatSignal, levelOf, type SignalReading } from './signal-view.ts';
import { TrendLine } from './TrendLine.tsx';

const LEVEL_WORDS = { low: 'Low', normal: '', high: 'High' } as const;

/** One signal: name, value against its normal band, the last hour. */
export function SignalRow({ reading, trend, nowMs }: { reading: SignalReading; trend: Trend; nowMs: number }) {
  const { spec, value } = reading;
  const level = levelOf(spec, value);
  const abnormal = level !== 'normal';
  const bar = barOf(spec, value);
  return (
    <li className={styles.row} data-testid="signal-row" data-signal={spec.name} data-level={level}>
      <span className={styles.label}>{spec.label}</span>
      <span className={styles.bar} aria-hidden="true">
        {bar && (
          <>
            <span
              className={styles.band}
              style={{ left: `${bar.bandFrom * 100}%`, width: `${(bar.bandTo - bar.bandFrom) * 100}%` }}
            />
            <span className={styles.marker} style={{ left: `${bar.value * 100}%` }} />
          </>
        )}
      </span>
      <TrendLine
        trend={trend}
        width={80}
        height={22}
        normalLow={spec.normalLow}
        normalHigh={spec.normalHigh}
        abnormal={abnormal}
        nowMs={nowMs}
      />
      <span className={styles.value}>
        {abnormal && (
          <span className={styles.level}>
            <span aria-hidden="true">{level === 'high' ? '▴' : '▾'}</span> {LEVEL_WORDS[level]}
          </span>
        )}
        <span>
          {formatSignal(spec, value)}
          <span className={styles.unit}> {spec.unit}</span>
        </span>
      </span>
    </li>
  );
}
