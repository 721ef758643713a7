// This project's low-level API.
import { RocksDB, WriteBatch } from '../../../lib/rocksdb.ts';
import type { Rows } from '../contents.ts';
import { BACKGROUND_JOBS, BLOCK_BYTES, CACHE_BYTES, type Calls, type StoreKind, WRITE_BUFFER_BYTES } from '../store.ts';

const FORMS = {
  put: 'put',
  putAsync: 'putAsync',
  get: 'get',
  getAsync: 'getAsync',
  write: 'write(WriteBatch)',
  writeAsync: 'writeAsync(WriteBatch)',
  getMany: 'multiGet',
  getManyAsync: 'multiGetAsync',
  scan: 'for … of scan()',
  scanAsync: 'for await … of scan()',
};

export const ROCKSTATE: StoreKind = {
  forms: FORMS,
  differs: 'RocksDB 9.10; writes its log, not synced, as the stores do whose log can not be switched off',
  open: (directory) => open(directory, false),
};

export const ROCKSTATE_WITHOUT_LOG: StoreKind = {
  forms: FORMS,
  differs: 'without a write-ahead log, as keyed state uses it',
  open: (directory) => open(directory, true),
};

async function open(directory: string, disableWal: boolean) {
  const db = await RocksDB.open(directory, {
    disableWal,
    options: { max_background_jobs: BACKGROUND_JOBS },
    defaults: {
      options: { write_buffer_size: WRITE_BUFFER_BYTES, compression: 'kNoCompression' },
      tableOptions: {
        block_cache: String(CACHE_BYTES),
        block_size: BLOCK_BYTES,
        filter_policy: 'bloomfilter:10:false',
      },
    },
  });
  return { calls: callsOf(db), close: () => db.close() };
}

function callsOf(db: RocksDB): Calls {
  const family = db.columnFamily('default');
  const batch = new WriteBatch();
  const toBatch = ({ keys, values }: Rows) => {
    batch.clear();
    for (let index = 0; index < keys.length; index++) {
      batch.put(family, keys[index] as Buffer, values[index] as Buffer);
    }
    return batch;
  };
  return {
    put: (key, value) => db.put(key, value),
    putAsync: (key, value) => db.putAsync(key, value),
    get: (key) => db.get(key),
    getAsync: (key) => db.getAsync(key),
    write: (rows) => db.write(toBatch(rows)),
    writeAsync: (rows) => db.writeAsync(toBatch(rows)),
    getMany: (keys) => db.multiGet(keys),
    getManyAsync: (keys) => db.multiGetAsync(keys),
    scan(see) {
      for (const { key, value } of db.scan()) {
        see(key, value);
      }
    },
    async scanAsync(see) {
      for await (const { key, value } of db.scan()) {
        see(key, value);
      }
    },
  };
}
