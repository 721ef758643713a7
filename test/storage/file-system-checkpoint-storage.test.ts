import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { KeyedStateBackend } from '../../lib/api/backend.ts';
import type { KeyedStateHandle } from '../../lib/api/checkpoint.ts';
import { ValueStateDescriptor } from '../../lib/api/descriptors.ts';
import { EmbeddedRocksDBStateBackend } from '../../lib/backend/embedded-rocksdb-state-backend.ts';
import { Types } from '../../lib/bytes/types.ts';
import { CheckpointError, RestoreError } from '../../lib/errors.ts';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';
import { type Bench, withBackend } from '../support/with-backend.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);
const rocksdb = () => new EmbeddedRocksDBStateBackend();

async function filled(bench: Bench): Promise<KeyedStateBackend<number>> {
  const keyed = await bench.open({ keyType: Types.LONG });
  const count = keyed.getState(COUNT);
  for (let key = 0; key < 5000; key++) {
    keyed.setCurrentKey(key);
    count.update(key);
  }
  return keyed;
}

async function withTwoCheckpoints(
  test: (bench: Bench, handles: readonly [KeyedStateHandle, KeyedStateHandle]) => Promise<void>,
): Promise<void> {
  await withBackend(rocksdb, async (bench) => {
    const keyed = await filled(bench);
    const first = await keyed.snapshot(1, bench.storage);
    const second = await keyed.snapshot(2, bench.storage);
    await keyed.close();
    await test(bench, [first, second]);
  });
}

function sstOf(handle: KeyedStateHandle): string {
  const name = handle.files.find((file) => file.name.endsWith('.sst'))?.name;
  return join(handle.location, name ?? 'no SST file');
}

describe('a file system checkpoint storage', () => {
  it('lists complete checkpoints in order, and opens the newest', () =>
    withTwoCheckpoints(async ({ storage }, [first, second]) => {
      await mkdir(join(storage.directory, 'chk-10'));
      await mkdir(join(storage.directory, 'chk-x'));
      expect(await storage.list()).toEqual([1, 2]);
      expect(await storage.latest()).toEqual(second);
      expect(await storage.open(1)).toEqual(first);
      await storage.discard(2);
      await storage.discard(2);
      expect(await storage.latest()).toEqual(first);
    }));

  it('is empty before the first checkpoint', () =>
    withBackend(rocksdb, async ({ storage }) => {
      expect(await storage.list()).toEqual([]);
      expect(await storage.latest()).toBeUndefined();
      await expect(storage.open(1)).rejects.toThrow(
        /no complete checkpoint 1 at .*chk-1: .*; there is no complete checkpoint before it/,
      );
    }));

  it('takes file: URLs as well as paths, and nothing else', () =>
    withTwoCheckpoints(async ({ storage }) => {
      const url = pathToFileURL(storage.directory);
      expect(await new FileSystemCheckpointStorage(url).list()).toEqual([1, 2]);
      expect(await new FileSystemCheckpointStorage(url.href).list()).toEqual([1, 2]);
      for (const bad of ['', 's3://bucket/dir', 5 as unknown as string]) {
        expect(() => new FileSystemCheckpointStorage(bad)).toThrow(
          expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_CHECKPOINT_DIRECTORY' }),
        );
      }
      expect(() => new FileSystemCheckpointStorage('s3://bucket/dir')).toThrow(/An S3CheckpointStorage keeps/);
      expect(() => new FileSystemCheckpointStorage(new URL('s3://bucket'))).toThrow(/An S3CheckpointStorage keeps/);
    }));

  it('records every file with its size and checksum, and nothing but them is there', () =>
    withTwoCheckpoints(async (_bench, [, second]) => {
      expect((await readdir(second.location)).sort()).toEqual(
        [...second.files.map((file) => file.name), '_metadata'].sort(),
      );
      for (const file of second.files) {
        expect((await readFile(join(second.location, file.name))).length).toBe(file.sizeBytes);
      }
      expect(second.sizeBytes).toBe(second.files.reduce((sum, file) => sum + file.sizeBytes, 0));
    }));

  it('refuses to write a checkpoint over a complete one, and replaces an unfinished one', () =>
    withBackend(rocksdb, async (bench) => {
      const keyed = await filled(bench);
      const location = join(bench.storage.directory, 'chk-1');
      await mkdir(location, { recursive: true });
      await writeFile(join(location, '000099.sst'), 'left by a crash');
      const handle = await keyed.snapshot(1, bench.storage);
      expect(await readdir(location)).not.toContain('000099.sst');
      await expect(keyed.snapshot(1, bench.storage)).rejects.toThrow(CheckpointError);
      await expect(keyed.snapshot(1, bench.storage)).rejects.toThrow(/Checkpoint 1 exists already/);
      expect(await bench.storage.open(1)).toEqual(handle);
    }));

  it('leaves nothing of a checkpoint that fails', () =>
    withBackend(rocksdb, async (bench) => {
      const keyed = await filled(bench);
      await mkdir(bench.directory, { recursive: true });
      const blocked = new FileSystemCheckpointStorage(join(bench.directory, 'a-file'));
      await writeFile(blocked.directory, 'no directory');
      await expect(keyed.snapshot(1, blocked)).rejects.toThrow(/Checkpoint 1 failed: /);
      expect(await bench.leftovers()).toHaveLength(1);
      const [base] = await bench.leftovers();
      expect(await readdir(join(bench.localDir, base ?? ''))).toEqual(['db']);
    }));
});

describe('a damaged checkpoint is refused, naming what is wrong and the one before it', () => {
  const cases: Readonly<Record<string, [(handle: KeyedStateHandle) => Promise<void>, RegExp]>> = {
    'a truncated SST': [
      (handle) => truncate(sstOf(handle), 100),
      /File \d+\.sst of checkpoint 2 is damaged: expected \d+ bytes .* found 100 bytes/,
    ],
    'a missing SST': [(handle) => rm(sstOf(handle)), /File \d+\.sst of checkpoint 2 can not be read/],
    'a flipped byte': [
      async (handle) => {
        const bytes = await readFile(sstOf(handle));
        bytes[200] = (bytes[200] ?? 0) ^ 1;
        await writeFile(sstOf(handle), bytes);
      },
      /is damaged: expected \d+ bytes with CRC-32 \d+, found \d+ bytes with \d+/,
    ],
    'missing metadata': [(handle) => rm(join(handle.location, '_metadata')), /no complete checkpoint 2/],
    'truncated metadata': [
      (handle) => truncate(join(handle.location, '_metadata'), 150),
      /metadata .* is truncated: its 150 characters/,
    ],
    'altered metadata': [
      async (handle) => {
        const path = join(handle.location, '_metadata');
        await writeFile(path, (await readFile(path, 'utf8')).replace('"maxParallelism":128', '"maxParallelism":127'));
      },
      /metadata .* is damaged: its checksum is [0-9a-f]{8}, expected [0-9a-f]{8}/,
    ],
    'metadata with something behind it': [
      (handle) => appendFile(join(handle.location, '_metadata'), 'x'),
      /metadata .* is truncated|damaged/,
    ],
  };

  it.each(Object.entries(cases))('%s', (_name, [damage, message]) =>
    withTwoCheckpoints(async (bench, [first, second]) => {
      await damage(second);
      const restore = async () => {
        const handle = await bench.storage.open(2);
        await bench.open({ keyType: Types.LONG, restore: { storage: bench.storage, handle } });
      };
      await expect(restore()).rejects.toThrow(RestoreError);
      await expect(restore()).rejects.toMatchObject({ fallbackCheckpointId: 1 });
      await expect(restore()).rejects.toThrow(message);
      await expect(restore()).rejects.toThrow(/newest complete checkpoint before it is 1, at .*chk-1/);
      expect(await bench.leftovers()).toEqual([]);

      const restored = await bench.open({ keyType: Types.LONG, restore: { storage: bench.storage, handle: first } });
      restored.setCurrentKey(4999);
      expect(restored.getState(COUNT).value()).toBe(4999);
    }),
  );
});
