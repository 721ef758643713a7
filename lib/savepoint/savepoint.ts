// A savepoint to be restored: its operators, and where the keyed state of each is.
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SavepointKeyedState, SavepointOperator, SavepointWriter } from '../api/savepoint.ts';
import { RestoreError } from '../errors.ts';
import type { KeyGroupsHandle, StreamHandle } from './handles.ts';
import type { OperatorState, SavepointMetadata, SubtaskState } from './metadata.ts';
import { operatorIdOf } from './operator-id.ts';
import { readMetadata } from './read-metadata.ts';
import { METADATA_FILE, SavepointDirectory, type SavepointWriterOptions } from './savepoint-directory.ts';

/** How to open a savepoint. */
export interface SavepointOpenOptions {
  /**
   * Whether files outside of the savepoint's directory may be read, where its metadata names some. Default false. Files
   * that were moved together with the metadata are found in any case.
   */
  readonly allowOutsideFiles?: boolean;
}

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

  private constructor(directory: string, metadata: SavepointMetadata, options: SavepointOpenOptions) {
    this.directory = directory;
    this.checkpointId = metadata.checkpointId;
    this.operators = metadata.operators.map((operator) => new OperatorOfSavepoint(directory, operator, options));
  }

  /**
   * Reads the metadata of a savepoint.
   *
   * @param path - its directory, or the file `_metadata` in it.
   * @throws RestoreError when there is none; SavepointFormatError when it is damaged or of an unknown version.
   */
  static async open(path: string, options: SavepointOpenOptions = {}): Promise<Savepoint> {
    const directory = resolve(basename(path) === METADATA_FILE ? dirname(path) : path);
    const file = join(directory, METADATA_FILE);
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await readFile(file));
    } catch (cause) {
      throw new RestoreError(`There is no savepoint at ${directory}: ${(cause as Error).message}`, { cause });
    }
    return new Savepoint(directory, readMetadata(bytes, file), options);
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
  readonly #options: SavepointOpenOptions;

  constructor(location: string, operator: OperatorState, options: SavepointOpenOptions) {
    this.operatorId = operator.id;
    this.uid = operator.uid;
    this.parallelism = operator.parallelism;
    this.maxParallelism = operator.maxParallelism;
    this.location = location;
    this.#subtasks = operator.subtasks;
    this.#options = options;
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
        return { ...common, source: { path: await this.#find(stream, of), start: 0 }, sizeBytes: stream.size };
      case 'segment': {
        const source = { path: await this.#find(stream, of), start: stream.start };
        return { ...common, source, sizeBytes: stream.size };
      }
      default:
        throw new RestoreError(`The keyed state of ${of} in ${this.location} has no file.`);
    }
  }

  // As it is named; else, as files move with their directory, by its last name beside the metadata.
  async #find(stream: StreamHandle & { readonly path: string }, of: string): Promise<string> {
    const named = stream.kind === 'relative-file' ? resolve(this.location, stream.path) : localPath(stream.path);
    const beside = join(this.location, basename(stream.path));
    const candidates = named === undefined ? [beside] : [named, beside];
    for (const path of candidates) {
      const isInside = isWithin(this.location, path);
      if ((isInside || this.#options.allowOutsideFiles) && (await isFile(path))) {
        return path;
      }
    }
    const outside = named !== undefined && !isWithin(this.location, named) && !this.#options.allowOutsideFiles;
    throw new RestoreError(
      `The keyed state of ${of} is in '${stream.path}', ` +
        (outside
          ? `outside of the savepoint at ${this.location}; open it with allowOutsideFiles to read it.`
          : `which is not there (nor is ${beside}).`),
    );
  }
}

// Of a URI of the local file system, or a path without a scheme.
function localPath(path: string): string | undefined {
  if (path.startsWith('file:')) {
    return fileURLToPath(path.replace(/^file:\/*/, 'file:///'));
  }
  return isAbsolute(path) ? path : undefined;
}

function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
