// A savepoint being written: a directory that gets its name only when it is complete.
//
//   <directory>/<uuid>      the key groups of one keyed backend, or the operator state of one subtask
//   <directory>/_metadata   where they are, by operator and subtask
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { SavepointOperatorStatePart, SavepointPart, SavepointWriter } from '../api/savepoint.ts';
import { CheckpointError, describe, typeError } from '../errors.ts';
import { keyGroupRangeOf } from '../keys/key-groups.ts';
import type { StreamHandle } from './handles.ts';
import { DEFAULT_VERSION, type SavepointMetadata } from './metadata.ts';
import { NewDirectory } from './new-directory.ts';
import { operatorOfParts, type StoredKeyedPart, type StoredOperatorStatePart } from './savepoint-parts.ts';
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

/** Operator state of up to so many bytes is in the metadata itself: as much as Flink keeps there by default. */
const MOST_INLINE_BYTES = 20 * 1024;

// In this process. In others, whoever began last writes.
const beingWritten = new Set<string>();

export class SavepointDirectory implements SavepointWriter {
  readonly directory: string;
  readonly compress: boolean;
  readonly #target: NewDirectory;
  readonly #options: SavepointWriterOptions;
  readonly #keyed: StoredKeyedPart[] = [];
  readonly #others: StoredOperatorStatePart[] = [];

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
    this.#keyed.push({ part, fileName });
    return part;
  }

  async addOperatorState(part: SavepointOperatorStatePart): Promise<void> {
    // Where the subtask is none of the operator's, it says so.
    keyGroupRangeOf(part.subtaskIndex, part.maxParallelism, part.parallelism);
    this.#others.push({ part, stream: part.snapshot && (await this.#store(part.snapshot.bytes)) });
  }

  async #store(bytes: Uint8Array): Promise<StreamHandle> {
    const name = randomUUID();
    if (bytes.length <= MOST_INLINE_BYTES) {
      return { kind: 'inline', name, bytes };
    }
    await this.#target.writeFile(name, [bytes]);
    return { kind: 'relative-file', path: name, size: bytes.length };
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
    const uids = new Set([...this.#keyed, ...this.#others].map(({ part }) => part.uid));
    const partsOf = (uid: string) => ({
      keyed: this.#keyed.filter(({ part }) => part.uid === uid),
      others: this.#others.filter(({ part }) => part.uid === uid),
    });
    return {
      version: this.#options.metadataVersion ?? DEFAULT_VERSION,
      checkpointId: this.#options.checkpointId ?? 1,
      masterStates: [],
      operators: [...uids].sort().map((uid) => operatorOfParts(uid, partsOf(uid))),
    };
  }
}
