// One operator of a savepoint or checkpoint: which files and bytes hold its state, found and within bounds.
import { open, stat } from 'node:fs/promises';
import type { SubtaskOperatorState } from '../api/operator-state.ts';
import type {
  SavepointBytes,
  SavepointDatabase,
  SavepointKeyedState,
  SavepointKeyGroups,
  SavepointOperator,
  SerializerLookup,
} from '../api/savepoint.ts';
import { RestoreError } from '../errors.ts';
import type { IncrementalHandle, KeyedHandle, KeyGroupsHandle, StreamHandle } from './handles.ts';
import type { OperatorState, SubtaskState } from './metadata.ts';
import type { SavepointPaths } from './savepoint-paths.ts';

/** How state of a savepoint is read. */
export interface SavepointReading {
  readonly paths: SavepointPaths;
  readonly types: SerializerLookup;
  readonly allowNonRestoredState: boolean;
}

export class OperatorOfSavepoint implements SavepointOperator {
  readonly operatorId: string;
  readonly uid: string | undefined;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly location: string;
  readonly types: SerializerLookup;
  readonly allowNonRestoredState: boolean;
  readonly hasState: boolean;
  readonly hasKeyedState: boolean;
  readonly #subtasks: readonly SubtaskState[];
  readonly #paths: SavepointPaths;

  constructor(location: string, operator: OperatorState, reading: SavepointReading) {
    this.operatorId = operator.id;
    this.uid = operator.uid;
    this.parallelism = operator.parallelism;
    this.maxParallelism = operator.maxParallelism;
    this.location = location;
    this.types = reading.types;
    this.allowNonRestoredState = reading.allowNonRestoredState;
    const { subtasks } = operator;
    this.hasKeyedState = subtasks.some((each) => (each.managedKeyedState ?? each.rawKeyedState) !== undefined);
    this.hasState = this.hasKeyedState || operator.coordinatorState !== undefined || subtasks.some(hasOtherState);
    this.#subtasks = subtasks;
    this.#paths = reading.paths;
  }

  async keyedState(): Promise<readonly SavepointKeyedState[]> {
    const states: SavepointKeyedState[] = [];
    for (const { index, managedKeyedState: handle } of this.#subtasks) {
      if (handle !== undefined) {
        states.push(await this.#locate(handle, `keyed state of ${this.#subtask(index)}`));
      }
    }
    return states;
  }

  async rawKeyedState(): Promise<readonly SavepointKeyGroups[]> {
    const states: SavepointKeyGroups[] = [];
    for (const { index, rawKeyedState: handle } of this.#subtasks) {
      if (handle !== undefined) {
        const of = `raw keyed state of ${this.#subtask(index)}`;
        if (handle.kind === 'incremental') {
          throw new RestoreError(`The ${of} is a database, which is no raw state.`);
        }
        states.push(await this.#keyGroups(handle, of));
      }
    }
    return states;
  }

  async operatorState(): Promise<readonly SubtaskOperatorState[]> {
    const found: SubtaskOperatorState[] = [];
    for (const { index, managedOperatorState: handle } of this.#subtasks) {
      if (handle !== undefined && handle.merged?.isEmpty !== true) {
        const { stream, states } = handle;
        const bytes = await this.#bytes(stream, `operator state of ${this.#subtask(index)}`);
        found.push({ subtask: index, states, bytes: await readAll(bytes) });
      }
    }
    return found;
  }

  #subtask(index: number): string {
    return `subtask ${index} of operator ${this.uid ?? this.operatorId} in ${this.location}`;
  }

  #locate(handle: KeyedHandle, of: string): Promise<SavepointKeyedState> {
    return handle.kind === 'incremental' ? this.#database(handle, of) : this.#keyGroups(handle, of);
  }

  async #keyGroups(handle: KeyGroupsHandle, of: string): Promise<SavepointKeyGroups> {
    const { kind, range: keyGroupRange, offsets, stream } = handle;
    return { kind, keyGroupRange, offsets, ...(await this.#bytes(stream, of)) };
  }

  async #database(handle: IncrementalHandle, of: string): Promise<SavepointDatabase> {
    const { kind, range: keyGroupRange, checkpointId, backendId, sharedFiles, privateFiles } = handle;
    const files: SavepointDatabase['files'][number][] = [];
    const names = new Set<string>();
    for (const { localPath: name, stream } of [...sharedFiles, ...privateFiles]) {
      if (!/^[\w.-]+$/.test(name) || /^\.+$/.test(name) || names.has(name)) {
        throw new RestoreError(`The ${of} has ${names.has(name) ? 'two files' : 'a file'} named '${name}'.`);
      }
      names.add(name);
      files.push({ name, ...(await this.#bytes(stream, `file '${name}' of the ${of}`)) });
    }
    const metadata = await this.#bytes(handle.metadata, `header of the ${of}`);
    return { kind, keyGroupRange, checkpointId, backendId, metadata, files };
  }

  async #bytes(stream: StreamHandle | undefined, of: string): Promise<SavepointBytes> {
    switch (stream?.kind) {
      case 'inline':
        return { source: { bytes: stream.bytes }, sizeBytes: stream.bytes.length };
      case 'empty-segment':
        return { source: { bytes: new Uint8Array(0) }, sizeBytes: 0 };
      case 'relative-file':
      case 'file':
      case 'segment': {
        const path = await this.#paths.resolve(stream);
        const start = stream.kind === 'segment' ? stream.start : 0;
        const { size } = await stat(path);
        if (size < start + stream.size || (stream.kind !== 'segment' && size > stream.size)) {
          throw new RestoreError(
            `The file at ${path} has ${size} bytes, and should have ${stream.size}${start > 0 ? ` from ${start} on` : ''}.`,
          );
        }
        return { source: { path, start }, sizeBytes: stream.size };
      }
      default:
        throw new RestoreError(`The ${of} has no file.`);
    }
  }
}

function hasOtherState({
  managedOperatorState,
  rawOperatorState,
  inputChannels,
  outputChannels,
}: SubtaskState): boolean {
  return [managedOperatorState, rawOperatorState, inputChannels, outputChannels].some((state) => state !== undefined);
}

async function readAll({ source, sizeBytes }: SavepointBytes): Promise<Uint8Array> {
  if ('bytes' in source) {
    return source.bytes;
  }
  await using file = await open(source.path, 'r');
  const bytes = new Uint8Array(sizeBytes);
  for (let filled = 0; filled < sizeBytes; ) {
    const { bytesRead } = await file.read(bytes, filled, sizeBytes - filled, source.start + filled);
    if (bytesRead === 0) {
      throw new RestoreError(`The file at ${source.path} ends early.`);
    }
    filled += bytesRead;
  }
  return bytes;
}
