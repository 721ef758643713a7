// What growing came to, as tables and charts.
import { toSvg } from '../harness/line-chart.ts';
import type { Samples } from '../harness/samples.ts';
import { printLines } from '../harness/table.ts';
import { type Case, caseName, ITEMS, type Usage } from './case.ts';
import type { Grown } from './compare.ts';

const COLORS = ['#1f77b4', '#e8743b', '#7a3', '#a4c'];
const MEBIBYTE = 2 ** 20;
const USAGES = ['rss', 'cache', 'memtables', 'tableReaders'] as const;

export function printGrown(title: string, cases: readonly Case[], { access, opening, usage }: Grown): void {
  printSamples(`${title}: operations a millisecond, and how many times those of the first`, access, {
    cases,
    quantity: 'operationsPerMs',
  });
  printSamples(`${title}: milliseconds to open and close, and how many times those of the first`, opening, {
    cases,
    quantity: 'ms',
  });
  printUsage(`${title}: MiB when empty, and at the end`, cases, usage);
}

function printSamples(
  title: string,
  samples: Samples,
  { cases, quantity }: { readonly cases: readonly Case[]; readonly quantity: string },
): void {
  const sides = cases.map(caseName);
  const [baseline = ''] = sides;
  const cell = (row: string, side: string) => {
    const { median } = samples.summary(row, side, quantity);
    const ratio = samples.ratio(row, quantity, { side, baseline });
    const quartiles = ratio.quartiles.map((value) => value.toFixed(2)).join('–');
    return `${median.toFixed(1)} × ${ratio.median.toFixed(2)} (${quartiles})`;
  };
  printLines(title, [
    ['', ...sides, ''],
    ...samples.rows.map((row) => [
      row,
      ...sides.map((side) => cell(row, side)),
      sides.some((side) => samples.summary(row, side, quantity).isNoisy) ? 'noisy' : '',
    ]),
  ]);
}

function printUsage(title: string, cases: readonly Case[], usage: Grown['usage']): void {
  const [least] = cases;
  const inMebibytes = (bytes: number) => (bytes / MEBIBYTE).toFixed(1);
  const lines = cases.flatMap((each) =>
    (['empty', 'full'] as const).map((when) => {
      const of = (other: Case) => usage[caseName(other)]?.[when] as Usage;
      const more = least === undefined ? 0 : each.states - least.states;
      const perState = more > 0 ? inMebibytes((of(each).rss - of(least as Case).rss) / more) : '';
      return [`${caseName(each)}, ${when}`, ...USAGES.map((name) => inMebibytes(of(each)[name])), perState];
    }),
  );
  printLines(title, [['', 'RSS', 'cache with memtables', 'memtables', 'open files', 'RSS a further state'], ...lines]);
}

/** Operations a millisecond by the number of keys. */
export function accessChart(cases: readonly Case[], { access }: Grown): string {
  return toSvg({
    title: 'Point access to state as it grows',
    xTitle: 'keys',
    xIsLogarithmic: true,
    yTitle: 'operations a millisecond',
    lines: ITEMS.map((item, index) => ({
      name: item,
      color: COLORS[index] as string,
      points: cases.map((each) => [
        each.keys,
        access.summary(item, caseName(each), 'operationsPerMs').median,
      ]) as readonly (readonly [number, number])[],
    })),
    stretches: [],
  });
}

/** Memory by the number of states. */
export function memoryChart(cases: readonly Case[], { usage }: Grown): string {
  return toSvg({
    title: 'Memory of a process by its number of states',
    xTitle: 'states',
    yTitle: 'MiB',
    lines: USAGES.map((name, index) => ({
      name,
      color: COLORS[index] as string,
      points: cases.map((each) => [each.states, (usage[caseName(each)]?.full[name] ?? 0) / MEBIBYTE] as const),
    })),
    stretches: [],
  });
}
