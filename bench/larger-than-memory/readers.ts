// The ways to read values of a hot set, of which every one is as likely to be asked for as any other.
import { setImmediate } from 'node:timers/promises';
import type { Variant } from '../harness/measure.ts';
import { scatterStep } from '../harness/scatter.ts';
import { check, type DataSet } from './data-set.ts';

/** Synchronous reads between which the event loop turns. */
const SYNC_READS = 100;

export interface HotSet {
  readonly data: DataSet;
  /** Of all keys, that are read. */
  readonly share: number;
  /** Reads that a program has asked for at the same time. */
  readonly inFlight: number;
}

export function readers({ data, share, inFlight }: HotSet): [Variant, ...Variant[]] {
  const nextKeys = keySource(data.keyCount, share);
  const inBatches = async (operations: number, batch: number, read: (keys: number[]) => Promise<unknown>) => {
    for (let done = 0; done < operations; done += batch) {
      await read(nextKeys(Math.min(batch, operations - done)));
    }
  };
  return [
    {
      name: 'value()',
      run: (operations) =>
        inBatches(operations, SYNC_READS, (keys) => {
          readAll(data, keys);
          return setImmediate();
        }),
    },
    {
      name: `asyncValue(), ${inFlight} in flight`,
      run: (operations) =>
        inBatches(operations, inFlight, async (keys) => {
          const values = await Promise.all(
            keys.map((key) => {
              data.setKey(key);
              return data.state.asyncValue();
            }),
          );
          values.forEach((value, index) => check(value, keys[index] as number));
        }),
    },
    {
      name: `prefetch(${inFlight}), then value()`,
      run: (operations) =>
        inBatches(operations, inFlight, async (keys) => {
          await data.prefetch(keys);
          readAll(data, keys);
        }),
    },
  ];
}

/** Reads so many of the hot keys that the cache is as full of them as it will be. */
export async function warmUp({ data, share, inFlight }: HotSet, reads: number): Promise<void> {
  const nextKeys = keySource(data.keyCount, share);
  for (let done = 0; done < reads; done += inFlight) {
    await data.prefetch(nextKeys(inFlight));
  }
}

// Hot keys are scattered over all rows, so that reading one brings in a block with others that are not hot.
function keySource(keyCount: number, share: number): (count: number) => number[] {
  const hot = Math.max(1, Math.floor(keyCount * share));
  const step = scatterStep(keyCount);
  return (count) => Array.from({ length: count }, () => (Math.floor(Math.random() * hot) * step) % keyCount);
}

function readAll(data: DataSet, keys: readonly number[]): void {
  for (const key of keys) {
    data.setKey(key);
    check(data.state.value(), key);
  }
}
