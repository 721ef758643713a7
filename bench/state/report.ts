// What the comparison came to, as a table and as a chart.
import { type BarChart, toSvg } from '../harness/bar-chart.ts';
import type { Samples } from '../harness/samples.ts';
import { printLines } from '../harness/table.ts';

const QUANTITY = 'operationsPerMs';
const COLORS = ['#1f77b4', '#e8743b', '#888888'];

export function printReport(title: string, samples: Samples, sides: readonly string[]): void {
  const others = sides.slice(1);
  const headings = [
    '',
    ...sides.flatMap((side) => [`${side} ops/ms`, 'spread']),
    ...others.map((other) => `times ${other}`),
    '',
  ];
  const lines = samples.rows.map((row) => [
    row,
    ...sides.flatMap((side) => cells(samples, row, side)),
    ...others.map((other) => ratioCell(samples, row, other)),
    sides.some((side) => samples.summary(row, side, QUANTITY).isNoisy) ? 'noisy' : '',
  ]);
  printLines(title, [headings, ...lines]);
  for (const other of others) {
    console.log(`\n  Geometric mean, times ${other}: ${geometricMean(ratiosTo(samples, other)).toFixed(2)}`);
  }
}

export function toChart(title: string, samples: Samples, sides: readonly string[]): string {
  const [, other] = sides;
  const chart: BarChart = {
    title,
    sides: sides.map((name, index) => ({ name, color: COLORS[index] as string })),
    groups: samples.rows.map((row) => ({
      name: row,
      values: sides.map((side) => samples.summary(row, side, QUANTITY).median),
      note: other === undefined ? '' : `${ratioTo(samples, row, other).median.toFixed(2)} × ${other}`,
    })),
  };
  return toSvg(chart);
}

function cells(samples: Samples, row: string, side: string): string[] {
  const { median, spread } = samples.summary(row, side, QUANTITY);
  if (Number.isNaN(median)) {
    return ['', ''];
  }
  return [median < 100 ? median.toFixed(1) : String(Math.round(median)), `${Math.round(spread * 100)} %`];
}

function ratioCell(samples: Samples, row: string, other: string): string {
  const { median, quartiles } = ratioTo(samples, row, other);
  return Number.isNaN(median) ? '' : `${median.toFixed(2)} (${quartiles.map((each) => each.toFixed(2)).join('–')})`;
}

/** How many times as fast as another side rockstate was. */
function ratioTo(samples: Samples, row: string, other: string) {
  return samples.ratio(row, QUANTITY, { side: 'rockstate', baseline: other });
}

function ratiosTo(samples: Samples, other: string): number[] {
  return samples.rows.map((row) => ratioTo(samples, row, other).median).filter((ratio) => !Number.isNaN(ratio));
}

function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}
