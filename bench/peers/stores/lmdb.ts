// LMDB: a tree of pages in a file that is mapped into memory.

import type { Rows } from '../contents.ts';
import { importPeer } from '../packages.ts';
import type { Calls, StoreKind } from '../store.ts';

interface Database {
  close(): Promise<void>;
  put(key: Buffer, value: Buffer): Promise<boolean>;
  putSync(key: Buffer, value: Buffer): void;
  getBinary(key: Buffer): Buffer | undefined;
  getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]>;
  batch(work: () => void): Promise<boolean>;
  transactionSync(work: () => void): void;
  getRange(): Iterable<{ readonly key: Buffer; readonly value: Buffer }>;
}

interface Package {
  open(options: object): Database;
}

/** Of addresses, not of memory. */
const MAP_BYTES = 64 * 2 ** 30;
const OPTIONS = {
  encoding: 'binary',
  keyEncoding: 'binary',
  compression: false,
  noSync: true,
  overlappingSync: false,
  mapSize: MAP_BYTES,
};

export const LMDB: StoreKind = {
  forms: {
    put: 'putSync',
    putAsync: 'put',
    get: 'getBinary',
    write: 'transactionSync, put',
    writeAsync: 'batch, put',
    getMany: 'getBinary of each',
    getManyAsync: 'getMany',
    scan: 'for … of getRange()',
  },
  differs:
    'no log, no write buffer and no cache of its own: the page cache of the system holds its file; not synced; ' +
    'a put is a transaction; reads and scans are synchronous',
  async open(directory) {
    const { open } = await importPeer<Package>('lmdb');
    const db = open({ ...OPTIONS, path: `${directory}/data.mdb` });
    return { calls: callsOf(db), close: () => db.close() };
  },
};

function callsOf(db: Database): Calls {
  const putAll = ({ keys, values }: Rows) => {
    for (let index = 0; index < keys.length; index++) {
      db.put(keys[index] as Buffer, values[index] as Buffer);
    }
  };
  return {
    put: (key, value) => db.putSync(key, value),
    putAsync: (key, value) => db.put(key, value),
    get: (key) => db.getBinary(key),
    write: (rows) => db.transactionSync(() => putAll(rows)),
    writeAsync: (rows) => db.batch(() => putAll(rows)),
    getMany: (keys) => keys.map((key) => db.getBinary(key)),
    getManyAsync: (keys) => db.getMany(keys),
    scan(see) {
      for (const { key, value } of db.getRange()) {
        see(key, value);
      }
    },
  };
}
