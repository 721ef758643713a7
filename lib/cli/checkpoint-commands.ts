// `rockstate verify` and `rockstate gc`.
import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FileSystemCheckpointStorage } from '../storage/file-system-checkpoint-storage.ts';

/** Status 0: every file is there and undamaged; 1: not so; 2: wrong usage. */
export async function verifyCheckpoint(args: readonly string[]): Promise<number> {
  const [directory, ...others] = args;
  const id = Number(/^chk-(\d+)$/.exec(basename(directory ?? ''))?.[1] ?? Number.NaN);
  if (directory === undefined || others.length > 0 || Number.isNaN(id)) {
    console.error('rockstate verify takes the directory of one checkpoint: <directory>/chk-<id>');
    return 2;
  }
  const storage = new FileSystemCheckpointStorage(dirname(resolve(directory)));
  const { handles } = await storage.openCheckpoint(id);
  const damaged = await storage.verify(id);
  for (const { file, problem } of damaged) {
    console.error(`${file.path} (${file.name}): ${problem}`);
  }
  const files = handles.flatMap((handle) => handle.files);
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  console.log(
    `Checkpoint ${id}: ${handles.length} backends, ${files.length} files, ${bytes} bytes, ${damaged.length} damaged.`,
  );
  return damaged.length === 0 ? 0 : 1;
}

/** Status 0: done; 2: wrong usage. */
export async function collectGarbage(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { 'dry-run': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [directory, ...others] = positionals;
  if (directory === undefined || others.length > 0) {
    console.error('rockstate gc takes one directory of checkpoints, and --dry-run');
    return 2;
  }
  const dryRun = values['dry-run'];
  const { files, sizeBytes } = await new FileSystemCheckpointStorage(resolve(directory)).collectGarbage({ dryRun });
  for (const file of files) {
    console.log(file);
  }
  console.log(`${files.length} files, ${sizeBytes} bytes${dryRun ? ' would be' : ''} removed.`);
  return 0;
}
