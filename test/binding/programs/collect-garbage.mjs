// Collects garbage at the worst moments. Run with --expose-gc. Arguments: a directory, a scenario.
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { RocksDB } from '../../../dist/rocksdb.js';

const [directory, scenario] = process.argv.slice(2);
const path = join(directory, 'db');

// Finalizers run when the event loop turns.
async function collect() {
  globalThis.gc();
  await setImmediate();
  globalThis.gc();
  await setImmediate();
}

function fill(db, count = 200) {
  for (let i = 0; i < count; i++) {
    db.put(`key-${i}`, 'value'.repeat(100));
  }
}

// Opens the database once nothing holds it any more; another failure than its lock is one.
async function reopen() {
  for (;;) {
    await collect();
    try {
      return await RocksDB.open(path);
    } catch (error) {
      if (!error.message.includes('lock hold by current process')) {
        throw error;
      }
      await setTimeout(5);
    }
  }
}

const scenarios = {
  async 'close-meanwhile'() {
    for (let round = 0; round < 30; round++) {
      const db = await RocksDB.open(path);
      fill(db);
      const scan = db.scan()[Symbol.asyncIterator]();
      const work = [
        db.flush(),
        db.compactRange(),
        scan.next(),
        db.getAsync('key-1'),
        db.createCheckpoint(`${path}-${round}`),
      ];
      const closed = db.close();
      globalThis.gc();
      await setImmediate();
      globalThis.gc();
      await Promise.allSettled([closed, ...work]);
    }
  },

  async 'dropped-databases'() {
    for (let round = 0; round < 15; round++) {
      let db = await reopen();
      fill(db);
      db.snapshot();
      db.scan();
      db = undefined;
    }
    await (await reopen()).close();
  },

  async 'dropped-while-working'() {
    for (let round = 0; round < 15; round++) {
      let db = await reopen();
      fill(db);
      const work = [
        db.flush(),
        db.compactRange(),
        db.putAsync('last', String(round)),
        db.createColumnFamily(`f${round}`),
      ];
      db = undefined;
      await collect();
      await Promise.all(work);
    }
    const db = await reopen();
    if (new TextDecoder().decode(db.get('last')) !== '14') {
      throw new Error('A write was lost.');
    }
    await db.close();
  },

  async 'scan-outlives-database'() {
    let db = await RocksDB.open(path);
    fill(db);
    let scan = db.scan();
    db = undefined;
    await collect();
    let entries = 0;
    for (const _entry of scan) {
      entries++;
      if (entries % 50 === 0) {
        await collect();
      }
    }
    if (entries !== 200) {
      throw new Error(`${entries} entries were found.`);
    }
    scan = undefined;
    await (await reopen()).close();
  },

  async 'dropped-snapshots'() {
    const db = await RocksDB.open(path);
    fill(db);
    for (let i = 0; i < 1000; i++) {
      db.snapshot();
      db.scan()[Symbol.iterator]().next();
    }
    while ((await db.property('rocksdb.num-snapshots')) !== '0') {
      await collect();
    }
    await db.close();
  },
};

await scenarios[scenario]();
console.log('done');
