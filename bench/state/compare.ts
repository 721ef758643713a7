// Has all sides do an item in turns, and holds their checksums against each other.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Samples } from '../harness/samples.ts';
import { operationsOf } from './items.ts';
import type { BackendName, Side, StateProgram, StateRequest } from './side.ts';

export interface Comparison {
  readonly items: readonly string[];
  readonly backends: readonly BackendName[];
  readonly keys: number;
  readonly memory: string;
  readonly directory: string;
  /** Iterations that are not counted, beside those that find out how much work a sample is. */
  readonly warmUps: number;
  readonly repetitions: number;
  /** What a sample takes on the first side, roughly. */
  readonly seconds: number;
}

interface Runner {
  readonly name: string;
  readonly program: StateProgram;
  readonly directory: string;
}

const FIRST_CALLS = 1000;
const GROWTH = 10;
const MS_PER_SECOND = 1000;

/** @throws Error when the sides have not done the same. */
export async function compareItems(sides: readonly Side[], comparison: Comparison): Promise<Samples> {
  const samples = new Samples();
  for (const backend of comparison.backends) {
    for (const item of comparison.items) {
      const taking = sides.filter((side) => side.can(item, backend));
      const row = `${item}, ${backend}`;
      await withRunners(taking, { item, backend, ...comparison }, async (runners) => {
        await new ItemComparison(runners, comparison).run((name, calls, ms) =>
          samples.add(row, name, { operationsPerMs: (calls * operationsOf(item)) / ms }),
        );
      });
      const medians = taking.map(
        ({ name }) => `${name} ${samples.summary(row, name, 'operationsPerMs').median.toFixed(1)}`,
      );
      console.log(`${row}: ${medians.join(', ')} ops/ms`);
    }
  }
  return samples;
}

async function withRunners(
  sides: readonly Side[],
  { directory, item, backend, keys, memory }: StateRequest,
  work: (runners: readonly Runner[]) => Promise<void>,
): Promise<void> {
  const runners: Runner[] = [];
  try {
    for (const { name, start } of sides) {
      const own = join(directory, name);
      await mkdir(own, { recursive: true });
      runners.push({ name, directory: own, program: await start({ item, backend, keys, memory, directory: own }) });
    }
    await work(runners);
  } finally {
    for (const runner of runners) {
      await runner.program.end();
      await rm(runner.directory, { recursive: true, force: true });
    }
  }
}

class ItemComparison {
  readonly #runners: readonly Runner[];
  readonly #comparison: Comparison;
  #calls = 0;

  constructor(runners: readonly Runner[], comparison: Comparison) {
    this.#runners = runners;
    this.#comparison = comparison;
  }

  async run(add: (name: string, calls: number, ms: number) => void): Promise<void> {
    const { repetitions, warmUps, seconds } = this.#comparison;
    await this.#inTurns(0, ({ program }) => program.begin());
    let calls = FIRST_CALLS;
    for (let ms = await this.#runAll(0, calls); ms < (seconds * MS_PER_SECOND) / 2; ) {
      calls = Math.ceil(calls * Math.min(GROWTH, (seconds * MS_PER_SECOND) / ms));
      ms = await this.#runAll(0, calls);
    }
    await this.#inTurns(0, ({ program }) => program.finish());
    for (let repetition = -warmUps; repetition < repetitions; repetition++) {
      await this.#inTurns(repetition + warmUps, ({ program }) => program.begin());
      await this.#runAll(repetition + warmUps, calls, repetition < 0 ? undefined : add);
      await this.#checkDigests();
      await this.#inTurns(repetition + warmUps, ({ program }) => program.finish());
    }
  }

  /** Answers the milliseconds of the first side. */
  async #runAll(turn: number, calls: number, add?: (name: string, calls: number, ms: number) => void): Promise<number> {
    const checksums = new Map<string, number>();
    let firstMs = 0;
    await this.#inTurns(turn, async ({ name, program }) => {
      const { ms, checksum } = await program.run(this.#calls, calls);
      checksums.set(name, checksum);
      add?.(name, calls, ms);
      firstMs = name === this.#runners[0]?.name ? ms : firstMs;
    });
    checkSame('checksums', checksums);
    this.#calls += calls;
    return firstMs;
  }

  async #checkDigests(): Promise<void> {
    const digests = new Map<string, number>();
    for (const { name, program } of this.#runners) {
      digests.set(name, await program.digest());
    }
    checkSame('digests of the state', digests);
  }

  /** Each begins in turn, as the one that goes first may find the machine in another state. */
  async #inTurns(turn: number, work: (runner: Runner) => Promise<void>): Promise<void> {
    for (let place = 0; place < this.#runners.length; place++) {
      await work(this.#runners[(place + turn) % this.#runners.length] as Runner);
    }
  }
}

function checkSame(what: string, values: ReadonlyMap<string, number>): void {
  if (new Set(values.values()).size > 1) {
    throw new Error(`The ${what} differ: ${[...values].map(([name, value]) => `${name} ${value}`).join(', ')}`);
  }
}
