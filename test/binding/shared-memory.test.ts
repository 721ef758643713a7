import { describe, expect, test, vi } from 'vitest';
import { type RocksDB, SharedMemory } from '../../lib/rocksdb.ts';
import { numberedKey } from '../support/text.ts';
import { withDirectory } from '../support/with-db.ts';

const MEBIBYTE = 1024 * 1024;

function fill(db: RocksDB, bytes: number): void {
  for (let i = 0; i < bytes / 1024; i++) {
    db.put(numberedKey(i), Buffer.alloc(1000, i));
  }
}

function readAll(db: RocksDB): void {
  for (const { key } of db.scan({ keysOnly: true })) {
    db.get(key);
  }
}

describe('memory shared by several databases', () => {
  test('holds the memtables of all of them', () =>
    withDirectory(async ({ open }) => {
      const memory = new SharedMemory({ cacheBytes: 16 * MEBIBYTE, writeBufferBytes: 8 * MEBIBYTE });
      expect(memory.usage()).toMatchObject({
        cacheCapacityBytes: 16 * MEBIBYTE,
        writeBufferCapacityBytes: 8 * MEBIBYTE,
        cacheUsageBytes: expect.any(Number),
      });
      const first = await open({ memory }, 'first');
      const second = await open({ memory }, 'second');
      const idle = memory.usage().writeBufferUsageBytes;
      fill(first, MEBIBYTE);
      const withFirst = memory.usage().writeBufferUsageBytes;
      expect(withFirst).toBeGreaterThan(idle + MEBIBYTE / 2);
      fill(second, MEBIBYTE);
      expect(memory.usage().writeBufferUsageBytes).toBeGreaterThan(withFirst + MEBIBYTE / 2);
      expect(memory.usage().writeBufferMutableBytes).toBeGreaterThan(MEBIBYTE);
      expect(memory.usage().cacheUsageBytes).toBeGreaterThan(MEBIBYTE);
      await Promise.all([first.flush(), second.flush()]);
      expect(memory.usage().writeBufferMutableBytes).toBeLessThan(MEBIBYTE);
    }));

  test('holds the blocks of all of them, and keeps to its capacity', () =>
    withDirectory(async ({ open }) => {
      const memory = new SharedMemory({ cacheBytes: 4 * MEBIBYTE, writeBufferBytes: 2 * MEBIBYTE });
      const dbs = await Promise.all(['first', 'second', 'third'].map((name) => open({ memory }, name)));
      for (const db of dbs) {
        fill(db, 4 * MEBIBYTE);
        await db.flush();
      }
      const flushed = memory.usage().cacheUsageBytes;
      for (const db of dbs) {
        readAll(db);
        expect(memory.usage().cacheUsageBytes).toBeLessThanOrEqual(4 * MEBIBYTE);
      }
      expect(memory.usage().cacheUsageBytes).toBeGreaterThan(flushed);
      expect(memory.usage().cacheUsageBytes).toBeGreaterThan(2 * MEBIBYTE);
      expect(memory.usage().cachePinnedBytes).toBeLessThanOrEqual(4 * MEBIBYTE);
    }));

  test('flushes before the write buffers outgrow their share, without anyone asking', () =>
    withDirectory(async ({ open }) => {
      const memory = new SharedMemory({ cacheBytes: 16 * MEBIBYTE, writeBufferBytes: 2 * MEBIBYTE });
      // Arena blocks are an eighth of the write buffer's size unless set, which is most of this budget.
      const defaults = { options: { arena_block_size: 64 * 1024 } };
      const dbs = await Promise.all(['first', 'second'].map((name) => open({ memory, defaults }, name)));
      for (const db of dbs) {
        fill(db, 6 * MEBIBYTE);
      }
      for (const db of dbs) {
        expect((await db.liveFiles()).length).toBeGreaterThan(0);
      }
    }));

  test('is given back when the databases close', () =>
    withDirectory(async ({ open }) => {
      const memory = new SharedMemory({ cacheBytes: 16 * MEBIBYTE, writeBufferBytes: 8 * MEBIBYTE });
      const db = await open({ memory });
      fill(db, MEBIBYTE);
      await db.close();
      expect(memory.usage().writeBufferUsageBytes).toBe(0);
    }));

  test('serves the families that are created later', () =>
    withDirectory(async ({ open }) => {
      const memory = new SharedMemory({ cacheBytes: 16 * MEBIBYTE, writeBufferBytes: 8 * MEBIBYTE });
      const db = await open({ memory });
      const columnFamily = await db.createColumnFamily('late');
      for (let i = 0; i < 1000; i++) {
        db.put(numberedKey(i), Buffer.alloc(1000, i), { columnFamily });
      }
      await db.flush();
      // The memtable, which is charged to the cache as well, goes when the flush has ended.
      await vi.waitUntil(() => memory.usage().writeBufferUsageBytes < MEBIBYTE / 2);
      const before = memory.usage().cacheUsageBytes;
      expect([...db.scan({ columnFamily })]).toHaveLength(1000);
      expect(memory.usage().cacheUsageBytes).toBeGreaterThan(before + MEBIBYTE / 2);
    }));

  test('can be closed: databases that use it go on, others are refused', () =>
    withDirectory(async ({ open }) => {
      const memory = new SharedMemory({ cacheBytes: MEBIBYTE, writeBufferBytes: MEBIBYTE });
      const db = await open({ memory }, 'first');
      memory.close();
      memory.close();
      fill(db, MEBIBYTE);
      await db.flush();
      readAll(db);
      const closed = expect.objectContaining({ name: 'RocksDBError', code: 'ERR_ROCKSDB_CLOSED' });
      expect(() => memory.usage()).toThrow(closed);
      await expect(open({ memory }, 'second')).rejects.toEqual(closed);
    }));

  test('outlives the object that made it', () =>
    withDirectory(async ({ open }) => {
      const db = await open({ memory: new SharedMemory({ cacheBytes: MEBIBYTE, writeBufferBytes: MEBIBYTE }) });
      fill(db, 2 * MEBIBYTE);
      readAll(db);
      await db.flush();
      expect((await db.liveFiles()).length).toBeGreaterThan(0);
    }));
});

describe('strict capacity', () => {
  test('fails reads instead of exceeding the capacity', () =>
    withDirectory(async ({ open }) => {
      const memory = new SharedMemory({ cacheBytes: 64 * 1024, writeBufferBytes: MEBIBYTE, strictCapacity: true });
      const db = await open({ memory });
      db.put('a', Buffer.alloc(MEBIBYTE));
      await db.flush();
      await expect(db.getAsync('a')).rejects.toMatchObject({ name: 'RocksDBError', subcode: 'MEMORY_LIMIT' });
      expect(() => db.get('a')).toThrow(expect.objectContaining({ name: 'RocksDBError', subcode: 'MEMORY_LIMIT' }));
    }));
});

test.each([
  { cacheBytes: -1, writeBufferBytes: 1 },
  { cacheBytes: 1.5, writeBufferBytes: 1 },
  { cacheBytes: 1, writeBufferBytes: Number.NaN },
  { cacheBytes: 1, writeBufferBytes: 1, highPriorityRatio: 2 },
  { cacheBytes: 1, writeBufferBytes: 1, highPriorityRatio: Number.NaN },
])('limits that are no sizes are refused: %j', (limits) => {
  expect(() => new SharedMemory(limits)).toThrow(
    expect.objectContaining({ name: 'RangeError', code: 'ERR_INVALID_MEMORY_LIMIT' }),
  );
});

describe('memory with a name', () => {
  const name = () => `test-${process.pid}-${performance.now()}`;

  test('is the same memory wherever the name is used, with the limits of the first', () =>
    withDirectory(async ({ open }) => {
      const limits = { name: name(), writeBufferBytes: MEBIBYTE };
      const first = new SharedMemory({ ...limits, cacheBytes: 4 * MEBIBYTE });
      const second = new SharedMemory({ ...limits, cacheBytes: 8 * MEBIBYTE });
      const other = new SharedMemory({ ...limits, name: name(), cacheBytes: 8 * MEBIBYTE });
      expect(second.usage().cacheCapacityBytes).toBe(4 * MEBIBYTE);
      expect(other.usage().cacheCapacityBytes).toBe(8 * MEBIBYTE);
      fill(await open({ memory: first }, 'first'), 512 * 1024);
      expect(second.usage()).toEqual(first.usage());
      expect(second.usage().writeBufferUsageBytes).toBeGreaterThan(other.usage().writeBufferUsageBytes);
    }));

  test('is new when nobody uses it any more', () => {
    const limits = { name: name(), writeBufferBytes: MEBIBYTE };
    new SharedMemory({ ...limits, cacheBytes: 4 * MEBIBYTE }).close();
    const again = new SharedMemory({ ...limits, cacheBytes: 8 * MEBIBYTE });
    expect(again.usage().cacheCapacityBytes).toBe(8 * MEBIBYTE);
    again.close();
  });
});
