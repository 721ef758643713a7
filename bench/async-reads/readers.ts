// Ways to read many keys. Each reads as many a tick as its name says, like a job that handles so many records at once.
import { setImmediate } from 'node:timers/promises';
import type { Variant } from '../harness/measure.ts';
import type { DataSet } from './data-set.ts';

const BATCHES = [1, 10, 100, 1000];
const SYNC_BATCH = 100;

export function readers(data: DataSet, keyCount: number): [Variant, ...Variant[]] {
  const nextKeys = (count: number) => Array.from({ length: count }, () => Math.floor(Math.random() * keyCount));
  const inBatches = async (operations: number, batch: number, read: (keys: number[]) => void | Promise<void>) => {
    for (let done = 0; done < operations; done += batch) {
      await read(nextKeys(Math.min(batch, operations - done)));
    }
  };
  const readSync = (keys: readonly number[]) => {
    for (const key of keys) {
      data.setKey(key);
      checkFound(data.state.value(), key);
    }
  };
  return [
    {
      name: 'value()',
      run: (operations) =>
        inBatches(operations, SYNC_BATCH, async (keys) => {
          readSync(keys);
          await setImmediate();
        }),
    },
    ...BATCHES.map((batch) => ({
      name: `asyncValue(), ${batch} a tick`,
      run: (operations: number) =>
        inBatches(operations, batch, async (keys) => {
          const reads = keys.map((key) => {
            data.setKey(key);
            return data.state.asyncValue();
          });
          (await Promise.all(reads)).forEach((value, index) => {
            checkFound(value, keys[index]);
          });
        }),
    })),
    ...BATCHES.slice(2).map((batch) => ({
      name: `prefetch(${batch}), then value()`,
      run: (operations: number) =>
        inBatches(operations, batch, async (keys) => {
          await data.prefetch(keys);
          readSync(keys);
        }),
    })),
  ];
}

function checkFound(value: Uint8Array | undefined, key: number | undefined): void {
  if (value === undefined) {
    throw new Error(`Key ${key} was not found.`);
  }
}
