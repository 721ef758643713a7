// The table of costs in docs/metrics.md.
import type { Row } from '../harness/measure.ts';

const BEGIN = '<!-- cost: written by `npm run bench -- metrics-cost --docs` -->';
const END = '<!-- end of cost -->';

export function costTable(rows: readonly Row[]): string {
  const lines = rows.map(({ name, perOperation, ratio, ratioQuartiles: [low, high] }) => {
    const speed = name === rows[0]?.name ? '1' : `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
    return `| ${name} | ${perOperation.toFixed(2)} | ${speed} |`;
  });
  return ['| switched on | µs | throughput (quartiles) |', '|---|---|---|', ...lines].join('\n');
}

/** Puts the table in its place. */
export function withCostTable(page: string, table: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`The page has no place for the table, between ${BEGIN} and ${END}.`);
  }
  return `${page.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${page.slice(end)}`;
}
