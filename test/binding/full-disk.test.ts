import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import { RocksDB, RocksDBError } from '../../lib/rocksdb.ts';
import { rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { fillDisk, mountSmallDisk } from '../support/small-disk.ts';
import { keysOf, numberedKey } from '../support/text.ts';

const NO_SPACE = { name: 'RocksDBError', code: 'ERR_ROCKSDB_IO_ERROR', subcode: 'NO_SPACE' };

async function withFullDisk(
  context: TestContext,
  test: (db: RocksDB, makeRoom: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const disk = mountSmallDisk(16);
  if (disk === undefined) {
    context.skip('A file system can be mounted only on Linux, as root.');
    return;
  }
  try {
    // RocksDB goes on once there is space for a write buffer.
    const defaults = { options: { write_buffer_size: 6 * 1024 * 1024 } };
    const db = await RocksDB.open(join(disk.directory, 'db'), { disableWal: true, defaults });
    try {
      for (let i = 0; i < 1000; i++) {
        db.put(numberedKey(i), Buffer.alloc(4000, i));
      }
      const ballast = join(disk.directory, 'ballast');
      await fillDisk(ballast);
      await test(db, () => rm(ballast));
    } finally {
      await db.close().catch(() => undefined);
    }
  } finally {
    disk.unmount();
  }
}

// RocksDB notices new space by itself after some seconds; until then resume() answers that it is busy.
async function resume(db: RocksDB): Promise<void> {
  for (;;) {
    try {
      await db.resume();
      return;
    } catch (error) {
      if (!(error instanceof RocksDBError && error.code === 'ERR_ROCKSDB_BUSY')) {
        throw error;
      }
      await setTimeout(50);
    }
  }
}

test('a full disk fails the flush and later writes, and loses nothing: reads go on, and writes after resume()', (context) =>
  withFullDisk(context, async (db, makeRoom) => {
    expect(await rocksDBErrorOf(() => db.flush())).toMatchObject(NO_SPACE);
    expect((await rocksDBErrorOf(() => db.put('more', 'value'))).severity).not.toBe('NO_ERROR');
    expect(keysOf(db)).toHaveLength(1000);
    await makeRoom();
    await resume(db);
    db.put('more', 'value');
    await db.flush();
    expect(keysOf(db)).toHaveLength(1001);
  }));

test('closing a database that cannot flush reports it, and releases the database all the same', (context) =>
  withFullDisk(context, async (db, makeRoom) => {
    await expect(db.close()).rejects.toMatchObject(NO_SPACE);
    await makeRoom();
    await (await RocksDB.open(db.path)).close();
  }));
