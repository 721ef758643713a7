// A savepoint to be restored: its operators, and where the keyed state of each is.
import { readFile } from 'node:fs/promises';
import type { SavepointKeyedState, SavepointOperator, SavepointWriter } from '../api/savepoint.ts';
import { RestoreError } from '../errors.ts';
import type { KeyGroupsHandle } from './handles.ts';
import type { OperatorState, SavepointMetadata, SubtaskState } from './metadata.ts';
import { operatorIdOf } from './operator-id.ts';
import { readMetadata } from './read-metadata.ts';
import { SavepointDirectory, type SavepointWriterOptions } from './savepoint-directory.ts';
import { locateSavepoint, type SavepointPathOptions, SavepointPaths } from './savepoint-paths.ts';

/**
 * A savepoint, of rockstate or of Flink, in the canonical format.
 *
 * @example
 * ```ts
 * const savepoint = await Savepoint.open('/savepoints/one');
 * const restore = savepoint.operator('word-counts');
 * await using keyed = await backend.createKeyedStateBackend({ keyType: Types.STRING, restore });
 * ```
 */
export class Savepoint {
  readonly directory: string;
  readonly checkpointId: number;
  readonly operators: readonly SavepointOperator[];

  private constructor(directory: string, metadata: SavepointMetadata, options: SavepointPathOptions) {
    this.directory = directory;
    this.checkpointId = metadata.checkpointId;
    this.operators = metadata.operators.map((operator) => new OperatorOfSavepoint(directory, operator, options));
  }

  /**
   * Reads the metadata of a savepoint.
   *
   * @param pointer - its directory, or the file `_metadata` in it, as a path or a `file:` URI.
   * @param options - which files it may name beside those in its directory.
   * @throws RestoreError when there is none; SavepointFormatError when it is damaged or of an unknown version.
   */
  static async open(pointer: string, options: SavepointPathOptions = {}): Promise<Savepoint> {
    const { directory, metadataFile } = await locateSavepoint(pointer);
    const bytes = new Uint8Array(await readFile(metadataFile));
    return new Savepoint(directory, readMetadata(bytes, metadataFile), options);
  }

  /**
   * Begins a savepoint that several keyed backends write to: each with `keyed.savepoint(writer, { uid })`. Those of one
   * operator, which share a uid, must have each key group once.
   *
   * @param directory - which must not exist. Until `complete`, files are in a directory beside it, whose name ends in `.part`.
   * @throws CheckpointError when the directory exists, or is being written to.
   */
  static begin(directory: string, options: SavepointWriterOptions = {}): Promise<SavepointWriter> {
    return SavepointDirectory.begin(directory, options);
  }

  /**
   * The state of an operator, for the option `restore` of a keyed backend.
   *
   * @param name - its uid, or its id of 32 hexadecimal digits.
   * @throws RestoreError when the savepoint has no such operator.
   */
  operator(name: string): SavepointOperator {
    const id = operatorIdOf(name);
    const found = this.operators.find(
      ({ uid, operatorId }) => uid === name || operatorId === id || operatorId === name,
    );
    if (found === undefined) {
      const known = this.operators.map(({ uid, operatorId }) => uid ?? operatorId).join(', ');
      throw new RestoreError(`The savepoint at ${this.directory} has no operator '${name}' (${id}); it has ${known}.`);
    }
    return found;
  }
}

class OperatorOfSavepoint implements SavepointOperator {
  readonly operatorId: string;
  readonly uid: string | undefined;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly location: string;
  readonly #subtasks: readonly SubtaskState[];
  readonly #paths: SavepointPaths;

  constructor(location: string, operator: OperatorState, options: SavepointPathOptions) {
    this.operatorId = operator.id;
    this.uid = operator.uid;
    this.parallelism = operator.parallelism;
    this.maxParallelism = operator.maxParallelism;
    this.location = location;
    this.#subtasks = operator.subtasks;
    this.#paths = new SavepointPaths(location, options);
  }

  async keyedState(): Promise<readonly SavepointKeyedState[]> {
    const states: SavepointKeyedState[] = [];
    for (const { index, managedKeyedState: handle } of this.#subtasks) {
      if (handle === undefined) {
        continue;
      }
      const of = `subtask ${index} of operator ${this.uid ?? this.operatorId}`;
      if (handle.kind !== 'savepoint-key-groups') {
        throw new RestoreError(
          `The keyed state of ${of} in ${this.location} is in a format of one state backend; ` +
            'take a savepoint in the canonical format.',
        );
      }
      states.push(await this.#locate(handle, of));
    }
    return states;
  }

  async #locate({ range, offsets, stream }: KeyGroupsHandle, of: string): Promise<SavepointKeyedState> {
    const common = { keyGroupRange: range, offsets };
    switch (stream?.kind) {
      case 'inline':
        return { ...common, source: { bytes: stream.bytes }, sizeBytes: stream.bytes.length };
      case 'relative-file':
      case 'file':
      case 'segment': {
        const start = stream.kind === 'segment' ? stream.start : 0;
        return { ...common, source: { path: await this.#paths.resolve(stream), start }, sizeBytes: stream.size };
      }
      default:
        throw new RestoreError(`The keyed state of ${of} in ${this.location} has no file.`);
    }
  }
}
