import { expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { ListStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { elementAt, expectElements } from '../support/large-list.ts';
import { codeOf } from '../support/rocksdb-error.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const LIST = new ListStateDescriptor('list', Types.BYTES);
// Longer than what is joined in storage, which is 256 MiB.
const COUNT = 260;

function withLongList(test: (keyed: KeyedStateBackend<string>, bench: Bench) => Promise<void>): Promise<void> {
  return withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async (bench) => {
      const keyed = await bench.open({ keyType: Types.STRING });
      const list = keyed.getListState(LIST);
      keyed.setCurrentKey('k');
      list.update([elementAt(0)]);
      for (let index = 1; index < COUNT; index++) {
        list.add(elementAt(index));
      }
      await test(keyed, bench);
    },
  );
}

it('a list that is kept in pieces is read whole, listed, saved and cleared', () =>
  withLongList(async (keyed, { open, storage }) => {
    const handle = await keyed.snapshot(1, storage);
    const restored = await open({ keyType: Types.STRING, restore: { storage, handle } });
    const list = restored.getListState(LIST);
    restored.setCurrentKey('k');
    await expectElements({ [Symbol.asyncIterator]: () => list[Symbol.asyncIterator]() }, COUNT);
    await expectElements(list.get(), COUNT);
    await expectElements(await list.asyncGet(), COUNT);
    expect([...restored.getKeys('list')]).toEqual(['k']);
    list.add(elementAt(COUNT));
    await expectElements({ [Symbol.iterator]: () => list[Symbol.iterator]() }, COUNT + 1);
    list.clear();
    expect(list.get()).toEqual([]);
    expect([...list]).toEqual([]);
    expect([...restored.getKeys('list')]).toEqual([]);
  }));

it('an iteration of a list in pieces sees it as it was, and ends with the backend', () =>
  withLongList(async (keyed) => {
    const list = keyed.getListState(LIST);
    const iterator = list[Symbol.iterator]() as IterableIterator<Uint8Array>;
    expect(iterator.next().value).toEqual(elementAt(0));
    list.clear();
    await expectElements({ [Symbol.iterator]: () => iterator }, COUNT - 1, 1);
    const unfinished = keyed.getListState(LIST);
    unfinished.addAll([elementAt(0), elementAt(1)]);
    for (let index = 2; index < COUNT; index++) {
      unfinished.add(elementAt(index));
    }
    const left = unfinished[Symbol.iterator]();
    left.next();
    await keyed.close();
    expect(await codeOf(() => [...(left as IterableIterator<Uint8Array>)])).toBe('ERR_ROCKSDB_CLOSED');
  }));
