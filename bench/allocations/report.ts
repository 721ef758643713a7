// What operations have allocated, as a table, with the functions that did where it is too much.
import { median, quantile } from '../harness/statistics.ts';
import { printLines } from '../harness/table.ts';
import type { Counted } from './counted.ts';
import type { ProgramAnswer } from './program.ts';
import type { Site } from './sites.ts';

/** Bytes of an operation, each the median of the repetitions. */
export interface Allocations extends Counted {
  readonly name: string;
  readonly quartiles: readonly [number, number];
  readonly isNoisy: boolean;
  /** The most that it may allocate for what it answers. */
  readonly answerBytes: number;
  /** What is neither answered nor kept. */
  readonly excessBytes: number;
  /** Only of one that allocates too much. */
  readonly sites: readonly Site[];
  readonly samples: readonly Counted[];
}

const NOISY_SPREAD = 0.15;
/** A call: code that is compiled meanwhile, and the like, stays below. */
const TOLERATED_BYTES = 1;

export function toAllocations(name: string, answerBytes: number, { counted, sites }: ProgramAnswer): Allocations {
  const all = counted.map(({ bytes }) => bytes);
  const bytes = median(all);
  const keptBytes = median(counted.map((each) => each.keptBytes));
  const quartiles = [quantile(all, 0.25), quantile(all, 0.75)] as const;
  const excessBytes = Math.max(0, bytes - answerBytes - Math.max(0, keptBytes));
  return {
    name,
    bytes,
    keptBytes,
    bufferBytes: median(counted.map((each) => each.bufferBytes)),
    quartiles,
    isNoisy: quartiles[1] - quartiles[0] > Math.max(NOISY_SPREAD * bytes, TOLERATED_BYTES),
    answerBytes,
    excessBytes,
    sites: excessBytes > TOLERATED_BYTES ? sites : [],
    samples: counted,
  };
}

export function printAllocations(all: readonly Allocations[]): void {
  const lines = all.map((each) => [
    each.name,
    each.bytes.toFixed(1),
    each.quartiles.map((value) => value.toFixed(1)).join('–'),
    String(each.answerBytes),
    each.keptBytes.toFixed(1),
    each.bufferBytes.toFixed(1),
    each.excessBytes > TOLERATED_BYTES ? `${each.excessBytes.toFixed(1)} too much` : '',
    each.isNoisy ? 'noisy' : '',
  ]);
  const headings = ['', 'allocated', 'quartiles', 'may answer', 'kept', 'buffers', '', ''];
  printLines('Bytes of a call', [headings, ...lines]);
  for (const { name, sites } of all.filter((each) => each.sites.length > 0)) {
    printLines(`${name}: functions that allocate`, [
      ['', 'bytes of a call'],
      ...sites.map(({ place, bytes }) => [place, bytes.toFixed(1)]),
    ]);
  }
  const wrong = all.filter(({ excessBytes }) => excessBytes > TOLERATED_BYTES).length;
  console.log(`\n${wrong} of ${all.length} operations allocate more than they answer and keep`);
}
