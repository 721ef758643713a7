import { describe, expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { MAX_BYTES, MAX_KEY_BYTES, type RocksDB, WriteBatch } from '../../lib/rocksdb.ts';
import { step } from '../support/large-list.ts';
import { huge, LENGTH_BYTES } from '../support/too-large-writes.ts';
import { withBackend } from '../support/with-backend.ts';
import { withDb } from '../support/with-db.ts';

type Write = (db: RocksDB, key: Uint8Array, value: Uint8Array) => unknown;

const WRITES: Readonly<Record<string, Write>> = {
  put: (db, key, value) => db.put(key, value),
  mergeAsync: (db, key, value) => db.mergeAsync(key, value),
  batch: (db, key, value) => db.write(new WriteBatch().put(db.columnFamily('default'), key, value)),
};

// A mark near the end, so that a row that was cut or moved is not taken for the whole.
function bytes(length: number): Uint8Array {
  const array = new Uint8Array(length).fill(0x61);
  array[length - 2] = 0x62;
  return array;
}

async function expectKept(write: Write, key: Uint8Array, value: Uint8Array): Promise<void> {
  const expectValue = (read: Uint8Array | undefined) => expect(read && Buffer.compare(read, value)).toBe(0);
  await withDb(
    async (db, { open }) => {
      db.put('A', '1');
      db.put('z', '2');
      await step('write', () => write(db, key, value));
      expectValue(db.get(key));
      await db.flush();
      expectValue(await db.getAsync(key));
      await step('compaction', () => db.compactRange());
      await db.close();
      const again = await open();
      expectValue((await again.multiGetAsync([key]))[0]);
      const keys = Array.from(again.scan({ keysOnly: true }), (entry) => entry.key);
      expect(keys.map((found) => found.length)).toEqual([1, key.length, 1]);
      expect(Buffer.compare(keys[1] as Uint8Array, key)).toBe(0);
    },
    { disableWal: true },
  );
}

describe('rows of the largest size are kept', () => {
  const short = Uint8Array.of(0x61);

  it.each(Object.entries(WRITES))('value of 2^31-1 bytes: %s', (_what, write) =>
    expectKept(write, short, bytes(MAX_BYTES)),
  );

  it.each(Object.entries(WRITES))('key of 2^28 bytes: %s', (_what, write) =>
    expectKept(write, bytes(MAX_KEY_BYTES), short),
  );

  it('both', () => expectKept((db, key, value) => db.put(key, value), bytes(MAX_KEY_BYTES), bytes(MAX_BYTES)));

  it('value state', () =>
    withBackend(
      () => new EmbeddedRocksDBStateBackend(),
      async ({ open }) => {
        const keyed = await open({ keyType: Types.STRING });
        const state = keyed.getState(new ValueStateDescriptor('value', Types.BYTES));
        const largest = huge.subarray(1);
        largest[largest.length - 1] = 7;
        keyed.setCurrentKey('k');
        state.update(largest);
        expect(state.value()?.at(-1)).toBe(7);
        await state.asyncUpdate(largest);
        expect((await state.asyncValue())?.length).toBe(MAX_BYTES - LENGTH_BYTES);
      },
    ));
});
