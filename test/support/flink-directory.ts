// A RocksDB directory with the shared states, such as Flink wrote, as a checkpoint that our backend restores.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { RestoreSource } from '../../lib/api/checkpoint.ts';
import { Types } from '../../lib/bytes/types.ts';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';
import type { SharedKeyType } from './shared-contents.ts';
import { storedStates } from './shared-states.ts';

/** With the meta data that our backend keeps beside the files. */
export async function asCheckpoint(
  directory: string,
  keyType: SharedKeyType,
  maxParallelism: number,
): Promise<RestoreSource> {
  const files = await Promise.all(
    (await readdir(directory)).sort().map(async (name) => {
      const contents = await readFile(join(directory, name));
      return { name, path: name, shared: false, sizeBytes: contents.length, crc32: crc32(contents) };
    }),
  );
  return {
    storage: new FileSystemCheckpointStorage(directory),
    handle: {
      checkpointId: 1,
      backendId: 'flink',
      backend: 'rocksdb',
      location: directory,
      maxParallelism,
      keyGroupRange: { start: 0, end: maxParallelism - 1 },
      keySerializer: Types[keyType].serializer.id,
      states: storedStates(),
      files,
      sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
      checkpointedSizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
      attachment: null,
    },
  };
}
