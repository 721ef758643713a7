import { expect, it } from 'vitest';
import { ListStateDescriptor } from '../../lib/api/descriptors.ts';
import type { ListState } from '../../lib/api/state.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { ELEMENT_BYTES, elementAt, expectElements, peakBytes, step } from '../support/large-list.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { withBackend } from '../support/with-backend.ts';

const LIST = new ListStateDescriptor('list', Types.BYTES);
const OTHER = new ListStateDescriptor('other', Types.STRING);

async function expectReadable(list: ListState<Uint8Array>, count: number, when: string): Promise<void> {
  await step(`for of, ${when}`, () => expectElements({ [Symbol.iterator]: () => list[Symbol.iterator]() }, count));
  const offThread = { [Symbol.asyncIterator]: () => list[Symbol.asyncIterator]() };
  await step(`for await, ${when}`, () => expectElements(offThread, count));
  expect(await step(`get, ${when}`, () => codeOf(() => list.get()))).toBe('ERR_ROCKSDB_TOO_LARGE');
}

// The second is longer than the 2^32 bytes that a value of RocksDB may have.
it.each([2.3, 4.5])('a list of %d GiB is written, read element by element, saved and restored', (gib) =>
  withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async ({ open, storage }) => {
      const count = Math.ceil((gib * 2 ** 30) / ELEMENT_BYTES);
      const keyed = await open({ keyType: Types.STRING });
      const list = keyed.getListState(LIST);
      const other = keyed.getListState(OTHER);
      keyed.setCurrentKey('small');
      list.add(elementAt(7));
      keyed.setCurrentKey('long');
      await step(`${gib} GiB written`, () => {
        for (let index = 0; index < count; index++) {
          list.add(elementAt(index));
        }
      });
      await expectReadable(list, count, 'before a flush');
      const handle = await step('snapshot', () => keyed.snapshot(1, storage));
      await expectReadable(list, count, 'after a flush');

      // Only what looks at the whole list fails.
      const outcomes = await Promise.allSettled([
        list.asyncGet(),
        list.asyncAdd(elementAt(count)),
        other.asyncAdd('a'),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
      expect(outcomes[0]).toMatchObject({ reason: { code: 'ERR_ROCKSDB_TOO_LARGE' } });
      await step('with one more', () => expectElements(list, count + 1));
      expect(await step('keys', () => [...keyed.getKeys('list')].sort())).toEqual(['long', 'small']);

      const restored = await step('restore', () => open({ keyType: Types.STRING, restore: { storage, handle } }));
      const restoredList = restored.getListState(LIST);
      restored.setCurrentKey('long');
      await step('restored', () => expectElements(restoredList, count));
      restoredList.clear();
      expect([...restoredList]).toEqual([]);
      restored.setCurrentKey('small');
      expect(restoredList.get()).toEqual([elementAt(7)]);
      // One list in memory for reading, one for a compaction at the same time.
      expect(peakBytes()).toBeLessThan(3 * gib * 2 ** 30);
    },
  ),
);
