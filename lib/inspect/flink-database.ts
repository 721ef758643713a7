// The files of a RocksDB database in a native checkpoint of Flink, brought into a directory under their own names.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RestoreError } from '../errors.ts';
import { bringTo } from '../restore/savepoint-bytes.ts';
import type { IncrementalHandle, LocalFile } from '../savepoint/handles.ts';
import type { SnapshotForms } from '../savepoint/snapshot-classes.ts';
import { openStream, type StoredFiles } from './byte-source.ts';
import { partHeaderOf } from './part-place.ts';
import type { DatabaseOrigin } from './rocksdb-part.ts';
import type { WorkingDirectory } from './working-directory.ts';

/** Where a database of Flink is. */
export interface FlinkDatabase {
  readonly handle: IncrementalHandle;
  readonly subtask: number;
  readonly maxParallelism: number;
  /** For messages. */
  readonly source: string;
  readonly files: StoredFiles;
  readonly forms: SnapshotForms;
  readonly working: WorkingDirectory;
}

export function flinkDatabaseOrigin(database: FlinkDatabase): DatabaseOrigin {
  const { handle, subtask, maxParallelism, source, files, forms } = database;
  const all = [...handle.sharedFiles, ...handle.privateFiles];
  return {
    ...{ subtask, maxParallelism, source, layout: 'flink-rocksdb', keyGroupRange: handle.range },
    sizeBytes: all.reduce((sum, { stream }) => sum + sizeOf(stream), 0),
    async header() {
      const bytes = await openStream(handle.metadata, files, `The header of ${source}`);
      return partHeaderOf(bytes, { offsets: [], forms });
    },
    async bring() {
      const directory = await database.working.newPath();
      await mkdir(directory);
      for (const file of all) {
        await bringFile(file, directory, database);
      }
      return directory;
    },
  };
}

async function bringFile({ localPath, stream }: LocalFile, directory: string, database: FlinkDatabase): Promise<void> {
  const { files, source } = database;
  // It comes from outside, and is to be a name in the directory.
  if (localPath === '' || localPath === '.' || localPath === '..' || /[/\\\0]/.test(localPath)) {
    throw new RestoreError(`${source} has a file '${localPath}', which is no name of a file of RocksDB.`);
  }
  const bytes = await openStream(stream, files, `The file '${localPath}' of ${source}`);
  await bringTo(join(directory, localPath), bytes);
}

function sizeOf(stream: LocalFile['stream']): number {
  if (stream?.kind === 'inline') {
    return stream.bytes.length;
  }
  return stream !== undefined && 'size' in stream ? stream.size : 0;
}
