// LevelDB, through the binding of the Level project.
import { importPeer } from '../packages.ts';
import { BLOCK_BYTES, CACHE_BYTES, type Calls, ROWS_OF_A_STEP, type StoreKind, WRITE_BUFFER_BYTES } from '../store.ts';

interface Batch {
  put(key: Buffer, value: Buffer): Batch;
  write(): Promise<void>;
}

interface Iterator {
  nextv(size: number): Promise<[Buffer, Buffer][]>;
  close(): Promise<void>;
}

interface Database {
  open(options: object): Promise<void>;
  close(): Promise<void>;
  put(key: Buffer, value: Buffer): Promise<void>;
  get(key: Buffer): Promise<Buffer | undefined>;
  getSync(key: Buffer): Buffer | undefined;
  getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]>;
  batch(): Batch;
  iterator(): Iterator;
}

interface Package {
  readonly ClassicLevel: new (directory: string, encodings: object) => Database;
}

const ENCODINGS = { keyEncoding: 'buffer', valueEncoding: 'buffer' };
const OPTIONS = {
  cacheSize: CACHE_BYTES,
  writeBufferSize: WRITE_BUFFER_BYTES,
  blockSize: BLOCK_BYTES,
  compression: false,
  // As RocksDB does, it may keep all its files open.
  maxOpenFiles: 100_000,
};

export const CLASSIC_LEVEL: StoreKind = {
  forms: {
    putAsync: 'put',
    get: 'getSync',
    getAsync: 'get',
    writeAsync: 'batch(), put, write',
    getMany: 'getSync of each',
    getManyAsync: 'getMany',
    scanAsync: `nextv(${ROWS_OF_A_STEP})`,
  },
  differs: 'LevelDB; its log can not be switched off; one thread in the background; writes and scans are asynchronous',
  async open(directory) {
    const { ClassicLevel } = await importPeer<Package>('classic-level');
    const db = new ClassicLevel(directory, ENCODINGS);
    await db.open(OPTIONS);
    return { calls: callsOf(db), close: () => db.close() };
  },
};

function callsOf(db: Database): Calls {
  return {
    putAsync: (key, value) => db.put(key, value),
    get: (key) => db.getSync(key),
    getAsync: (key) => db.get(key),
    writeAsync({ keys, values }) {
      const batch = db.batch();
      keys.forEach((key, index) => batch.put(key, values[index] as Buffer));
      return batch.write();
    },
    getMany: (keys) => keys.map((key) => db.getSync(key)),
    getManyAsync: (keys) => db.getMany(keys),
    async scanAsync(see) {
      const iterator = db.iterator();
      for (let rows = await iterator.nextv(ROWS_OF_A_STEP); rows.length > 0; ) {
        for (const [key, value] of rows) {
          see(key, value);
        }
        rows = await iterator.nextv(ROWS_OF_A_STEP);
      }
      await iterator.close();
    },
  };
}
