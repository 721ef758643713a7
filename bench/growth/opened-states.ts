// Value states of one keyed backend, among which the keys are dealt out.
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  EmbeddedRocksDBStateBackend,
  FileSystemCheckpointStorage,
  type KeyedStateBackend,
  type RestoreSource,
  type RocksDBInspection,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { untilQuiet } from '../harness/quiet.ts';
import { scatterStep } from '../harness/scatter.ts';
import { OpenedDatabase } from '../state/opened-database.ts';
import type { CaseSettings, ItemName, OpenTimes, Usage } from './case.ts';

type Keyed = KeyedStateBackend<number> & RocksDBInspection;

// Calls between which the event loop turns, as it does in a program that is given records.
const CALLS_PER_TURN = 1000;
const CHECKPOINT = 1;

export class OpenedStates {
  readonly #settings: CaseSettings;
  readonly #keyed: Keyed;
  readonly #database: OpenedDatabase;
  readonly #states: readonly ValueState<number>[];
  readonly #step: number;

  private constructor(settings: CaseSettings, keyed: Keyed, database: OpenedDatabase) {
    this.#settings = settings;
    this.#keyed = keyed;
    this.#database = database;
    this.#states = descriptorsOf(settings).map((descriptor) => keyed.getState(descriptor));
    this.#step = scatterStep(settings.keys);
  }

  static async open(settings: CaseSettings): Promise<OpenedStates> {
    const [first] = descriptorsOf(settings);
    const [keyed, database] = await OpenedDatabase.within(first?.name ?? '', () => openKeyed(settings, undefined));
    if (database === undefined) {
      throw new Error('No database was opened.');
    }
    return new OpenedStates(settings, keyed, database);
  }

  async fill(): Promise<void> {
    await this.#forEachCall(0, this.#settings.keys, (state, key) => state.update(key));
    await untilQuiet();
  }

  /** Answers the milliseconds of so many calls; they are counted from `first` on. */
  async run(item: ItemName, first: number, calls: number): Promise<number> {
    globalThis.gc?.();
    const start = performance.now();
    await this.#forEachCall(first, calls, ITEM_CALLS[item]);
    const ms = performance.now() - start;
    await untilQuiet();
    return ms;
  }

  async usage(): Promise<Usage> {
    globalThis.gc?.();
    const tableReaders = await this.#database.sumOf('rocksdb.estimate-table-readers-mem');
    return {
      rss: process.memoryUsage.rss(),
      cache: this.#keyed.memoryUsage()?.cacheUsageBytes ?? Number.NaN,
      memtables: await this.#database.sumOf('rocksdb.cur-size-all-mem-tables'),
      tableReaders,
    };
  }

  /** Keeps all that there is for `openAndClose`, and closes. */
  async save(): Promise<void> {
    await this.#keyed.snapshot(CHECKPOINT, storageOf(this.#settings));
    await this.#keyed.close();
  }

  /** @param call - is given the state that has the key, which is then the current one. */
  async #forEachCall(first: number, calls: number, call: (state: ValueState<number>, key: number) => void) {
    const { keys, states } = this.#settings;
    for (let index = first; index < first + calls; ) {
      for (const last = Math.min(index + CALLS_PER_TURN, first + calls); index < last; index++) {
        const key = ((index % keys) * this.#step) % keys;
        this.#keyed.setCurrentKey(key);
        call(this.#states[key % states] as ValueState<number>, key);
      }
      await setImmediate();
    }
  }
}

const ITEM_CALLS: Readonly<Record<ItemName, (state: ValueState<number>, key: number) => void>> = {
  get(state) {
    if (state.value() === undefined) {
      throw new Error('A key was not found.');
    }
  },
  put: (state, key) => state.update(key),
  update: (state) => state.update((state.value() as number) + 1),
};

/** Opens and closes what is empty, and what was saved. */
export async function openAndClose(settings: CaseSettings): Promise<OpenTimes> {
  const storage = storageOf(settings);
  const [create, empty] = await timed(() => openKeyed(settings, undefined));
  const [closeEmpty] = await timed(() => empty.close());
  const handle = await storage.open(CHECKPOINT);
  const [restore, restored] = await timed(() => openKeyed(settings, { storage, handle }));
  const [close] = await timed(() => restored.close());
  await untilQuiet();
  return { create, closeEmpty, restore, close };
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [ms: number, result: T]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

function openKeyed(settings: CaseSettings, restore: RestoreSource | undefined): Promise<Keyed> {
  return new EmbeddedRocksDBStateBackend(true)
    .configure({ 'state.backend.rocksdb.memory.fixed-per-slot': settings.memory })
    .createKeyedStateBackend({
      keyType: Types.LONG,
      localDir: settings.directory,
      states: descriptorsOf(settings),
      slot: {},
      ...(restore && { restore }),
    });
}

function descriptorsOf({ states }: CaseSettings): ValueStateDescriptor<number>[] {
  return Array.from({ length: states }, (_, index) => new ValueStateDescriptor(`state-${index}`, Types.LONG));
}

function storageOf({ directory }: CaseSettings): FileSystemCheckpointStorage {
  return new FileSystemCheckpointStorage(join(directory, 'checkpoints'));
}
