// What is measured, done with the calls of any store. Whatever is read goes into a checksum.
import type { Rows } from './contents.ts';
import type { Calls, Values } from './store.ts';

/** Single calls that a program has not yet been answered, in the asynchronous items. */
export const IN_FLIGHT = 100;

export interface Item {
  readonly call: keyof Calls;
  /** Rows of a call; undefined where it reads all. */
  readonly rows: number | undefined;
}

/** In the order in which they are measured. */
export const ITEMS: Readonly<Record<string, Item>> = {
  put: { call: 'put', rows: 1 },
  'put, async': { call: 'putAsync', rows: IN_FLIGHT },
  'batch of 100': { call: 'write', rows: 100 },
  'batch of 100, async': { call: 'writeAsync', rows: 100 },
  'batch of 1000': { call: 'write', rows: 1000 },
  'batch of 1000, async': { call: 'writeAsync', rows: 1000 },
  get: { call: 'get', rows: 1 },
  'get, async': { call: 'getAsync', rows: IN_FLIGHT },
  'get 100': { call: 'getMany', rows: 100 },
  'get 100, async': { call: 'getManyAsync', rows: 100 },
  'get 1000': { call: 'getMany', rows: 1000 },
  'get 1000, async': { call: 'getManyAsync', rows: 1000 },
  scan: { call: 'scan', rows: undefined },
  'scan, async': { call: 'scanAsync', rows: undefined },
};

export function isWrite(item: string): boolean {
  return ['put', 'putAsync', 'write', 'writeAsync'].includes((ITEMS[item] as Item).call);
}

/** Sees what is read. */
export class Checksum {
  value = 0;

  see(bytes: Uint8Array | undefined | null): void {
    if (bytes === undefined || bytes === null) {
      throw new Error('A row was not found.');
    }
    this.value =
      (Math.imul(this.value, 31) + bytes.length + (bytes[0] as number) + (bytes[bytes.length - 1] as number)) | 0;
  }

  seeAll(values: Values): void {
    for (const value of values) {
      this.see(value);
    }
  }
}

type Work = (rows: Rows, checksum: Checksum) => void | Promise<void>;

/** What does the item for the rows of one of its calls, or of many where a call is of one row. */
export function workOf(name: string, calls: Required<Calls>): Work {
  const { call } = ITEMS[name] as Item;
  const works: Readonly<Record<keyof Calls, Work>> = {
    put: ({ keys, values }) => keys.forEach((key, index) => calls.put(key, values[index] as Buffer)),
    async putAsync({ keys, values }) {
      await Promise.all(keys.map((key, index) => calls.putAsync(key, values[index] as Buffer)));
    },
    get: ({ keys }, checksum) => keys.forEach((key) => checksum.see(calls.get(key))),
    getAsync: async ({ keys }, checksum) => checksum.seeAll(await Promise.all(keys.map((key) => calls.getAsync(key)))),
    write: (rows) => calls.write(rows),
    async writeAsync(rows) {
      await calls.writeAsync(rows);
    },
    getMany: ({ keys }, checksum) => checksum.seeAll(calls.getMany(keys)),
    getManyAsync: async ({ keys }, checksum) => checksum.seeAll(await calls.getManyAsync(keys)),
    scan: (_rows, checksum) =>
      calls.scan((key, value) => {
        checksum.see(key);
        checksum.see(value);
      }),
    scanAsync: (_rows, checksum) =>
      calls.scanAsync((key, value) => {
        checksum.see(key);
        checksum.see(value);
      }),
  };
  return works[call];
}
