// What the comparison came to, as a table.
import type { Samples } from '../harness/samples.ts';
import { printLines } from '../harness/table.ts';

const QUANTITIES = { 'without ms': 'withoutMs', 'with ms': 'withMs', 'costs ms': 'costMs' };

export function printReport(title: string, samples: Samples, sides: readonly string[]): void {
  const [ours = '', other] = sides;
  const headings = [
    '',
    ...sides.flatMap((side) => Object.keys(QUANTITIES).map((heading) => `${side} ${heading}`)),
    ...(other === undefined ? [] : [`with: ${ours} ÷ ${other}`, `costs: ${ours} ÷ ${other}`]),
    '',
  ];
  const lines = samples.rows.map((row) => [
    row,
    ...sides.flatMap((side) =>
      Object.values(QUANTITIES).map((quantity) => samples.summary(row, side, quantity).median.toFixed(0)),
    ),
    ...(other === undefined ? [] : [ratioOfTimes(samples, row, { side: ours, baseline: other })]),
    ...(other === undefined ? [] : [ratioOfCosts(samples, row, { side: ours, baseline: other })]),
    sides.some((side) => samples.summary(row, side, 'withMs').isNoisy) ? 'noisy' : '',
  ]);
  printLines(title, [headings, ...lines]);
}

interface Compared {
  readonly side: string;
  readonly baseline: string;
}

function ratioOfTimes(samples: Samples, row: string, compared: Compared): string {
  const { median, quartiles } = samples.ratio(row, 'withMs', compared);
  return `${median.toFixed(2)} (${quartiles.map((each) => each.toFixed(2)).join('–')})`;
}

// Of the medians, as single differences may be near 0. A filter that drops rows may save more than it costs, which is no
// quotient.
function ratioOfCosts(samples: Samples, row: string, { side, baseline }: Compared): string {
  const ours = samples.summary(row, side, 'costMs').median;
  const theirs = samples.summary(row, baseline, 'costMs').median;
  return ours > 0 && theirs > 0 ? (ours / theirs).toFixed(2) : '';
}
