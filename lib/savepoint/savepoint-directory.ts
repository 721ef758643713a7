// A savepoint being written: a directory that gets its name only when it is complete.
//
//   <directory>/<uuid>      the key groups of one keyed backend
//   <directory>/_metadata   where they are, by operator and subtask
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { SavepointPart, SavepointWriter } from '../api/savepoint.ts';
import { CheckpointError, describe, typeError } from '../errors.ts';
import type { OperatorState, SavepointMetadata } from './metadata.ts';
import { operatorIdOf } from './operator-id.ts';
import { METADATA_FILE_NAME } from './savepoint-paths.ts';
import { writeMetadata } from './write-metadata.ts';

/** How to write a savepoint. */
export interface SavepointWriterOptions {
  /** Whether key groups are compressed with Snappy. Default false. */
  readonly compress?: boolean;
  /** Kept in the savepoint; Flink counts on from it. Default 1. */
  readonly checkpointId?: number;
  /** Version of the metadata: 3 is read by Flink 1.11 and later, 6 by Flink 2.1 and later. Default 3. */
  readonly metadataVersion?: 3 | 4 | 5 | 6;
}

interface StoredPart {
  readonly part: SavepointPart;
  readonly fileName: string;
}

// In this process. In others, whoever began last writes.
const beingWritten = new Set<string>();

export class SavepointDirectory implements SavepointWriter {
  readonly directory: string;
  readonly compress: boolean;
  readonly #temporary: string;
  readonly #options: SavepointWriterOptions;
  readonly #parts: StoredPart[] = [];

  private constructor(directory: string, temporary: string, options: SavepointWriterOptions) {
    this.directory = directory;
    this.compress = options.compress ?? false;
    this.#temporary = temporary;
    this.#options = options;
  }

  /** Begins a savepoint; what a crash left of one in the same place is removed. */
  static async begin(path: string, options: SavepointWriterOptions = {}): Promise<SavepointDirectory> {
    if (typeof path !== 'string' || path === '') {
      throw typeError('ERR_INVALID_PATH', `The savepoint's directory must be a path; received ${describe(path)}.`);
    }
    const directory = resolve(path);
    const temporary = `${directory}.part`;
    if (beingWritten.has(temporary)) {
      throw new CheckpointError(`A savepoint at ${directory} is being written already.`);
    }
    beingWritten.add(temporary);
    try {
      await refuseExisting(directory);
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
    } catch (error) {
      beingWritten.delete(temporary);
      throw error;
    }
    return new SavepointDirectory(directory, temporary, options);
  }

  async add(write: (path: string) => Promise<SavepointPart>): Promise<SavepointPart> {
    const fileName = randomUUID();
    const part = await write(join(this.#temporary, fileName));
    this.#parts.push({ part, fileName });
    return part;
  }

  async complete(): Promise<void> {
    const metadata = writeMetadata(this.#metadata());
    await writeSynced(join(this.#temporary, METADATA_FILE_NAME), metadata);
    await syncDirectory(this.#temporary);
    await refuseExisting(this.directory);
    await rename(this.#temporary, this.directory);
    beingWritten.delete(this.#temporary);
    await syncDirectory(dirname(this.directory));
  }

  async abort(): Promise<void> {
    if (beingWritten.has(this.#temporary)) {
      await rm(this.#temporary, { recursive: true, force: true });
      beingWritten.delete(this.#temporary);
    }
  }

  #metadata(): SavepointMetadata {
    const byUid = new Map<string, StoredPart[]>();
    for (const stored of this.#parts) {
      byUid.set(stored.part.uid, [...(byUid.get(stored.part.uid) ?? []), stored]);
    }
    return {
      version: this.#options.metadataVersion ?? 3,
      checkpointId: this.#options.checkpointId ?? 1,
      masterStates: [],
      operators: [...byUid.keys()].sort().map((uid) => operatorState(uid, byUid.get(uid) ?? [])),
    };
  }
}

/** @throws CheckpointError unless the parts have each key group once. */
function operatorState(uid: string, parts: readonly StoredPart[]): OperatorState {
  const inOrder = parts.toSorted((a, b) => a.part.keyGroupRange.start - b.part.keyGroupRange.start);
  const { maxParallelism } = (inOrder[0] as StoredPart).part;
  let next = 0;
  for (const { part } of inOrder) {
    const { start, end } = part.keyGroupRange;
    if (part.maxParallelism !== maxParallelism) {
      throw new CheckpointError(
        `Parts of '${uid}' differ in maximum parallelism: ${maxParallelism} and ${part.maxParallelism}.`,
      );
    }
    if (start !== next) {
      throw new CheckpointError(
        `Key group ${Math.min(start, next)} of '${uid}' is in ${start < next ? 'several parts' : 'none of the parts'}.`,
      );
    }
    next = end + 1;
  }
  if (next !== maxParallelism) {
    throw new CheckpointError(`Key groups ${next} to ${maxParallelism - 1} of '${uid}' are in none of the parts.`);
  }
  return {
    ...{ uid, id: operatorIdOf(uid), parallelism: parts.length, maxParallelism, finished: false },
    subtasks: inOrder.map(({ part, fileName }, index) => ({
      ...{ index, finished: false },
      managedKeyedState: {
        ...{ kind: 'savepoint-key-groups', range: part.keyGroupRange, offsets: part.offsets },
        stream: { kind: 'relative-file', path: fileName, size: part.sizeBytes },
      },
    })),
  };
}

async function refuseExisting(directory: string): Promise<void> {
  if ((await stat(directory).catch(() => undefined)) !== undefined) {
    throw new CheckpointError(`There is something at ${directory} already; a savepoint needs a new directory.`);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'wx');
  await file.writeFile(bytes);
  await file.sync();
}

async function syncDirectory(directory: string): Promise<void> {
  await using handle = await open(directory, 'r');
  await handle.sync();
}
