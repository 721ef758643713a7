import { expect, it } from 'vitest';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { withBackend } from '../support/with-backend.ts';
import { withDb } from '../support/with-db.ts';

const VALUE_BYTES = 700 * 2 ** 20;
const COUNT = 4;
const keys = [...Array.from({ length: COUNT }, (_, i) => `k${COUNT - i}`), 'none', 'k2'];

const filled = (key: string) => new Uint8Array(VALUE_BYTES).fill(key.charCodeAt(1));

function expectValues(values: readonly (Uint8Array | undefined)[]): void {
  const seen = values.map((value) => value && [value.length, value[0], value.at(-1)]);
  expect(seen).toEqual(
    keys.map((key) => (key === 'none' ? undefined : [VALUE_BYTES, key.charCodeAt(1), key.charCodeAt(1)])),
  );
}

// Native reads about 1 GiB at once.
it.each(['multiGet', 'multiGetAsync'] as const)('%s answers all keys when the values are gigabytes', (call) =>
  withDb(
    async (db: RocksDB) => {
      for (const key of new Set(keys.filter((name) => name !== 'none'))) {
        db.put(key, filled(key));
      }
      expectValues(await db[call](keys));
      await db.flush();
      expectValues(await db[call](keys));
    },
    { disableWal: true },
  ),
);

it('asynchronous reads of one tick may be gigabytes together', () =>
  withBackend(
    () => new EmbeddedRocksDBStateBackend(),
    async ({ open }) => {
      const keyed = await open({ keyType: Types.STRING });
      const state = keyed.getState(new ValueStateDescriptor('value', Types.BYTES));
      const read = (key: string) => {
        keyed.setCurrentKey(key);
        return state.asyncValue();
      };
      for (const key of new Set(keys.filter((name) => name !== 'none'))) {
        keyed.setCurrentKey(key);
        state.update(filled(key));
      }
      expectValues(await Promise.all(keys.map(read)));
    },
  ));
