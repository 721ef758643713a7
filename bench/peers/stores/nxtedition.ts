// nxtedition's binding for RocksDB. What is synchronous in it begins with an underscore; its authors call it their API.
import { importPeer } from '../packages.ts';
import {
  BACKGROUND_JOBS,
  BLOCK_BYTES,
  CACHE_BYTES,
  type Calls,
  ROWS_OF_A_STEP,
  type StoreKind,
  WRITE_BUFFER_BYTES,
} from '../store.ts';

interface Batch {
  _put(key: Buffer, value: Buffer, options: object): void;
  _writeSync(options: object): void;
  _closeSync(): void;
  put(key: Buffer, value: Buffer): Batch;
  write(): Promise<void>;
}

interface Iterator {
  nextv(size: number): Promise<[Buffer, Buffer][]>;
  /** Keys and values in turn. */
  _nextvSync(size: number, options: object): { readonly rows: Buffer[]; readonly finished: boolean };
  close(): Promise<void>;
  _closeSync(): void;
}

interface Database {
  open(options: object): Promise<void>;
  close(): Promise<void>;
  put(key: Buffer, value: Buffer): Promise<void>;
  get(key: Buffer): Promise<Buffer>;
  getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]>;
  _getManySync(keys: readonly Buffer[], options: object): (Buffer | undefined)[];
  batch(): Batch;
  iterator(options: object): Iterator;
  _iterator(options: object): Iterator;
}

interface Package {
  readonly RocksLevel: new (directory: string, encodings: object) => Database;
}

const ENCODINGS = { keyEncoding: 'buffer', valueEncoding: 'buffer' };
const UNLIMITED = { ...ENCODINGS, limit: -1, keys: true, values: true, reverse: false };
const NONE = {};
const OPTIONS = {
  createIfMissing: true,
  cacheSize: CACHE_BYTES,
  memtableMemoryBudget: WRITE_BUFFER_BYTES,
  blockSize: BLOCK_BYTES,
  parallelism: BACKGROUND_JOBS,
  compression: false,
  walCompression: false,
};

export const NXTEDITION: StoreKind = {
  forms: {
    put: 'batch(), _put, _writeSync',
    putAsync: 'put',
    get: '_getManySync of one',
    getAsync: 'get',
    write: 'batch(), _put, _writeSync',
    writeAsync: 'batch(), put, write',
    getMany: '_getManySync',
    getManyAsync: 'getMany',
    scan: `_nextvSync(${ROWS_OF_A_STEP})`,
    scanAsync: `nextv(${ROWS_OF_A_STEP})`,
  },
  differs: 'RocksDB 9.7; its log can not be switched off; its asynchronous writes are done on the JS thread',
  async open(directory) {
    const { RocksLevel } = await importPeer<Package>('@nxtedition/rocksdb');
    const db = new RocksLevel(directory, ENCODINGS);
    await db.open(OPTIONS);
    return { calls: callsOf(db), close: () => db.close() };
  },
};

function callsOf(db: Database): Calls {
  return {
    put: (key, value) => writeSync(db, [key], [value]),
    putAsync: (key, value) => db.put(key, value),
    get: (key) => db._getManySync([key], ENCODINGS)[0],
    getAsync: (key) => db.get(key),
    write: ({ keys, values }) => writeSync(db, keys, values),
    writeAsync({ keys, values }) {
      const batch = db.batch();
      keys.forEach((key, index) => batch.put(key, values[index] as Buffer));
      return batch.write();
    },
    getMany: (keys) => db._getManySync(keys, ENCODINGS),
    getManyAsync: (keys) => db.getMany(keys),
    scan(see) {
      const iterator = db._iterator(UNLIMITED);
      for (let finished = false; !finished; ) {
        const step = iterator._nextvSync(ROWS_OF_A_STEP, NONE);
        for (let index = 0; index < step.rows.length; index += 2) {
          see(step.rows[index] as Buffer, step.rows[index + 1] as Buffer);
        }
        finished = step.finished;
      }
      iterator._closeSync();
    },
    async scanAsync(see) {
      const iterator = db.iterator(NONE);
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

function writeSync(db: Database, keys: readonly Buffer[], values: readonly Buffer[]): void {
  const batch = db.batch();
  for (let index = 0; index < keys.length; index++) {
    batch._put(keys[index] as Buffer, values[index] as Buffer, NONE);
  }
  batch._writeSync(NONE);
  batch._closeSync();
}
