import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  Configuration,
  FileSystemCheckpointStorage,
  FsStateBackend,
  JobManagerCheckpointStorage,
  loadCheckpointStorage,
  MemoryStateBackend,
  RocksDBStateBackend,
  Types,
  ValueStateDescriptor,
} from '../../lib/index.ts';
import { warningsDuring } from '../support/warnings.ts';
import { withDirectory } from '../support/with-db.ts';

const COUNT = new ValueStateDescriptor('count', Types.LONG);

describe('a backend of Flink 1.x', () => {
  test.each([
    ['MemoryStateBackend', () => new MemoryStateBackend(1024), JobManagerCheckpointStorage],
    ['FsStateBackend', (directory: string) => new FsStateBackend(directory), FileSystemCheckpointStorage],
    [
      'RocksDBStateBackend',
      (directory: string) => new RocksDBStateBackend(directory, true),
      FileSystemCheckpointStorage,
    ],
  ])('%s says that it is deprecated, and brings its storage', (name, create, storageClass) =>
    withDirectory(async ({ directory }) => {
      let backend: ReturnType<typeof create> | undefined;
      const warnings = await warningsDuring(() => {
        backend = create(join(directory, 'checkpoints'));
      });
      expect(warnings).toEqual([expect.stringContaining(`${name} is deprecated`)]);
      const storage = await loadCheckpointStorage(new Configuration(), { backend: backend as MemoryStateBackend });
      expect(storage).toBeInstanceOf(storageClass);
    }),
  );

  test('RocksDBStateBackend keeps state, its storage and its flag, configured or not', () =>
    withDirectory(async ({ directory }) => {
      const backend = new RocksDBStateBackend(join(directory, 'checkpoints'), true).configure({
        'state.backend.incremental': false,
        'state.backend.rocksdb.localdir': join(directory, 'local'),
      });
      expect(backend.embedded.isIncrementalCheckpointsEnabled()).toBe(true);
      await using keyed = await backend.createKeyedStateBackend({ keyType: Types.STRING });
      keyed.setCurrentKey('a');
      keyed.getState(COUNT).update(1);
      const handle = await keyed.snapshot(1, backend.checkpointStorage);
      expect(handle.location).toBe(join(directory, 'checkpoints', 'chk-1'));
    }));
});
