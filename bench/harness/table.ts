// Results as text.
import type { Row } from './measure.ts';

const HEADINGS = ['', 'µs each', 'spread', 'times as fast', 'JS thread µs', 'longest delay ms', ''];

export function printTable(title: string, rows: readonly Row[]): void {
  printLines(title, [HEADINGS, ...rows.map(cells)]);
}

/** The first line is the headings, the first column is what the others are about. */
export function printLines(title: string, lines: readonly (readonly string[])[]): void {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] as string).length)));
  console.log(`\n${title}\n`);
  for (const line of lines) {
    const padded = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(`  ${padded.join('  ').trimEnd()}`);
  }
}

function cells(row: Row): string[] {
  const [low, high] = row.ratioQuartiles;
  return [
    row.name,
    row.perOperation.toFixed(1),
    `${Math.round(row.spread * 100)} %`,
    `${row.ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`,
    row.busyPerOperation.toFixed(1),
    (row.longestDelay / 1000).toFixed(1),
    row.isNoisy ? 'noisy' : '',
  ];
}
