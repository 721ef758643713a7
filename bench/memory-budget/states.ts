// Eight states of three kinds in three keyed backends of one slot, and what is written to and read from them.
import type { KeyedStateBackend, MemoryUsage, RocksDBInspection, TaskSlot } from '../../lib/api/backend.ts';
import {
  type EmbeddedRocksDBStateBackend,
  ListStateDescriptor,
  MapStateDescriptor,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { scrambled, valueBytes } from './contents.ts';

type Keyed = KeyedStateBackend<number> & RocksDBInspection;

const LIST_ELEMENTS = 8;
const MAP_ENTRIES = 16;
const KINDS_BY_BACKEND = [
  ['value', 'list', 'map'],
  ['value', 'list', 'map'],
  ['value', 'map'],
] as const;

/** One state: its rows are numbered, and scattered over the keys. */
interface LoadedState {
  readonly name: string;
  readonly keyed: Keyed;
  write(row: number, value: Uint8Array): void;
  read(row: number): void;
}

export class States {
  readonly backends: readonly Keyed[];
  readonly #states: readonly LoadedState[];

  private constructor(backends: readonly Keyed[]) {
    this.backends = backends;
    this.#states = backends.flatMap((keyed, index) =>
      (KINDS_BY_BACKEND[index] ?? []).map((kind) => CREATE[kind](keyed, `${kind}-${index}`)),
    );
  }

  static async open(backend: EmbeddedRocksDBStateBackend, localDir: (index: number) => string): Promise<States> {
    const slot: TaskSlot = {};
    const backends: Keyed[] = [];
    for (const index of KINDS_BY_BACKEND.keys()) {
      backends.push(await backend.createKeyedStateBackend({ keyType: Types.LONG, localDir: localDir(index), slot }));
    }
    return new States(backends);
  }

  /** Writes what has a number; answers the bytes of the value. */
  write(number: number): number {
    const value = valueBytes(number);
    const state = this.#states[number % this.#states.length] as LoadedState;
    state.write(Math.floor(number / this.#states.length), value);
    return value.length;
  }

  /** Reads what has a number. */
  read(number: number): void {
    const state = this.#states[number % this.#states.length] as LoadedState;
    state.read(Math.floor(number / this.#states.length));
  }

  /** Begins to list the keys of a state, which is open until the iterator is left. */
  scan(turn: number): Iterator<number> {
    const { keyed, name } = this.#states[turn % this.#states.length] as LoadedState;
    return keyed.getKeys(name)[Symbol.iterator]();
  }

  usage(): MemoryUsage {
    return this.backends[0]?.memoryUsage() as MemoryUsage;
  }

  async sizeBytes(): Promise<number> {
    const sizes = await Promise.all(this.backends.map((keyed) => keyed.localSizeBytes()));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.backends.map((keyed) => keyed.close()));
  }
}

const CREATE = {
  value(keyed: Keyed, name: string): LoadedState {
    const state = keyed.getState(new ValueStateDescriptor(name, Types.BYTES));
    return {
      name,
      keyed,
      write(row, value) {
        keyed.setCurrentKey(scrambled(row));
        state.update(value);
      },
      read(row) {
        keyed.setCurrentKey(scrambled(row));
        state.value();
      },
    };
  },

  list(keyed: Keyed, name: string): LoadedState {
    const state = keyed.getListState(new ListStateDescriptor(name, Types.BYTES));
    return {
      name,
      keyed,
      write(row, value) {
        keyed.setCurrentKey(scrambled(Math.floor(row / LIST_ELEMENTS)));
        state.add(value);
      },
      read(row) {
        keyed.setCurrentKey(scrambled(Math.floor(row / LIST_ELEMENTS)));
        Array.from(state.get());
      },
    };
  },

  map(keyed: Keyed, name: string): LoadedState {
    const state = keyed.getMapState(new MapStateDescriptor(name, Types.INT, Types.BYTES));
    return {
      name,
      keyed,
      write(row, value) {
        keyed.setCurrentKey(scrambled(Math.floor(row / MAP_ENTRIES)));
        state.put(row % MAP_ENTRIES, value);
      },
      read(row) {
        keyed.setCurrentKey(scrambled(Math.floor(row / MAP_ENTRIES)));
        if (row % 2 === 0) {
          state.get(row % MAP_ENTRIES);
        } else {
          Array.from(state.entries());
        }
      },
    };
  },
};
