// A savepoint being written: a directory that gets its name only when it is complete.
//
//   <directory>/<uuid>      the key groups of one keyed backend
//   <directory>/_metadata   where they are, by operator and subtask
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { SavepointPart, SavepointWriter } from '../api/savepoint.ts';
import { CheckpointError, describe, typeError } from '../errors.ts';
import { DEFAULT_VERSION, type OperatorState, type SavepointMetadata } from './metadata.ts';
import { NewDirectory } from './new-directory.ts';
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
  readonly #target: NewDirectory;
  readonly #options: SavepointWriterOptions;
  readonly #parts: StoredPart[] = [];

  private constructor(target: NewDirectory, options: SavepointWriterOptions) {
    this.directory = target.path;
    this.compress = options.compress ?? false;
    this.#target = target;
    this.#options = options;
  }

  /** Begins a savepoint; what a crash left of one in the same place is removed. */
  static async begin(path: string, options: SavepointWriterOptions = {}): Promise<SavepointDirectory> {
    if (typeof path !== 'string' || path === '') {
      throw typeError('ERR_INVALID_PATH', `The savepoint's directory must be a path; received ${describe(path)}.`);
    }
    const directory = resolve(path);
    if (beingWritten.has(directory)) {
      throw new CheckpointError(`A savepoint at ${directory} is being written already.`);
    }
    beingWritten.add(directory);
    try {
      const target = await NewDirectory.begin(directory, 'a savepoint needs a new directory');
      return new SavepointDirectory(target, options);
    } catch (error) {
      beingWritten.delete(directory);
      throw error;
    }
  }

  async add(write: (path: string) => Promise<SavepointPart>): Promise<SavepointPart> {
    const fileName = randomUUID();
    const part = await write(this.#target.pathOf(fileName));
    this.#parts.push({ part, fileName });
    return part;
  }

  async complete(): Promise<void> {
    const metadata = writeMetadata(this.#metadata());
    await this.#target.writeFile(METADATA_FILE_NAME, [metadata]);
    await this.#target.complete();
    beingWritten.delete(this.directory);
  }

  async abort(): Promise<void> {
    if (beingWritten.has(this.directory)) {
      await this.#target.abort();
      beingWritten.delete(this.directory);
    }
  }

  #metadata(): SavepointMetadata {
    const byUid = new Map<string, StoredPart[]>();
    for (const stored of this.#parts) {
      byUid.set(stored.part.uid, [...(byUid.get(stored.part.uid) ?? []), stored]);
    }
    return {
      version: this.#options.metadataVersion ?? DEFAULT_VERSION,
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
