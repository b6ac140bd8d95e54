import { type Line, spreadPercent, type Unit } from '../measurement.ts';

const HEADINGS = ['stage', 'what', 'median', 'unit', '±', 'target', 'note'];

/** The lines as a table of plain text, with a heading. */
export function formatTable(lines: readonly Line[]): string {
  const rows = [HEADINGS, ...lines.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return `${rows.map((row) => formatRow(row, widths)).join('\n')}\n`;
}

/** One line as it is measured, before the widths of the table are known. */
export function formatLine(line: Line): string {
  return formatRow(cells(line), [10, 44, 11, 10, 6, 16, 0]);
}

const RIGHT = new Set([2, 4]);

function formatRow(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, i) => (RIGHT.has(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
    .join('  ')
    .trimEnd();
}

function cells(line: Line): string[] {
  const spread = line.runs.length > 1 ? `${Math.round(spreadPercent(line))} %` : '';
  return [
    line.stage,
    line.what,
    formatNumber(line.median, line.unit),
    line.unit,
    spread,
    formatTarget(line),
    line.note ?? '',
  ];
}

function formatNumber(value: number, unit: Unit): string {
  const digits = unit === 'ms' || unit === '%' || unit === 'MB' ? (Math.abs(value) < 100 ? 1 : 0) : 0;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function formatTarget({ target, met, unit }: Line): string {
  if (!target) return '';
  const { atLeast, atMost } = target;
  const wanted = atLeast !== undefined ? `≥ ${formatNumber(atLeast, unit)}` : `≤ ${formatNumber(atMost ?? 0, unit)}`;
  return `${wanted} ${met ? 'met' : 'MISSED'}`;
}
