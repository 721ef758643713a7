import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { type Positioned, QueuedReader } from '../../../lib/job/sources/queued-reader.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

interface Box {
  readonly n: number;
}

test('what was put out is not kept, though there is always more', async () => {
  let made = 0;
  let allowed = 100;
  let allow = () => {};
  const first: { ref?: WeakRef<Box> } = {};
  const records: AsyncIterator<Positioned<Box, number>> = {
    async next() {
      if (made >= allowed) {
        await new Promise<void>((resolve) => {
          allow = resolve;
        });
      }
      const value = { n: made++ };
      first.ref ??= new WeakRef(value);
      return { done: false, value: { value, position: made } };
    },
  };
  const reader = new QueuedReader({ [Symbol.asyncIterator]: () => records }, 0);
  let taken = 0;
  const poll = () =>
    reader.pollNext({
      collect({ n }) {
        expect(n).toBe(taken);
        taken++;
      },
      markIdle() {},
    });
  poll();
  await turn();
  for (let round = 0; round < 50; round++) {
    // As many as are taken, so that the queue is never empty and never full.
    expect(poll()).toBe('MORE_AVAILABLE');
    allowed += 64;
    allow();
    await turn();
  }
  expect(reader.position).toBe(50 * 64);
  for (let tries = 0; tries < 20 && first.ref?.deref() !== undefined; tries++) {
    await turn();
    collectGarbage();
  }
  expect(first.ref?.deref()).toBeUndefined();
});

test('a failure is told behind the records before it', async () => {
  async function* failing(): AsyncGenerator<Positioned<number, number>> {
    yield { value: 1, position: 1 };
    throw new Error('broken');
  }
  const reader = new QueuedReader(failing(), 0);
  const values: number[] = [];
  const poll = () => reader.pollNext({ collect: (value) => values.push(value), markIdle() {} });
  expect(poll()).toBe('NOTHING_AVAILABLE');
  await turn();
  await reader.isAvailable();
  expect(poll).toThrow('broken');
  expect(values).toEqual([1]);
});
