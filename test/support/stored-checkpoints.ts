// Checkpoints of plain files, for tests of storages: no backend is needed to store and to take away.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointWriter, KeyedStateHandle, StoredFile } from '../../lib/api/checkpoint.ts';
import type { CheckpointRetention } from '../../lib/storage/checkpoint-retention.ts';
import { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';
import { withDirectory } from './with-db.ts';

export interface StoreBench {
  readonly directory: string;
  readonly storage: FileSystemCheckpointStorage;
  /** Another one on the same directory, as after the end of the process. */
  reopen(): FileSystemCheckpointStorage;
  /** Stores a file, whose contents are its name. */
  upload(checkpoint: CheckpointWriter, name: string, shared?: boolean): Promise<StoredFile>;
  /** A complete checkpoint of files that are taken over, and new shared ones. */
  store(id: number, reused: readonly StoredFile[], added: readonly string[]): Promise<StoredFile[]>;
}

export function handleOf(checkpointId: number, files: readonly StoredFile[]): KeyedStateHandle {
  return {
    checkpointId,
    backendId: 'backend',
    backend: 'rocksdb',
    location: '',
    maxParallelism: 1,
    keyGroupRange: { start: 0, end: 0 },
    keySerializer: 'int',
    states: [],
    files,
    sizeBytes: 0,
    checkpointedSizeBytes: 0,
    attachment: null,
  };
}

export function withStore(
  test: (bench: StoreBench) => Promise<void>,
  retention: CheckpointRetention = {},
): Promise<void> {
  return withDirectory(async ({ directory }) => {
    const reopen = () => new FileSystemCheckpointStorage(join(directory, 'checkpoints'), retention);
    const storage = reopen();
    const upload: StoreBench['upload'] = async (checkpoint, name, shared = true) => {
      const local = join(directory, name);
      await writeFile(local, name);
      return checkpoint.upload(local, { name, backendId: 'backend', shared });
    };
    await test({
      directory,
      storage,
      reopen,
      upload,
      async store(id, reused, added) {
        const checkpoint = await storage.begin(id);
        const files = reused.map((file) => checkpoint.reuse(file)).filter((file) => file !== undefined);
        for (const name of added) {
          files.push(await upload(checkpoint, name));
        }
        files.push(await upload(checkpoint, 'CURRENT', false));
        await checkpoint.complete([handleOf(id, files)]);
        return files;
      },
    });
  });
}
