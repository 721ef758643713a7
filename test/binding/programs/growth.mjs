// Repeats a scenario and compares the process's memory early and late. Run with --expose-gc. Arguments: a directory, a
// scenario. A leak of a few hundred bytes per round shows: there are many rounds.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { RocksDB, SharedMemory, WriteBatch } from '../../../dist/rocksdb.js';

const [directory, scenario] = process.argv.slice(2);
const MEBIBYTE = 1024 * 1024;
const memory = new SharedMemory({ cacheBytes: 8 * MEBIBYTE, writeBufferBytes: 4 * MEBIBYTE });
const open = (name = 'db') => RocksDB.open(join(directory, name), { memory, disableWal: true, statistics: 'timers' });

async function collect() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await setImmediate();
  }
}

async function measure() {
  await collect();
  const { rss, external } = process.memoryUsage();
  return { rss, external };
}

function requireBounded(early, late, rssBytes, externalBytes) {
  const grown = { rss: late.rss - early.rss, external: late.external - early.external };
  if (grown.rss > rssBytes || grown.external > externalBytes) {
    throw new Error(`Memory grew by ${grown.rss} bytes, external memory by ${grown.external} bytes.`);
  }
}

// Runs the rounds; those of the first third warm up caches, pools and the allocator. What the allocator keeps for reuse
// varies with the size of the values, hence the limit.
async function repeat(rounds, round, rssBytes = 32 * MEBIBYTE) {
  let early;
  for (let i = 0; i < rounds; i++) {
    if (i === Math.ceil(rounds / 3)) {
      early = await measure();
    }
    await round(i);
  }
  requireBounded(early, await measure(), rssBytes, 2 * MEBIBYTE);
}

function fill(db, count = 100) {
  for (let i = 0; i < count; i++) {
    db.put(`key-${i}`, 'value'.repeat(20));
  }
}

async function pointCalls(db, columnFamily) {
  const batch = new WriteBatch().put(columnFamily, 'a', '1').merge(columnFamily, 'b', '2').delete(columnFamily, 'c');
  db.write(batch.deleteRange(columnFamily, 'd', 'e'));
  await db.writeAsync(batch);
  db.put('a', '1', { columnFamily });
  db.merge('a', '2', { columnFamily });
  db.get('a', { columnFamily });
  db.get('none', { columnFamily });
  db.multiGet(['a', 'none'], { columnFamily });
  db.delete('a', { columnFamily });
  db.deleteRange('x', 'y', { columnFamily });
  await db.putAsync('a', '1', { columnFamily });
  await db.mergeAsync('a', '2', { columnFamily });
  await db.getAsync('a', { columnFamily });
  await db.multiGetAsync(['a', 'none'], { columnFamily });
  await db.deleteAsync('a', { columnFamily });
}

async function reads(db, columnFamily) {
  const snapshot = db.snapshot();
  db.get('key-1', { snapshot });
  Array.from(db.scan({ columnFamily, snapshot, prefix: 'key' }));
  for await (const _entry of db.scan({ columnFamily, backward: true, keysOnly: true })) {
    // Every entry.
  }
  snapshot.release();
}

async function upkeep(db, columnFamily) {
  await db.flush();
  await db.compactRange({ columnFamily, lower: 'a', upper: 'z' });
  await db.deleteFilesInRange({ columnFamily, lower: 'x', upper: 'z' });
  await db.property('rocksdb.stats', { columnFamily });
  await db.mapProperty('rocksdb.cfstats', { columnFamily });
  await db.metrics({
    properties: ['rocksdb.estimate-num-keys', 'rocksdb.num-files-at-level0', 'rocksdb.none'],
    tickers: ['rocksdb.bytes.read'],
    histograms: ['rocksdb.db.get.micros'],
  });
  await db.liveFiles();
  await db.resume();
  memory.usage();
}

async function moveFiles(db, columnFamily, round) {
  const exported = await db.exportColumnFamily(columnFamily, join(directory, `export-${round}`));
  const imported = await db.importColumnFamily(`imported-${round}`, [exported]);
  await db.createCheckpoint(join(directory, `checkpoint-${round}`));
  const directoryOfCopy = join(directory, `copy-${round}`);
  await db.copyRange({ from: db, fromColumnFamily: columnFamily, columnFamily: imported, directory: directoryOfCopy });
  await db.ingestFiles([join(directory, 'missing')]).catch(() => undefined);
  await db.dropColumnFamily(imported);
  await rm(join(directory, `export-${round}`), { recursive: true });
  await rm(join(directory, `checkpoint-${round}`), { recursive: true });
}

const scenarios = {
  async 'entry-points'() {
    const db = await open();
    await repeat(90, async (round) => {
      const columnFamily =
        round % 2 === 0 ? await db.createColumnFamily(`f-${round}`) : db.createColumnFamilySync(`f-${round}`);
      for (let i = 0; i < 100; i++) {
        db.put(`key-${i}`, 'value', { columnFamily });
      }
      await pointCalls(db, columnFamily);
      await reads(db, columnFamily);
      await upkeep(db, columnFamily);
      await moveFiles(db, columnFamily, round);
      await db.dropColumnFamily(columnFamily);
      await RocksDB.listColumnFamilies(db.path);
    });
    await db.close();
  },

  async databases() {
    await repeat(150, async (round) => {
      const db = await open(`db-${round % 3}`);
      fill(db);
      db.snapshot();
      db.scan()[Symbol.iterator]().next();
      const work = [db.flush(), db.getAsync('key-1')];
      await db.close();
      await Promise.allSettled(work);
    });
  },

  async garbage() {
    const db = await open();
    fill(db);
    await repeat(300, async () => {
      for (let i = 0; i < 20; i++) {
        db.snapshot();
        db.scan()[Symbol.iterator]().next();
        db.scan()[Symbol.asyncIterator]().next();
      }
      await setImmediate();
    });
    await db.close();
  },

  async failures() {
    const db = await open();
    fill(db);
    const columnFamily = { name: 'made up', number: 77 };
    const snapshot = db.snapshot();
    snapshot.release();
    await repeat(300, async () => {
      const calls = [
        () => db.get('a', { columnFamily }),
        () => db.put('a', '1', { columnFamily }),
        () => db.get('a', { snapshot }),
        () => db.scan({ snapshot }),
        () => db.write(new WriteBatch().put(columnFamily, 'a', '1')),
        () => db.writeAsync(new WriteBatch().put(columnFamily, 'a', '1')),
        () => db.property('rocksdb.none'),
        () => db.mapProperty('rocksdb.none'),
        () => db.metrics({ tickers: ['rocksdb.none'] }),
        () => db.metrics({ columnFamilies: [columnFamily], properties: ['rocksdb.stats'] }),
        () => db.createColumnFamily('default'),
        () => db.createColumnFamilySync('default'),
        () => db.dropColumnFamily(db.columnFamily('default')),
        () => db.createCheckpoint(db.path),
        () => RocksDB.open(db.path),
        () => RocksDB.open(join(directory, 'other'), { options: { no_such_option: 1 } }),
      ];
      for (const call of calls) {
        await Promise.resolve()
          .then(call)
          .then(
            () => Promise.reject(new Error(`${call} succeeded.`)),
            (error) => (error.name === 'RocksDBError' ? undefined : Promise.reject(error)),
          );
      }
    });
    await db.close();
  },

  async 'large-values'() {
    const db = await open();
    const value = new Uint8Array(6 * MEBIBYTE);
    const rounds = 60;
    const round = async () => {
      db.put('large', value);
      db.get('large');
      db.multiGet(['large', 'large']);
      await db.getAsync('large');
      Array.from(db.scan());
      await db.flush();
      db.get('large');
    };
    // A third of what leaking one value per round would take.
    await repeat(rounds, round, ((2 / 3) * rounds * value.length) / 3);
    await db.close();
  },

  async gets() {
    const db = await open();
    fill(db);
    for (let i = 0; i < 100_000; i++) {
      db.get('key-1');
    }
    const early = await measure();
    for (let i = 0; i < 1_000_000; i++) {
      db.get('key-1');
    }
    // Before the event loop turns: nothing may wait for that.
    globalThis.gc();
    const { rss, external } = process.memoryUsage();
    requireBounded(early, { rss, external }, 64 * MEBIBYTE, MEBIBYTE);
    await db.close();
  },
};

await scenarios[scenario]();
console.log('bounded');
