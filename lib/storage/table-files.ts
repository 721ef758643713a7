// Which files of a database are never changed once they are written, so that links to them may be shared.
import { copyFile, link } from 'node:fs/promises';

/** Whether a file of a database holds rows. */
export function isTable(name: string): boolean {
  return name.endsWith('.sst');
}

/**
 * Answers whether there is a link now. Another file system has no links to this one, some have none at all, and a file may have
 * too many: copying, which is tried then, tells what else is wrong.
 */
export async function tryLink(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch {
    return false;
  }
}

/** Brings a file of a database to a path: as a link where it is a table and that is possible, else as a copy. */
export async function linkOrCopy(source: string, target: string): Promise<void> {
  if (!(isTable(target) && (await tryLink(source, target)))) {
    await copyFile(source, target);
  }
}
