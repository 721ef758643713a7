import { constants } from 'node:buffer';
import { expect, it } from 'vitest';
import { MAX_BYTES, WriteBatch } from '../../lib/rocksdb.ts';
import { rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { keysOf } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

// Later releases of Node.js have longer buffers than there is memory.
it.skipIf(constants.MAX_LENGTH > 2 ** 32)('a batch is left as it was by a record that it has no room for', () =>
  withDb(
    async (db) => {
      const family = db.columnFamily('default');
      const value = new Uint8Array(MAX_BYTES);
      const batch = new WriteBatch().put(family, 'a', value);
      const error = await rocksDBErrorOf(() => batch.put(family, 'b', value));
      expect(error.code).toBe('ERR_ROCKSDB_TOO_LARGE');
      expect(error.message).toContain(String(constants.MAX_LENGTH));
      expect(batch.count).toBe(1);
      await db.writeAsync(batch.put(family, 'c', '3'));
      expect(keysOf(db, { keysOnly: true })).toEqual(['a', 'c']);
    },
    { disableWal: true },
  ),
);
