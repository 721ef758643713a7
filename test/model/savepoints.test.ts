// Random programs of writes and savepoints, each restored into a backend and at a parallelism of chance, against plain Maps.
// MODEL_SEED repeats a run, and MODEL_RUNS makes it that many times as long.
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KeyedStateBackend, StateBackend } from '../../lib/api/backend.ts';
import type { RestoreSource } from '../../lib/api/checkpoint.ts';
import {
  EmbeddedRocksDBStateBackend,
  HashMapStateBackend,
  keyGroupOf,
  keyGroupRangeOf,
  ListStateDescriptor,
  MapStateDescriptor,
  Savepoint,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { withDirectory } from '../support/with-db.ts';

const SEED = Number(process.env.MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = 8 * Number(process.env.MODEL_RUNS ?? 1);
const UID = 'model';
const VALUE = new ValueStateDescriptor('value', Types.STRING);
const LIST = new ListStateDescriptor('list', Types.LONG);
const MAP = new MapStateDescriptor('map', Types.STRING, Types.NULLABLE(Types.LONG));

interface Write {
  readonly key: number;
  readonly what: 'value' | 'add' | 'put' | 'null' | 'remove' | 'clear';
  readonly number: number;
}

interface Move {
  readonly inMemory: boolean;
  readonly parallelism: number;
  readonly compress: boolean;
  /** Whether the states are asked for only after another savepoint. */
  readonly unread: boolean;
  readonly writes: readonly Write[];
}

const write: fc.Arbitrary<Write> = fc.record({
  key: fc.nat(12),
  what: fc.constantFrom('value', 'add', 'put', 'null', 'remove', 'clear'),
  number: fc.nat(50),
});
const move: fc.Arbitrary<Move> = fc.record({
  inMemory: fc.boolean(),
  parallelism: fc.integer({ min: 1, max: 4 }),
  compress: fc.boolean(),
  unread: fc.boolean(),
  writes: fc.array(write, { maxLength: 40 }),
});

interface Expected {
  value?: string | undefined;
  list: number[];
  readonly map: Map<string, number | null>;
}

class Job {
  readonly #directory: string;
  readonly #maxParallelism: number;
  readonly #model = new Map<number, Expected>();
  #keyeds: KeyedStateBackend<number>[] = [];
  #savepoints = 0;

  constructor(directory: string, maxParallelism: number) {
    this.#directory = directory;
    this.#maxParallelism = maxParallelism;
  }

  async move({ inMemory, parallelism, compress, unread, writes }: Move): Promise<void> {
    const backend = inMemory ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
    await this.#reopen(backend, parallelism, compress);
    if (unread) {
      await this.#reopen(backend, parallelism, !compress);
    }
    this.check();
    for (const each of writes) {
      this.#write(each);
    }
    this.check();
  }

  check(): void {
    for (const [key, { value, list, map }] of this.#model) {
      const keyed = this.#at(key);
      const found = new Map([...keyed.getMapState(MAP)].map((entry) => [entry.key, entry.value]));
      expect([keyed.getState(VALUE).value(), keyed.getListState(LIST).get(), found]).toEqual([value, list, map]);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#keyeds.map((keyed) => keyed.close()));
  }

  async #reopen(backend: StateBackend, parallelism: number, compress: boolean): Promise<void> {
    const restore = this.#keyeds.length === 0 ? undefined : await this.#savepoint(compress);
    await this.close();
    this.#keyeds = await Promise.all(
      Array.from({ length: parallelism }, (_, index) =>
        backend.createKeyedStateBackend({
          keyType: Types.LONG,
          maxParallelism: this.#maxParallelism,
          keyGroupRange: keyGroupRangeOf(index, this.#maxParallelism, parallelism),
          localDir: this.#directory,
          ...(restore && { restore }),
        }),
      ),
    );
  }

  async #savepoint(compress: boolean): Promise<RestoreSource> {
    const path = join(this.#directory, `savepoint-${this.#savepoints++}`);
    const writer = await Savepoint.begin(path, { compress });
    await Promise.all(this.#keyeds.map((keyed) => keyed.savepoint(writer, { uid: UID })));
    await writer.complete();
    return (await Savepoint.open(path)).operator(UID);
  }

  #at(key: number): KeyedStateBackend<number> {
    const keyGroup = keyGroupOf(Types.LONG.hashCode?.(key) as number, this.#maxParallelism);
    const owner = this.#keyeds.find(({ keyGroupRange: { start, end } }) => start <= keyGroup && keyGroup <= end);
    owner?.setCurrentKey(key);
    return owner as KeyedStateBackend<number>;
  }

  #write({ key, what, number }: Write): void {
    const keyed = this.#at(key);
    const expected: Expected = this.#model.get(key) ?? { list: [], map: new Map() };
    this.#model.set(key, expected);
    switch (what) {
      case 'value':
        keyed.getState(VALUE).update(String(number));
        expected.value = String(number);
        break;
      case 'add':
        keyed.getListState(LIST).add(number);
        expected.list.push(number);
        break;
      case 'put':
      case 'null': {
        const value = what === 'null' ? null : number;
        keyed.getMapState(MAP).put(`${number % 7}`, value);
        expected.map.set(`${number % 7}`, value);
        break;
      }
      case 'remove':
        keyed.getMapState(MAP).remove(`${number % 7}`);
        expected.map.delete(`${number % 7}`);
        break;
      case 'clear':
        keyed.getState(VALUE).clear();
        keyed.getListState(LIST).clear();
        keyed.getMapState(MAP).clear();
        this.#model.set(key, { list: [], map: new Map() });
    }
  }
}

test(`state moves between backends, whatever is written in between (seed ${SEED})`, { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(10, 128, 1000),
      fc.array(move, { minLength: 2, maxLength: 5 }),
      (maxParallelism, moves) =>
        withDirectory(async ({ directory }) => {
          const job = new Job(directory, maxParallelism);
          try {
            for (const each of moves) {
              await job.move(each);
            }
          } finally {
            await job.close();
          }
        }),
    ),
    { numRuns: RUNS, seed: SEED },
  );
});
