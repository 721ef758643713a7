// Converts a savepoint or checkpoint into another format. Nothing counts before all is written: the result gets its name last.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError } from '../errors.ts';
import type { StateReader } from '../inspect/state-reader.ts';
import { WorkingDirectory } from '../inspect/working-directory.ts';
import { NewDirectory } from '../savepoint/new-directory.ts';
import { writeCanonical } from './canonical-target.ts';
import { type ConvertOptions, operatorsToConvert } from './convert-options.ts';
import { keyedSourceOf } from './keyed-source.ts';
import { writeNative } from './native-target.ts';

/** What was converted. */
export interface ConvertedState {
  /** Of the savepoint, or of the checkpoint: `chk-<id>` in the directory that was named. */
  readonly path: string;
  readonly operators: number;
  readonly rows: number;
}

/**
 * Converts what a reader reads into a new savepoint or checkpoint.
 *
 * @param to - a directory that does not exist: of the savepoint, or of checkpoints, of which `chk-<id>` is the only one.
 * @throws CheckpointError when there is something at `to`, or it could not hold what there is; what else can't be read or
 *   written fails as it does elsewhere. Nothing is left at `to` then.
 * @example
 * ```ts
 * await using reader = await StateReader.open('/checkpoints/chk-7');
 * await convertState(reader, '/savepoints/new', { uid: 'word-counts', maxParallelism: 1024 });
 * ```
 */
export async function convertState(
  reader: StateReader,
  to: string,
  options: ConvertOptions = {},
): Promise<ConvertedState> {
  const operators = await operatorsToConvert(reader, options);
  const target = await NewDirectory.begin(to);
  const working = new WorkingDirectory(join(target.temporary, 'working'));
  try {
    const isNative = options.format === 'native';
    const result = isNative
      ? await toNative(operators, { reader, target, options, working })
      : { path: target.path, rows: await writeCanonical(operators, { reader, target, options, working }) };
    await rm(join(target.temporary, 'working'), { recursive: true, force: true });
    await target.complete();
    return { ...result, operators: operators.length };
  } catch (error) {
    // What can't be removed is in nobody's way: what went wrong first is to be told.
    await target.abort().catch(() => {});
    throw error;
  }
}

async function toNative(
  operators: Parameters<typeof writeCanonical>[0],
  conversion: Parameters<typeof writeCanonical>[1],
): Promise<Omit<ConvertedState, 'operators'>> {
  const { reader, target, options, working } = conversion;
  const source = operators[0] && (await keyedSourceOf(operators[0], options.dropStates));
  if (source === undefined) {
    throw new CheckpointError(
      `What is at ${reader.directory} has no keyed state, and a checkpoint of rockstate nothing else.`,
    );
  }
  const savepoint = await NewDirectory.begin(await working.newPath());
  const localDir = await working.newPath();
  await mkdir(localDir, { recursive: true });
  const withoutOthers = {
    ...options,
    drop: ['operator-state', 'coordinator-state', 'raw-operator-state', 'master-state'] as const,
  };
  const rows = await writeCanonical(operators, { reader, target: savepoint, options: withoutOthers, working });
  await savepoint.complete();
  const checkpointId = Math.max(reader.checkpointId, 1);
  const { backend = 'rocksdb' } = options;
  await writeNative({
    ...{ savepoint: savepoint.path, directory: target.temporary, backend, key: source.key, checkpointId, localDir },
  });
  return { path: join(target.path, `chk-${checkpointId}`), rows };
}
