// A store with its rows, which items are done on.
import { setImmediate } from 'node:timers/promises';
import { Contents, type Rows } from './contents.ts';
import { Checksum, IN_FLIGHT, ITEMS, type Item, workOf } from './items.ts';
import type { Calls, Store } from './store.ts';

const LOADED_AT_ONCE = 1000;
/** Rows that are made before the clock runs, and then worked on. */
const STRETCH_ROWS = 10_000;

export interface Ran {
  readonly ms: number;
  readonly checksum: number;
}

export class LoadedStore {
  readonly #store: Store;
  readonly #keyCount: number;
  readonly #contents: Contents;

  constructor(store: Store, keyCount: number, valueBytes: number) {
    this.#store = store;
    this.#keyCount = keyCount;
    this.#contents = new Contents(keyCount, valueBytes);
  }

  /** Stores all rows; answers the milliseconds that the store took. */
  async load(): Promise<number> {
    let ms = 0;
    for (let first = 0; first < this.#keyCount; first += LOADED_AT_ONCE) {
      const rows = this.#contents.stored(first, Math.min(LOADED_AT_ONCE, this.#keyCount - first));
      const start = performance.now();
      await (this.#store.calls.write ?? this.#store.calls.writeAsync)?.(rows);
      ms += performance.now() - start;
      await setImmediate();
    }
    return ms;
  }

  /** Does an item with so many rows; those of a scan are all. */
  async run(item: string, first: number, operations: number): Promise<Ran> {
    const { rows } = ITEMS[item] as Item;
    const work = workOf(item, this.#store.calls as Required<Calls>);
    const checksum = new Checksum();
    globalThis.gc?.();
    if (rows === undefined) {
      const ms = await timed(() => work({ keys: [], values: [] }, checksum));
      return { ms, checksum: checksum.value };
    }
    let ms = 0;
    for (let done = 0; done < operations; done += STRETCH_ROWS) {
      const calls = callsOf(this.#contents.drawn(first + done, Math.min(STRETCH_ROWS, operations - done)), rows);
      ms += await timed(async () => {
        for (const call of calls) {
          const working = work(call, checksum);
          if (working !== undefined) {
            await working;
          }
        }
      });
      await setImmediate();
    }
    return { ms, checksum: checksum.value };
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

// Single synchronous calls need no round each.
function callsOf({ keys, values }: Rows, rowsOfCall: number): Rows[] {
  const size = Math.max(rowsOfCall, IN_FLIGHT);
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, index) => ({
    keys: keys.slice(index * size, (index + 1) * size),
    values: values.slice(index * size, (index + 1) * size),
  }));
}

async function timed(work: () => void | Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
