import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import { ListStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { SerializationError } from '../../lib/errors.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const LIST = new ListStateDescriptor('list', Types.STRING);

function withKeyed(test: (keyed: KeyedStateBackend<string>, bench: Bench) => Promise<void>): Promise<void> {
  return withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async (bench) => test(await bench.open({ keyType: Types.STRING }), bench),
  );
}

// Short and long ones, so that pages end within elements, at their ends, and at delimiters; some hold the delimiter.
function elements(count: number): string[] {
  return Array.from(
    { length: count },
    (_, i) => `${i},${'x'.repeat((i * 7919) % 300)}${i % 997 === 0 ? 'y'.repeat(300_000) : ''}`,
  );
}

describe('iterating a list on RocksDB', () => {
  it('gives every element of a list of many pages, in order', () =>
    withKeyed(async (keyed) => {
      const list = keyed.getListState(LIST);
      keyed.setCurrentKey('k');
      const expected = elements(20_000);
      list.addAll(expected.slice(0, 10_000));
      for (const element of expected.slice(10_000)) {
        list.add(element);
      }
      expect([...list]).toEqual(expected);
      const read: string[] = [];
      const iterator = list[Symbol.asyncIterator]();
      keyed.setCurrentKey('another');
      for await (const element of { [Symbol.asyncIterator]: () => iterator }) {
        read.push(element);
      }
      expect(read).toEqual(expected);
      expect([...list]).toEqual([]);
    }));

  it('gives elements of every size around the pages', () =>
    withKeyed(async (keyed) => {
      const list = keyed.getListState(LIST);
      for (let size = 4080; size <= 4110; size++) {
        keyed.setCurrentKey(`size ${size}`);
        const expected = ['a'.repeat(size), 'b', 'c'.repeat(size)];
        list.addAll(expected);
        expect([...list]).toEqual(expected);
      }
    }));

  it('sees the list as it was when the iteration began', () =>
    withKeyed(async (keyed) => {
      const list = keyed.getListState(LIST);
      keyed.setCurrentKey('k');
      list.addAll(['a', 'b', 'c']);
      const seen: string[] = [];
      for (const element of list) {
        seen.push(element);
        list.add(`${element}!`);
      }
      expect(seen).toEqual(['a', 'b', 'c']);
      expect(list.get()).toEqual(['a', 'b', 'c', 'a!', 'b!', 'c!']);
    }));

  it('fails, and does not skip, where the stored bytes are no elements', () =>
    withKeyed(async (keyed, { open, storage }) => {
      const text = keyed.getListState(LIST);
      keyed.setCurrentKey('k');
      text.addAll(elements(2000));
      const handle = await keyed.snapshot(1, storage);
      const states = handle.states.map((state) => ({
        ...state,
        valueFormat: new ListStateDescriptor('list', Types.BYTES).valueFormat,
      }));
      const restored = await open({ keyType: Types.STRING, restore: { storage, handle: { ...handle, states } } });
      const bytes = restored.getListState(new ListStateDescriptor('list', Types.BYTES));
      restored.setCurrentKey('k');
      expect(() => [...bytes]).toThrow(SerializationError);
      expect(() => [...bytes]).toThrow(/State 'list' could not be read/);
    }));

  it('ends with the backend', () =>
    withKeyed(async (keyed) => {
      const list = keyed.getListState(LIST);
      keyed.setCurrentKey('k');
      list.addAll(elements(3000));
      const iterator = list[Symbol.iterator]();
      iterator.next();
      await keyed.close();
      expect(() => {
        for (;;) {
          if (iterator.next().done) {
            return;
          }
        }
      }).toThrow(expect.objectContaining({ code: 'ERR_ROCKSDB_CLOSED' }));
    }));
});
