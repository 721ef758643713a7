// What crashes have left in a store: files of checkpoints that were never completed or are half deleted, and unfinished
// uploads.
import { directoryOf, isManaged, metadataOf, protectionOf } from './checkpoint-layout.ts';
import type { CompleteCheckpoints } from './complete-checkpoints.ts';
import type { FileEntry, FileStore } from './file-store.ts';
import type { FilesOfCheckpoints } from './known-files.ts';

/** What a collection of garbage found. */
export interface Garbage {
  /** Files that no complete checkpoint needs, relative to the root of the storage. */
  readonly files: readonly string[];
  readonly sizeBytes: number;
}

/** Where garbage is looked for, and what is none. */
export interface GarbageSearch {
  readonly files: FileStore;
  readonly complete: CompleteCheckpoints;
  /** Ids of the checkpoints that are being written now. */
  underWay(): number[];
  /** Paths of the shared files in use now. */
  usedPaths(): string[];
  /** What was read of complete checkpoints just now; the rest is read. */
  readonly read: FilesOfCheckpoints;
}

/** @throws RestoreError when a complete checkpoint is damaged, as nobody knows then which files it needs. */
export async function findGarbage(search: GarbageSearch): Promise<Garbage> {
  // In this order: a checkpoint that is completed meanwhile is under way here, or is listed after.
  const found = await managedFiles(search.files);
  const underWay = search.underWay().map(directoryOf);
  const needed = await neededPaths(search);
  const isUnderWay = (path: string) => underWay.some((directory) => path.startsWith(`${directory}/`));
  const garbage = found.filter(({ path }) => !needed.has(path) && !isUnderWay(path));
  return {
    files: garbage.map(({ path }) => path).sort(),
    sizeBytes: garbage.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** Removes what was found, directories of checkpoints without anything in them, and unfinished uploads. */
export async function removeGarbage(garbage: Garbage, { files, complete, underWay }: GarbageSearch): Promise<void> {
  for (const path of garbage.files) {
    await files.remove(path);
  }
  for (const id of await complete.ids()) {
    if (!underWay().includes(id) && !(await complete.has(id))) {
      await files.remove(directoryOf(id));
    }
  }
  await files.removeUnfinished?.((path) => isManaged(path.split('/', 1)[0] ?? ''));
}

async function neededPaths({ complete, read, usedPaths }: GarbageSearch): Promise<Set<string>> {
  const needed = new Set(usedPaths());
  for (const id of await complete.list()) {
    needed.add(metadataOf(id));
    needed.add(protectionOf(id));
    for (const { path } of read.get(id) ?? (await complete.filesOf(id))) {
      needed.add(path);
    }
  }
  return needed;
}

async function managedFiles(files: FileStore): Promise<FileEntry[]> {
  const directories = (await files.names('')).filter(isManaged);
  return (await Promise.all(directories.map((directory) => files.files(directory)))).flat();
}
