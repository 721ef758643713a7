// What the migrations came to, as a table.
import type { Samples } from '../harness/samples.ts';
import { printLines } from '../harness/table.ts';
import { SIDE } from './measure-changes.ts';

const HEADINGS = ['', 'opening s', 'migration s', 'spread', 'rows/s', 'JS thread s', 'longest delay ms', ''];
const MS_PER_SECOND = 1000;

export function printReport(title: string, samples: Samples, rows: number): void {
  printLines(title, [HEADINGS, ...samples.rows.map((row) => cells(samples, row, rows))]);
}

function cells(samples: Samples, row: string, rows: number): string[] {
  const of = (quantity: string) => samples.summary(row, SIDE, quantity);
  const { median, spread, isNoisy } = of('migrationMs');
  const migration = Number.isNaN(median)
    ? ['', '', '']
    : [seconds(median), `${Math.round(spread * 100)} %`, String(Math.round((rows * MS_PER_SECOND) / median))];
  return [
    row,
    seconds(of('ms').median),
    ...migration,
    seconds(of('busyMs').median),
    of('longestDelayMs').median.toFixed(1),
    isNoisy ? 'noisy' : '',
  ];
}

function seconds(ms: number): string {
  return (ms / MS_PER_SECOND).toFixed(2);
}
