// A file system of a few MiB, to be filled up.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A mounted file system. */
export interface SmallDisk {
  readonly directory: string;
  /** From then on nothing can be written, or can be again. No file may be open for writing. */
  setReadOnly(readOnly: boolean): void;
  unmount(): void;
}

/** Writes a file that takes all the space there is. */
export async function fillDisk(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (;;) {
      await file.write(Buffer.alloc(64 * 1024));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') {
      throw error;
    }
  } finally {
    await file.close();
  }
}

/** Mounts a file system of `mebibytes`; `undefined` where that is not allowed, which takes Linux and root. */
export function mountSmallDisk(mebibytes: number): SmallDisk | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'rockstate-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    rmSync(directory, { recursive: true });
    return undefined;
  }
  return {
    directory,
    setReadOnly(readOnly) {
      execFileSync('mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, directory], { stdio: 'ignore' });
    },
    unmount() {
      execFileSync('umount', [directory], { stdio: 'ignore' });
      rmSync(directory, { recursive: true });
    },
  };
}
