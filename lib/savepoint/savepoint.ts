// A savepoint or checkpoint of Flink's formats, to be restored: its operators by their uids.
import { readFile } from 'node:fs/promises';
import type { SavepointOperator, SavepointWriter } from '../api/savepoint.ts';
import { RestoreError } from '../errors.ts';
import type { SavepointMetadata } from './metadata.ts';
import { operatorIdOf } from './operator-id.ts';
import { readMetadata } from './read-metadata.ts';
import { SavepointDirectory, type SavepointWriterOptions } from './savepoint-directory.ts';
import { OperatorOfSavepoint } from './savepoint-operator.ts';
import { locateSavepoint, type SavepointPathOptions, SavepointPaths } from './savepoint-paths.ts';
import { SavepointTypes } from './savepoint-types.ts';

/** How to read a savepoint. */
export interface SavepointOpenOptions extends SavepointPathOptions {
  /** Types for the program's own Java classes and serializers. */
  readonly types?: SavepointTypes;
  /**
   * Whether keyed state that nothing here can hold is left behind: raw keyed state that Java operators wrote in a format of
   * their own. Otherwise restoring such an operator fails. Default false.
   */
  readonly allowNonRestoredState?: boolean;
}

/**
 * A savepoint of rockstate or of Flink, or a checkpoint of Flink. Those of Flink's state backends are read in their own
 * formats, too: their files are copied or linked, and never changed.
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

  private constructor(directory: string, metadata: SavepointMetadata, options: SavepointOpenOptions) {
    this.directory = directory;
    this.checkpointId = metadata.checkpointId;
    const { types = new SavepointTypes(), allowNonRestoredState = false } = options;
    const reading = { paths: new SavepointPaths(directory, options), types, allowNonRestoredState };
    this.operators = metadata.operators.map((operator) => new OperatorOfSavepoint(directory, operator, reading));
  }

  /**
   * Reads the metadata of a savepoint.
   *
   * @param pointer - its directory, or the file `_metadata` in it, as a path or a `file:` URI.
   * @param options - which files it may name beside those in its directory, and how values of Java classes are read.
   * @throws RestoreError when there is none; SavepointFormatError when it is damaged or of an unknown version.
   */
  static async open(pointer: string, options: SavepointOpenOptions = {}): Promise<Savepoint> {
    const { directory, metadataFile } = await locateSavepoint(pointer);
    const bytes = new Uint8Array(await readFile(metadataFile));
    return new Savepoint(directory, readMetadata(bytes, metadataFile), options);
  }

  /**
   * Begins a savepoint that several keyed backends write to: each with `keyed.savepoint(writer, { uid })`. Those of one
   * operator, which share a uid, must have each key group once. State that is not keyed is added to the writer itself.
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
