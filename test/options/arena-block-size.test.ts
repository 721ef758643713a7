import { describe, expect, test } from 'vitest';
import { EmbeddedRocksDBStateBackend, Types, ValueStateDescriptor } from '../../lib/index.ts';
import { arenaBlockSizeWithin, splitMemory } from '../../lib/options/managed-memory.ts';
import { withDirectory } from '../support/with-db.ts';

const MEBIBYTE = 1024 * 1024;
const WRITE_BUFFER_BYTES = 64 * MEBIBYTE;

describe('the block size of memtables on a budget', () => {
  test.each([
    [1, 4096],
    [32, 8192],
    [128, 36 * 1024],
    [1024, 296 * 1024],
    [4096, MEBIBYTE],
    [65536, MEBIBYTE],
  ])('of %i MiB', (mebibytes, blockBytes) => {
    const { writeBufferBytes } = splitMemory(mebibytes * MEBIBYTE, 0.5);
    expect(arenaBlockSizeWithin(writeBufferBytes, WRITE_BUFFER_BYTES)).toBe(blockBytes);
  });

  test('is at most an eighth of the write buffer', () => {
    expect(arenaBlockSizeWithin(1024 * MEBIBYTE, 64 * 1024)).toBe(8192);
  });
});

test('two hundred states on 32 MB are not flushed before the budget is used up', () =>
  withDirectory(async ({ directory }) => {
    const descriptors = Array.from({ length: 200 }, (_, i) => new ValueStateDescriptor(`state-${i}`, Types.BYTES));
    const backend = new EmbeddedRocksDBStateBackend().configure({
      'state.backend.rocksdb.memory.fixed-per-slot': '32mb',
    });
    await using keyed = await backend.createKeyedStateBackend({
      keyType: Types.INT,
      localDir: directory,
      states: descriptors,
      slot: {},
    });
    const states = descriptors.map((descriptor) => keyed.getState(descriptor));
    for (let key = 0; key < 10; key++) {
      keyed.setCurrentKey(key);
      for (const state of states) {
        state.update(new Uint8Array(500));
      }
    }
    expect(await keyed.localSizeBytes()).toBe(0);
    expect(keyed.memoryUsage()?.writeBufferUsageBytes).toBeLessThan(5 * MEBIBYTE);
  }));
