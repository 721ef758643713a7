import { setTimeout } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { ManualCompaction } from '../../lib/backend/manual-compaction.ts';
import type { RocksDB } from '../../lib/rocksdb.ts';
import { numberedKey } from '../support/text.ts';
import { withDirectory } from '../support/with-db.ts';

const SETTINGS = {
  minIntervalMs: 20,
  maxParallelCompactions: 5,
  maxFileSizeToCompactBytes: 1_000_000,
  minFilesToCompact: 2,
  maxFilesToCompact: 100,
  maxOutputFileSizeBytes: 64_000_000,
  maxAutoCompactions: 30,
};

// Small files below level 0, none of which RocksDB compacts by itself.
async function fillWithSmallFiles(db: RocksDB, files: number): Promise<void> {
  for (let file = 0; file < files; file++) {
    for (let i = 0; i < 100; i++) {
      db.put(numberedKey(file * 100 + i), Buffer.alloc(100, file));
    }
    await db.flush();
    await db.compactRange({ lower: numberedKey(file * 100), upper: numberedKey(file * 100 + 99) });
  }
}

async function withSmallFiles(run: (db: RocksDB) => Promise<void>): Promise<void> {
  await withDirectory(async ({ open }) => {
    const db = await open({ defaults: { options: { disable_auto_compactions: true } } });
    await fillWithSmallFiles(db, 8);
    expect((await db.liveFiles()).filter(({ level }) => level > 0).length).toBe(8);
    await run(db);
  });
}

describe('manual compaction', () => {
  test('merges small files, scan after scan, and loses nothing (T252)', () =>
    withSmallFiles(async (db) => {
      const compaction = ManualCompaction.start(db, SETTINGS);
      await vi.waitUntil(async () => (await db.liveFiles()).length === 1, { timeout: 10_000 });
      // Another round has something to do again.
      await fillWithSmallFiles(db, 4);
      await vi.waitUntil(async () => (await db.liveFiles()).length <= 2, { timeout: 10_000 });
      await compaction?.stop();
      expect([...db.scan()]).toHaveLength(800);
    }));

  test('scans no more when it is stopped (T253)', () =>
    withSmallFiles(async (db) => {
      const compaction = ManualCompaction.start(db, { ...SETTINGS, minIntervalMs: 200 });
      await compaction?.stop();
      await setTimeout(400);
      expect(await db.liveFiles()).toHaveLength(8);
    }));

  test('is off without an interval', () =>
    withSmallFiles(async (db) => {
      expect(ManualCompaction.start(db, { ...SETTINGS, minIntervalMs: 0 })).toBeUndefined();
    }));

  test('leaves files alone while RocksDB compacts enough itself', () =>
    withSmallFiles(async (db) => {
      const compaction = ManualCompaction.start(db, { ...SETTINGS, maxAutoCompactions: 0 });
      await setTimeout(200);
      await compaction?.stop();
      expect(await db.liveFiles()).toHaveLength(8);
    }));
});
