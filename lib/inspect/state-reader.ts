// A savepoint or checkpoint that is looked into: of Flink or of rockstate, in any of their formats.
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { RestoreError } from '../errors.ts';
import type { SavepointMetadata } from '../savepoint/metadata.ts';
import { operatorIdOf } from '../savepoint/operator-id.ts';
import { readMetadata } from '../savepoint/read-metadata.ts';
import {
  locateSavepoint,
  type SavepointLocation,
  type SavepointPathOptions,
  SavepointPaths,
} from '../savepoint/savepoint-paths.ts';
import { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { FileSystemCheckpointStorage } from '../storage/file-system-checkpoint-storage.ts';
import { type StoredFiles, siblingsOf } from './byte-source.ts';
import { checkpointOperators } from './checkpoint-operators.ts';
import { flinkOperator } from './flink-operators.ts';
import { RocksDBPart } from './rocksdb-part.ts';
import type { StoredOperator } from './stored-operator.ts';
import { WorkingDirectory } from './working-directory.ts';

/** How to look into a savepoint or checkpoint. */
export interface StateReaderOptions extends SavepointPathOptions {
  /** Reads values of the program's own Java classes and serializers. Default: those that are known. */
  readonly types?: SavepointTypes;
  /** Where files of RocksDB are linked or copied to, to be opened. Default: the system's temporary directory. */
  readonly temporaryDirectory?: string;
}

/** Who wrote it, and what for its metadata says besides. */
interface Contents {
  readonly location: SavepointLocation;
  readonly format: StateReader['format'];
  readonly checkpointId: number;
  readonly operators: readonly StoredOperator[];
  readonly working: WorkingDirectory;
  readonly types: SavepointTypes;
  readonly isAttached?: boolean;
  readonly flink?: { readonly metadata: SavepointMetadata; readonly files: StoredFiles };
}

/**
 * Reads the state in a savepoint or checkpoint without a backend, row by row.
 *
 * @example
 * ```ts
 * await using reader = await StateReader.open('/savepoints/one');
 * for await (const { key, value } of reader.operator('word-counts').rows('count')) {
 *   console.log(key, value);
 * }
 * ```
 */
export class StateReader implements AsyncDisposable {
  readonly directory: string;
  /** `flink` is what Flink reads: its savepoints and checkpoints, and savepoints of rockstate. */
  readonly format: 'flink' | 'rockstate';
  readonly checkpointId: number;
  readonly operators: readonly StoredOperator[];
  /** @internal */
  readonly flink: Contents['flink'];
  /** @internal */
  readonly types: SavepointTypes;
  /** @internal Whether there is something attached to the checkpoint as a whole. */
  readonly isAttached: boolean;
  readonly #working: WorkingDirectory;

  private constructor({ location, format, checkpointId, operators, working, types, isAttached, flink }: Contents) {
    this.directory = location.directory;
    this.format = format;
    this.checkpointId = checkpointId;
    this.operators = operators;
    this.types = types;
    this.isAttached = isAttached ?? false;
    this.flink = flink;
    this.#working = working;
  }

  /**
   * Reads the metadata.
   *
   * @param path - the directory of a savepoint or checkpoint, or the file `_metadata` in it.
   * @throws RestoreError when there is none, or a file of it is not there or outside of where files may be;
   *   SavepointFormatError when it is damaged or of an unknown version.
   */
  static async open(path: string, options: StateReaderOptions = {}): Promise<StateReader> {
    const location = await locateSavepoint(path);
    const bytes = new Uint8Array(await readFile(location.metadataFile));
    const working = new WorkingDirectory(options.temporaryDirectory);
    const common = { location, working, types: options.types ?? new SavepointTypes() };
    // That of rockstate is JSON.
    const contents = bytes[0] === 0x7b ? await openCheckpoint(common) : await openFlink(bytes, common, options);
    return new StateReader(contents);
  }

  /**
   * @param name - the operator's uid or id. It may be left out where there is only one.
   * @throws RestoreError when there is no such operator.
   */
  operator(name?: string): StoredOperator {
    const { operators } = this;
    const known = operators.map(({ label }) => label).join(', ');
    if (name === undefined) {
      const [only, ...others] = operators;
      if (only === undefined || others.length > 0) {
        throw new RestoreError(`What is at ${this.directory} has ${operators.length} operators; name one of ${known}.`);
      }
      return only;
    }
    const id = operatorIdOf(name);
    const found = operators.find(({ uid, operatorId }) => uid === name || operatorId === id || operatorId === name);
    if (found === undefined) {
      throw new RestoreError(`What is at ${this.directory} has no operator '${name}' (${id}); it has ${known}.`);
    }
    return found;
  }

  /** Closes what was opened, and removes copies and links. */
  async close(): Promise<void> {
    for (const { keyed } of this.operators) {
      for (const part of keyed) {
        if (part instanceof RocksDBPart) {
          await part.close();
        }
      }
    }
    await this.#working.remove();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

type Common = Pick<Contents, 'location' | 'working' | 'types'>;

async function openCheckpoint(common: Common): Promise<Contents> {
  const { directory } = common.location;
  const id = Number(/^chk-(\d+)$/.exec(basename(directory))?.[1] ?? Number.NaN);
  if (Number.isNaN(id)) {
    throw new RestoreError(
      `The checkpoint at ${directory} should be in a directory <storage>/chk-<id>: it names its files by that.`,
    );
  }
  const storage = new FileSystemCheckpointStorage(dirname(directory));
  const checkpoint = await storage.openCheckpoint(id);
  const operators = checkpointOperators(checkpoint, { ...common, storage });
  const isAttached = checkpoint.attachment !== undefined;
  return { ...common, format: 'rockstate', checkpointId: checkpoint.checkpointId, operators, isAttached };
}

async function openFlink(bytes: Uint8Array, common: Common, options: StateReaderOptions): Promise<Contents> {
  const { directory, metadataFile } = common.location;
  const metadata = readMetadata(bytes, metadataFile);
  const allowedDirectories = [...(options.allowedDirectories ?? []), ...siblingsOf(directory)];
  const files = { directory, paths: new SavepointPaths(directory, { ...options, allowedDirectories }) };
  const operators: StoredOperator[] = [];
  for (const operator of metadata.operators) {
    operators.push(await flinkOperator(operator, { ...common, files }));
  }
  const { checkpointId } = metadata;
  return { ...common, format: 'flink', checkpointId, operators, flink: { metadata, files } };
}
