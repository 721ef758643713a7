// One worker thread of use-workers.mjs: opens the database at `path`, and plays its role with it.
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { RocksDB, SharedMemory } from '../../../dist/rocksdb.js';

const { path, role } = workerData;
const memory = new SharedMemory({ cacheBytes: 8 * 1024 * 1024, writeBufferBytes: 4 * 1024 * 1024 });
const open = () => RocksDB.open(path, { memory });

function fill(db) {
  for (let i = 0; i < 1000; i++) {
    db.put(`key-${i}`, 'value'.repeat(20));
  }
}

function startWork(db) {
  const work = [db.flush(), db.compactRange(), db.liveFiles(), db.scan()[Symbol.asyncIterator]().next()];
  for (let i = 0; i < 50; i++) {
    work.push(db.getAsync(`key-${i}`), db.putAsync(`key-${i}`, 'another value'), db.multiGetAsync(['key-1', 'key-2']));
  }
  return Promise.all(work);
}

async function workForEver(db) {
  for (;;) {
    await startWork(db);
  }
}

const roles = {
  async 'write-and-check'() {
    const db = await open();
    fill(db);
    await startWork(db);
    const found = [...db.scan()].length;
    await db.close();
    parentPort.postMessage(found);
  },
  async 'leave-open'() {
    const db = await open();
    fill(db);
    db.snapshot();
    parentPort.postMessage('ready');
  },
  async work() {
    const db = await open();
    fill(db);
    parentPort.postMessage('ready');
    await workForEver(db);
  },
  async 'work-and-exit'() {
    const db = await open();
    fill(db);
    parentPort.postMessage('ready');
    void workForEver(db);
    await setImmediate();
    process.exit(0);
  },
  async 'open-and-close'() {
    parentPort.postMessage('ready');
    for (;;) {
      const db = await open();
      fill(db);
      await db.close();
    }
  },
  async scan() {
    const db = await open();
    fill(db);
    const kept = [];
    parentPort.postMessage('ready');
    for (;;) {
      const snapshot = db.snapshot();
      const scan = db.scan({ snapshot });
      for await (const entry of scan) {
        kept.push(entry, snapshot, scan);
      }
      kept.push(db.scan()[Symbol.iterator]().next());
    }
  },
  async open() {
    try {
      await open();
      parentPort.postMessage('opened');
    } catch (error) {
      parentPort.postMessage(error.code);
    }
  },
};

await roles[role]();
