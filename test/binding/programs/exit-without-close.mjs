// Ends without closing its database. Arguments: a directory, a scenario.
import { join } from 'node:path';
import { RocksDB } from '../../../dist/rocksdb.js';

const [directory, scenario] = process.argv.slice(2);
const path = join(directory, 'db');
const db = await RocksDB.open(path);
for (let i = 0; i < 1000; i++) {
  db.put(`key-${i}`, 'value'.repeat(100));
}

function startWork() {
  void db.flush();
  void db.compactRange();
  void db.scan()[Symbol.asyncIterator]().next();
  for (let i = 0; i < 100; i++) {
    void db.getAsync(`key-${i}`);
    void db.putAsync(`key-${i}`, 'another value');
  }
}

const scenarios = {
  idle() {},
  'idle-process-exit': () => process.exit(0),
  working: startWork,
  'working-process-exit'() {
    startWork();
    process.exit(0);
  },
  async 'compacting-process-exit'() {
    for (let round = 0; round < 5; round++) {
      db.put('key-1', String(round));
      await db.flush();
    }
    void db.compactRange();
    setImmediate(() => process.exit(0));
  },
  'open-scan-and-snapshot'() {
    globalThis.kept = [db.snapshot(), db.scan(), db.scan()[Symbol.iterator]().next()];
  },
  'closing-process-exit'() {
    void db.close();
    process.exit(0);
  },
  'opening-process-exit'() {
    void RocksDB.open(`${path}-2`);
    setImmediate(() => process.exit(0));
  },
  'uncaught-error'() {
    startWork();
    throw new Error('on purpose');
  },
};

console.log('exiting');
await scenarios[scenario]();
