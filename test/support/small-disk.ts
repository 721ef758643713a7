// A file system of a few MiB, to be filled up.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A mounted file system. */
export interface SmallDisk {
  readonly directory: string;
  unmount(): void;
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
    unmount() {
      execFileSync('umount', [directory], { stdio: 'ignore' });
      rmSync(directory, { recursive: true });
    },
  };
}
