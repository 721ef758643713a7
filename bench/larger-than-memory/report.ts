// What reading a hot set came to, as a table.
import { printLines } from '../harness/table.ts';
import type { HotSetRow } from './measure-hot-set.ts';

const MICROSECONDS_PER_SECOND = 1e6;
const MEBIBYTE = 2 ** 20;
const HEADINGS = [
  '',
  'reads a second',
  'spread',
  'times as fast',
  'JS thread µs',
  'longest delay ms',
  'RSS MiB',
  'cache MiB',
  '',
];

export function printHotSet(title: string, rows: readonly HotSetRow[]): void {
  printLines(title, [HEADINGS, ...rows.map(cells)]);
}

function cells(row: HotSetRow): string[] {
  const quartiles = row.ratioQuartiles.map((value) => value.toFixed(2)).join('–');
  return [
    row.name,
    String(Math.round(MICROSECONDS_PER_SECOND / row.perOperation)),
    `${Math.round(row.spread * 100)} %`,
    `${row.ratio.toFixed(2)} (${quartiles})`,
    row.busyPerOperation.toFixed(1),
    (row.longestDelay / 1000).toFixed(1),
    String(Math.round(row.rssBytes / MEBIBYTE)),
    String(Math.round(row.memoryBytes / MEBIBYTE)),
    row.isNoisy ? 'noisy' : '',
  ];
}
