// Samples of rockstate, and of Flink where it took part, as a table.
import type { Samples } from './samples.ts';
import { printLines } from './table.ts';

export interface Column {
  readonly quantity: string;
  readonly heading: string;
  /** What the quantity is divided by. */
  readonly unit?: number;
}

interface ComparisonTable {
  readonly title: string;
  readonly samples: Samples;
  readonly columns: readonly Column[];
  readonly sides: readonly string[];
  /** The quantity whose ratio is shown, and whose spread makes a row noisy. */
  readonly compared: string;
}

export function printComparison({ title, samples, columns, sides, compared }: ComparisonTable): void {
  const [baseline = '', other] = sides;
  const headings = [
    '',
    ...sides.flatMap((side) => columns.map(({ heading }) => `${side} ${heading}`)),
    other === undefined ? '' : `${other} ÷ ${baseline}`,
    '',
  ];
  const lines = samples.rows.map((row) => [
    row,
    ...sides.flatMap((side) =>
      columns.map(({ quantity, unit = 1 }) => amount(samples.summary(row, side, quantity).median / unit)),
    ),
    other === undefined ? '' : ratioOf(samples, row, { quantity: compared, side: other, baseline }),
    sides.some((side) => samples.summary(row, side, compared).isNoisy) ? 'noisy' : '',
  ]);
  printLines(title, [headings, ...lines]);
}

function ratioOf(
  samples: Samples,
  row: string,
  { quantity, ...sides }: { readonly quantity: string; readonly side: string; readonly baseline: string },
): string {
  const { median, quartiles } = samples.ratio(row, quantity, sides);
  return `${median.toFixed(2)} (${quartiles.map((value) => value.toFixed(2)).join('–')})`;
}

// Not every row has every quantity.
function amount(value: number): string {
  if (Number.isNaN(value)) {
    return '';
  }
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
