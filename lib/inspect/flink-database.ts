// The files of a RocksDB database in a native checkpoint of Flink, brought into a directory under their own names.
import { copyFile, link, mkdir, open, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RestoreError } from '../errors.ts';
import type { IncrementalHandle, LocalFile } from '../savepoint/handles.ts';
import type { SnapshotForms } from '../savepoint/snapshot-classes.ts';
import { type ByteSource, openStream, type StoredFiles } from './byte-source.ts';
import { readHeaderOf, toPartHeader } from './part-place.ts';
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
      return toPartHeader(await readHeaderOf(bytes, { offsets: [], forms }));
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
  const target = join(directory, basename(localPath));
  if (bytes.file === undefined) {
    await writePieces(bytes, target);
  } else if (!localPath.endsWith('.sst') || !(await isLinked(bytes.file, target))) {
    await copyFile(bytes.file, target);
  }
}

// Tables are never changed, so that a link does. Another file system has none.
async function isLinked(path: string, target: string): Promise<boolean> {
  try {
    await link(path, target);
    return true;
  } catch {
    return false;
  }
}

async function writePieces(bytes: ByteSource, target: string): Promise<void> {
  await writeFile(target, '');
  await using file = await open(target, 'a');
  for await (const piece of bytes.pieces(0, bytes.sizeBytes)) {
    await file.writeFile(piece);
  }
}

function sizeOf(stream: LocalFile['stream']): number {
  if (stream?.kind === 'inline') {
    return stream.bytes.length;
  }
  return stream !== undefined && 'size' in stream ? stream.size : 0;
}
