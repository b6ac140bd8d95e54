import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './TopBar.module.css';

export interface FigureProps {
  readonly label: string;
  readonly children: ReactNode;
  /** Longer explanation, on hover and focus. */
  readonly hint?: string;
  /** Paints the value as something that needs attention. */
  readonly caution?: boolean;
  /** Nothing happened: the value steps back. */
  readonly quiet?: boolean;
  readonly testId?: string;
}

/** A small label over a value. */
export function Figure({ label, children, hint, caution, quiet, testId }: FigureProps) {
  const figure = (
    <span className={styles.figure} data-caution={caution || undefined} data-quiet={quiet || undefined}>
      <span className={styles.label}>{label}</span>
      <span className={styles.value} data-testid={testId}>
        {children}
      </span>
    </span>
  );
  return hint ? <Tooltip label={hint}>{figure}</Tooltip> : figure;
}
