// Holepunch's binding for RocksDB. All of it is asynchronous: requests are collected in batches, which are flushed.
import { importPeer } from '../packages.ts';
import {
  BACKGROUND_JOBS,
  BLOCK_BYTES,
  type Calls,
  ROWS_OF_A_STEP,
  type StoreKind,
  WRITE_BUFFER_BYTES,
} from '../store.ts';

interface Batch {
  flush(): Promise<void>;
  destroy(): void;
}

interface ReadBatch extends Batch {
  get(key: Buffer): Promise<Buffer | null>;
}

interface WriteBatch extends Batch {
  tryPut(key: Buffer, value: Buffer): void;
}

interface Database {
  ready(): Promise<void>;
  close(): Promise<void>;
  put(key: Buffer, value: Buffer): Promise<void>;
  get(key: Buffer): Promise<Buffer | null>;
  read(options: { readonly capacity: number }): ReadBatch;
  write(options: { readonly capacity: number }): WriteBatch;
  iterator(range: object, options: { readonly capacity: number }): AsyncIterable<{ key: Buffer; value: Buffer }>;
}

interface Package {
  readonly default: new (directory: string, options: object) => Database;
}

const OPTIONS = {
  writeBufferSize: WRITE_BUFFER_BYTES,
  tableBlockSize: BLOCK_BYTES,
  tableCacheIndexAndFilterBlocks: false,
  maxBackgroundJobs: BACKGROUND_JOBS,
};

export const ROCKSDB_NATIVE: StoreKind = {
  forms: {
    putAsync: 'put',
    getAsync: 'get',
    writeAsync: 'write(), tryPut, flush',
    getManyAsync: 'read(), get, flush',
    scanAsync: `for await … of iterator(), capacity ${ROWS_OF_A_STEP}`,
  },
  differs: 'RocksDB 10.5; its log can not be switched off; its cache always has 32 MiB; nothing is synchronous',
  async open(directory) {
    const RocksDB = (await importPeer<Package>('rocksdb-native')).default;
    const db = new RocksDB(directory, OPTIONS);
    await db.ready();
    return { calls: callsOf(db), close: () => db.close() };
  },
};

function callsOf(db: Database): Calls {
  return {
    putAsync: (key, value) => db.put(key, value),
    getAsync: (key) => db.get(key),
    async writeAsync({ keys, values }) {
      const batch = db.write({ capacity: keys.length });
      keys.forEach((key, index) => batch.tryPut(key, values[index] as Buffer));
      await batch.flush();
      batch.destroy();
    },
    async getManyAsync(keys) {
      const batch = db.read({ capacity: keys.length });
      const values = Promise.all(keys.map((key) => batch.get(key)));
      await batch.flush();
      batch.destroy();
      return values;
    },
    async scanAsync(see) {
      for await (const { key, value } of db.iterator({}, { capacity: ROWS_OF_A_STEP })) {
        see(key, value);
      }
    },
  };
}
