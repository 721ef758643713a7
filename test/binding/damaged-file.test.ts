import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { codeOf, rocksDBErrorOf } from '../support/rocksdb-error.ts';
import { keysOf, numberedKey, text } from '../support/text.ts';
import { withDb } from '../support/with-db.ts';

const UNCACHED = { defaults: { tableOptions: { no_block_cache: true } } };

// Flips bytes near the beginning of a table file, where its first data block is.
async function damage(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const bytes = new Uint8Array(16);
    await file.read(bytes, 0, bytes.length, 100);
    await file.write(
      bytes.map((byte) => byte ^ 0xff),
      0,
      bytes.length,
      100,
    );
  } finally {
    await file.close();
  }
}

async function withDamage(test: (db: RocksDB) => Promise<void>): Promise<void> {
  await withDb(async (db) => {
    for (let i = 0; i < 1000; i++) {
      db.put(numberedKey(i), `value of ${i}`);
    }
    await db.flush();
    const [file] = await db.liveFiles();
    await damage(join(db.path, file?.name ?? ''));
    await test(db);
  }, UNCACHED);
}

const CORRUPTION = 'ERR_ROCKSDB_CORRUPTION';

test('reading a damaged block fails as corruption and names the file, with every kind of read', () =>
  withDamage(async (db) => {
    const key = numberedKey(0);
    const error = await rocksDBErrorOf(() => db.get(key));
    expect(error.code).toBe(CORRUPTION);
    expect(error.message).toContain('.sst');
    expect(await codeOf(() => db.getAsync(key))).toBe(CORRUPTION);
    expect(await codeOf(() => db.multiGet([numberedKey(999), key]))).toBe(CORRUPTION);
    expect(await codeOf(() => db.multiGetAsync([key]))).toBe(CORRUPTION);
    expect(await codeOf(() => keysOf(db))).toBe(CORRUPTION);
    expect(
      await codeOf(async () => {
        for await (const _entry of db.scan()) {
          // Until the damage.
        }
      }),
    ).toBe(CORRUPTION);
  }));

test('a damaged block does not keep others from being read', () =>
  withDamage(async (db) => {
    expect(text(db.get(numberedKey(999)))).toBe('value of 999');
    db.put('new', 'written');
    expect(text(db.get('new'))).toBe('written');
    expect(keysOf(db, { lower: numberedKey(900) }).length).toBe(101);
  }));

test('compacting a damaged file fails as corruption', () =>
  withDamage(async (db) => {
    expect(await codeOf(() => db.compactRange())).toBe(CORRUPTION);
  }));
