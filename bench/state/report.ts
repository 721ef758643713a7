// What the comparison came to, as a table and as a chart.
import { type BarChart, toSvg } from '../harness/bar-chart.ts';
import type { Samples } from '../harness/samples.ts';
import { printLines } from '../harness/table.ts';
import { TTL_SUFFIX } from './sides.ts';

const QUANTITY = 'operationsPerMs';
const COLORS = ['#1f77b4', '#e8743b', '#888888', '#7fb3d8', '#f3b38f'];

/** Two sides, the second of which is what the first is compared with. */
type Pair = readonly [side: string, baseline: string];

export function printReport(title: string, samples: Samples, sides: readonly string[]): void {
  const pairs = pairsOf(sides);
  const headings = ['', ...sides.flatMap((side) => [`${side} ops/ms`, 'spread']), ...pairs.map(headingOf), ''];
  const lines = samples.rows.map((row) => [
    row,
    ...sides.flatMap((side) => cells(samples, row, side)),
    ...pairs.map((pair) => ratioCell(samples, row, pair)),
    sides.some((side) => samples.summary(row, side, QUANTITY).isNoisy) ? 'noisy' : '',
  ]);
  printLines(title, [headings, ...lines]);
  for (const pair of pairs) {
    console.log(`\n  Geometric mean, ${headingOf(pair)}: ${geometricMean(ratiosOf(samples, pair)).toFixed(2)}`);
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
      note: other === undefined ? '' : `${ratioOf(samples, row, ['rockstate', other]).median.toFixed(2)} × ${other}`,
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

function ratioCell(samples: Samples, row: string, pair: Pair): string {
  const { median, quartiles } = ratioOf(samples, row, pair);
  return Number.isNaN(median) ? '' : `${median.toFixed(2)} (${quartiles.map((each) => each.toFixed(2)).join('–')})`;
}

// Each with TTL is compared with the same without, and ours with the others'.
function pairsOf(sides: readonly string[]): Pair[] {
  const [ours = '', ...others] = sides;
  const plain = others.filter((side) => !side.endsWith(TTL_SUFFIX));
  const [ourTtl, ...ttl] = others.filter((side) => side.endsWith(TTL_SUFFIX));
  const withTtl = ourTtl === undefined ? [] : [ourTtl, ...ttl];
  return [
    ...plain.map((other): Pair => [ours, other]),
    ...ttl.map((other): Pair => [ourTtl as string, other]),
    ...withTtl.map((side): Pair => [side, side.slice(0, -TTL_SUFFIX.length)]),
  ];
}

function headingOf([side, baseline]: Pair): string {
  return side === 'rockstate' ? `times ${baseline}` : `${side} times ${baseline}`;
}

/** How many times as fast as the baseline a side was. */
function ratioOf(samples: Samples, row: string, [side, baseline]: Pair) {
  return samples.ratio(row, QUANTITY, { side, baseline });
}

function ratiosOf(samples: Samples, pair: Pair): number[] {
  return samples.rows.map((row) => ratioOf(samples, row, pair).median).filter((ratio) => !Number.isNaN(ratio));
}

function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}
