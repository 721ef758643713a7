// Has all stores do the same in turns, each in a process of its own, and holds against each other what they have read.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Samples } from '../harness/samples.ts';
import { ITEMS, type Item, isWrite } from './items.ts';
import { Side } from './side.ts';
import { BASELINE } from './stores.ts';

export interface Comparison {
  readonly peers: readonly string[];
  readonly items: readonly string[];
  readonly keys: number;
  readonly valueBytes: readonly number[];
  /** Rows that a sample reads or writes, other than of a scan, which are all. */
  readonly operations: number;
  readonly warmUps: number;
  readonly repetitions: number;
  readonly directory: string;
}

const LOAD = 'load';
/** What every store can do. Those that have no call for an item write its rows like this, so that all have the same. */
const CATCH_UP = 'batch of 1000, async';

/** @throws Error when the stores have not read the same. */
export async function compareStores(comparison: Comparison): Promise<Samples> {
  const samples = new Samples();
  for (const valueBytes of comparison.valueBytes) {
    await new ValueSizeComparison(comparison, valueBytes, samples).run();
  }
  return samples;
}

class ValueSizeComparison {
  readonly #comparison: Comparison;
  readonly #valueBytes: number;
  readonly #samples: Samples;
  readonly #sides: Side[] = [];
  #operations = 0;

  constructor(comparison: Comparison, valueBytes: number, samples: Samples) {
    this.#comparison = comparison;
    this.#valueBytes = valueBytes;
    this.#samples = samples;
  }

  async run(): Promise<void> {
    const directory = join(this.#comparison.directory, `${this.#valueBytes}`);
    await mkdir(directory);
    try {
      for (const peer of this.#comparison.peers) {
        await this.#open(peer, directory);
      }
      for (const item of this.#comparison.items) {
        await this.#measure(item);
      }
      for (const side of this.#sides) {
        console.log(`${side.name}: ${Math.round((await side.rssBytes()) / 2 ** 20)} MiB resident at the end`);
      }
    } finally {
      await Promise.all(this.#sides.map((side) => side.end()));
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** One that can't be opened is left out; without the one that the others are compared with there is nothing to do. */
  async #open(peer: string, directory: string): Promise<void> {
    const { keys } = this.#comparison;
    const side = await Side.open(peer, { keys, valueBytes: this.#valueBytes, directory }).catch((error: Error) => {
      if (peer === BASELINE) {
        throw error;
      }
      console.log(`LEFT OUT: ${peer} can't be opened on Node.js ${process.version}: ${error.message.slice(0, 300)}`);
      return undefined;
    });
    if (side !== undefined) {
      this.#sides.push(side);
      const ms = await side.load();
      await side.settle();
      this.#samples.add(this.#rowOf(LOAD), peer, { operationsPerMs: keys / ms });
    }
  }

  async #measure(item: string): Promise<void> {
    const sides = this.#sides.filter((side) => side.can(item));
    const others = isWrite(item) ? this.#sides.filter((side) => !side.can(item)) : [];
    const { warmUps, repetitions, keys } = this.#comparison;
    const operations = (ITEMS[item] as Item).rows === undefined ? keys : this.#comparison.operations;
    for (let turn = 0; turn < warmUps + repetitions; turn++) {
      const checksums = new Map<string, number>();
      for (let place = 0; place < sides.length; place++) {
        const side = sides[(place + turn) % sides.length] as Side;
        const { ms, checksum } = await side.run(item, this.#operations, operations);
        await side.settle();
        checksums.set(side.name, checksum);
        if (turn >= warmUps) {
          this.#samples.add(this.#rowOf(item), side.name, { operationsPerMs: operations / ms });
        }
      }
      checkSame(this.#rowOf(item), checksums);
      for (const side of others) {
        await side.run(CATCH_UP, this.#operations, operations);
        await side.settle();
      }
      this.#operations += operations;
    }
    const medians = sides.map(({ name }) => `${name} ${this.#medianOf(item, name).toFixed(1)}`);
    console.log(`${this.#rowOf(item)}: ${medians.join(', ')} rows/ms`);
  }

  #medianOf(item: string, side: string): number {
    return this.#samples.summary(this.#rowOf(item), side, 'operationsPerMs').median;
  }

  #rowOf(item: string): string {
    return `${item}, ${this.#valueBytes} B`;
  }
}

function checkSame(row: string, checksums: ReadonlyMap<string, number>): void {
  if (new Set(checksums.values()).size > 1) {
    const each = [...checksums].map(([name, value]) => `${name} ${value}`).join(', ');
    throw new Error(`The stores have not read the same (${row}): ${each}`);
  }
}
