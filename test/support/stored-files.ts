// What a checkpoint storage holds, and what its complete checkpoints need.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { FileSystemCheckpointStorage } from '../../lib/storage/file-system-checkpoint-storage.ts';

/** Paths of all files in a directory and below, sorted. */
export async function filesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const files: string[] = [];
  for (const name of names) {
    if ((await stat(join(directory, name))).isFile()) {
      files.push(name);
    }
  }
  return files.sort();
}

/** Fails unless the storage holds every file that a complete checkpoint needs, undamaged, and no other. */
export async function expectOnlyNeeded(storage: FileSystemCheckpointStorage): Promise<void> {
  const needed = new Set<string>();
  for (const id of await storage.list()) {
    expect(await storage.verify(id)).toEqual([]);
    needed.add(`chk-${id}/_metadata`);
    for (const { inline, path } of (await storage.openCheckpoint(id)).handles.flatMap((handle) => handle.files)) {
      if (inline === undefined) {
        needed.add(path);
      }
    }
  }
  expect(await filesIn(storage.directory)).toEqual([...needed].sort());
}
