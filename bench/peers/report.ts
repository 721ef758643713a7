// What the comparison came to: how much each store did, and how many times as much rockstate did.
import type { Samples } from '../harness/samples.ts';
import { printLines } from '../harness/table.ts';
import type { Calls } from './store.ts';
import { BASELINE, storeNamed } from './stores.ts';

const QUANTITY = 'operationsPerMs';
/** In the name of an item. */
const ASYNC = ', async';

export function printReport(title: string, samples: Samples, sides: readonly string[]): void {
  printLines(`${title}: rows a millisecond (spread)`, [
    ['', ...sides, ''],
    ...samples.rows.map((row) => [
      row,
      ...sides.map((side) => amount(samples, row, side)),
      sides.some((side) => samples.summary(row, side, QUANTITY).isNoisy) ? 'noisy' : '',
    ]),
  ]);
  const others = sides.filter((side) => side !== BASELINE);
  printLines(`How many times as much ${BASELINE} did (quartiles)`, [
    ['', ...others],
    ...samples.rows.map((row) => [row, ...others.map((other) => ratio(samples, row, other))]),
  ]);
  printFasterForms(samples, sides);
  printCalls(sides);
  console.log('');
  for (const side of sides) {
    console.log(`  ${side}: ${storeNamed(side).differs}`);
  }
}

// Stores that have only one form of a call are beside the others' faster one.
function printFasterForms(samples: Samples, sides: readonly string[]): void {
  const items = new Set(samples.rows.map((row) => row.replace(ASYNC, '')));
  const fastest = (item: string, side: string) => {
    const forms = samples.rows.filter((row) => row.replace(ASYNC, '') === item);
    const medians = forms.map((row) => samples.summary(row, side, QUANTITY).median);
    const most = Math.max(...medians.filter((median) => !Number.isNaN(median)));
    return Number.isFinite(most) ? most.toFixed(0) : '';
  };
  printLines('The faster form of each: rows a millisecond', [
    ['', ...sides],
    ...[...items].map((item) => [item, ...sides.map((side) => fastest(item, side))]),
  ]);
}

function printCalls(sides: readonly string[]): void {
  const calls = [...new Set(sides.flatMap((side) => Object.keys(storeNamed(side).forms)))] as (keyof Calls)[];
  printLines('What is called', [
    ['', ...sides],
    ...calls.map((call) => [call, ...sides.map((side) => storeNamed(side).forms[call] ?? '')]),
  ]);
}

function amount(samples: Samples, row: string, side: string): string {
  const { median, spread } = samples.summary(row, side, QUANTITY);
  if (Number.isNaN(median)) {
    return '';
  }
  return `${median < 100 ? median.toFixed(1) : Math.round(median)} (${Math.round(spread * 100)} %)`;
}

function ratio(samples: Samples, row: string, baseline: string): string {
  const { median, quartiles } = samples.ratio(row, QUANTITY, { side: BASELINE, baseline });
  return Number.isNaN(median) ? '' : `${median.toFixed(2)} (${quartiles.map((each) => each.toFixed(2)).join('–')})`;
}
