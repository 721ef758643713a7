// A keyed backend with or without a cache of hot state, and the work that is done on it.
import { setImmediate } from 'node:timers/promises';
import {
  EmbeddedRocksDBStateBackend,
  type KeyedStateBackend,
  ListStateDescriptor,
  MetricRegistry,
  type RocksDBInspection,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';

const COUNTS = new ValueStateDescriptor('counts', Types.LONG);
const LISTS = new ListStateDescriptor('lists', Types.LONG);
const CALLS_IN_A_TURN = 1000;

export interface SideOptions {
  readonly name: string;
  /** Of the cache of hot state; 0 for none. */
  readonly cacheBytes: number;
  readonly blockCache: string;
}

/** What is done with a key. */
export type WorkName = 'get' | 'update' | 'get and update' | 'list add';
export const WORK_NAMES: readonly WorkName[] = ['get', 'update', 'get and update', 'list add'];

export class Side {
  readonly name: string;
  readonly keyed: KeyedStateBackend<number> & RocksDBInspection;
  readonly #registry: MetricRegistry;
  readonly #work: Readonly<Record<WorkName, (index: number) => void>>;

  private constructor(name: string, keyed: KeyedStateBackend<number> & RocksDBInspection, registry: MetricRegistry) {
    this.name = name;
    this.keyed = keyed;
    this.#registry = registry;
    const counts = keyed.getState(COUNTS);
    const lists = keyed.getListState(LISTS);
    this.#work = {
      get: () => void counts.value(),
      update: (index) => counts.update(index),
      'get and update': () => counts.update((counts.value() ?? 0) + 1),
      'list add': (index) => lists.add(index),
    };
  }

  /** With a count for each key, in files. */
  static async open({ name, cacheBytes, blockCache }: SideOptions, keys: number, localDir: string): Promise<Side> {
    const registry = new MetricRegistry();
    const keyed = await new EmbeddedRocksDBStateBackend()
      .configure({
        'state.backend.rocksdb.memory.managed': false,
        'state.backend.rocksdb.block.cache-size': blockCache,
      })
      .setHotStateCacheSize(cacheBytes)
      .createKeyedStateBackend({ keyType: Types.LONG, localDir, metricGroup: registry.root });
    const counts = keyed.getState(COUNTS);
    for (let key = 0; key < keys; key++) {
      keyed.setCurrentKey(key);
      counts.update(key);
    }
    await keyed.compact();
    return new Side(name, keyed, registry);
  }

  /** Does the work with some of the keys, and has RocksDB know of it in the end, as a checkpoint would. */
  async run(work: WorkName, keys: Uint32Array): Promise<void> {
    await this.#doWork(this.#work[work], keys);
    for (const _ of this.keyed.getKeys([COUNTS.name, LISTS.name])) {
      break;
    }
  }

  /** Updates the counts of keys, which RocksDB need not know of yet. */
  updateUnsettled(keys: Uint32Array): Promise<void> {
    return this.#doWork(this.#work.update, keys);
  }

  async #doWork(each: (index: number) => void, keys: Uint32Array): Promise<void> {
    const { keyed } = this;
    for (let start = 0; start < keys.length; start += CALLS_IN_A_TURN) {
      const end = Math.min(start + CALLS_IN_A_TURN, keys.length);
      for (let index = start; index < end; index++) {
        keyed.setCurrentKey(keys[index] as number);
        each(index);
      }
      await setImmediate();
    }
  }

  /** Metrics of the cache; empty without one. */
  metrics(): Record<string, number> {
    return this.#registry.snapshot() as Record<string, number>;
  }
}
