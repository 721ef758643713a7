// A checkpoint of rockstate as an operator: its backends are the subtasks. Backends that have a key group in common, or differ
// in their keys, are several operators.
import { mkdir } from 'node:fs/promises';
import type { CheckpointStorage, CompletedCheckpoint, KeyedStateHandle, StoredFile } from '../api/checkpoint.ts';
import { RestoreError } from '../errors.ts';
import { SNAPSHOT_FILE } from '../heap/snapshot-format.ts';
import { intersection } from '../keys/key-groups.ts';
import { downloadDatabase } from '../restore/download-database.ts';
import { describedKeyOf } from '../savepoint/described-key.ts';
import { descriptionOf } from '../savepoint/described-state.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { HeapCheckpointPart } from './heap-checkpoint-part.ts';
import type { KeyedPart, PartHeader } from './keyed-part.ts';
import { RocksDBPart } from './rocksdb-part.ts';
import { StoredOperator } from './stored-operator.ts';
import type { WorkingDirectory } from './working-directory.ts';

const TRANSFERS = 4;

/** What checkpoints are read with. */
export interface CheckpointReading {
  readonly storage: CheckpointStorage;
  readonly types: SavepointTypes;
  readonly working: WorkingDirectory;
}

export function checkpointOperators({ handles }: CompletedCheckpoint, reading: CheckpointReading): StoredOperator[] {
  const groups: KeyedStateHandle[][] = [];
  for (const handle of handles) {
    checkHandle(handle);
    const group = groups.find((each) => each.every((other) => isSameOperator(handle, other)));
    if (group === undefined) {
      groups.push([handle]);
    } else {
      group.push(handle);
    }
  }
  return groups.map((group) => operatorOf(group, reading));
}

function operatorOf(handles: readonly KeyedStateHandle[], reading: CheckpointReading): StoredOperator {
  const inOrder = handles.toSorted((a, b) => a.keyGroupRange.start - b.keyGroupRange.start);
  const [{ backendId, maxParallelism }] = inOrder as [KeyedStateHandle];
  const keyed = inOrder.map((handle, subtask) => partOf(handle, subtask, reading));
  const description = {
    ...{ uid: undefined, name: undefined, operatorId: backendId, parallelism: handles.length, maxParallelism },
    isFinished: false,
    opaque: handles.some(({ attachment }) => attachment !== null) ? (['attachment'] as const) : [],
  };
  return new StoredOperator(description, { keyed, lists: [] }, reading.types);
}

function partOf(handle: KeyedStateHandle, subtask: number, reading: CheckpointReading): KeyedPart {
  const { storage, types, working } = reading;
  const header = once(async () => headerOf(handle, types));
  if (handle.backend === 'hashmap') {
    const bring = once(async () => {
      const path = await working.newPath();
      await storage.download(handle, fileOf(handle), path);
      return path;
    });
    return new HeapCheckpointPart({ subtask, handle, header, bring }, types);
  }
  const { keyGroupRange, maxParallelism, sizeBytes, checkpointId, location } = handle;
  return new RocksDBPart({
    ...{ subtask, layout: 'rockstate-rocksdb', keyGroupRange, maxParallelism, sizeBytes, header },
    source: `checkpoint ${checkpointId} at ${location}`,
    async bring() {
      const path = await working.newPath();
      await mkdir(path);
      await downloadDatabase(handle, path, {
        storage,
        transfers: TRANSFERS,
        localState: undefined,
        onProgress: undefined,
        signal: undefined,
      });
      return path;
    },
  });
}

function headerOf(handle: KeyedStateHandle, types: SavepointTypes): PartHeader {
  return {
    compressed: false,
    key: describedKeyOf(handle, types.forms),
    keyFormat: handle.keySerializer,
    states: handle.states.map((state) => ({
      name: state.name,
      kind: state.kind === 'PRIORITY_QUEUE' ? 'TIMERS' : state.kind,
      description: state.description === undefined ? undefined : descriptionOf(state),
    })),
  };
}

function fileOf(handle: KeyedStateHandle): StoredFile {
  const file = handle.files.find(({ name }) => name === SNAPSHOT_FILE);
  if (file === undefined) {
    throw new RestoreError(`Checkpoint ${handle.checkpointId} at ${handle.location} has no file '${SNAPSHOT_FILE}'.`);
  }
  return file;
}

function isSameOperator(a: KeyedStateHandle, b: KeyedStateHandle): boolean {
  return (
    a.keySerializer === b.keySerializer &&
    a.maxParallelism === b.maxParallelism &&
    intersection(a.keyGroupRange, b.keyGroupRange) === undefined
  );
}

// The metadata may come from elsewhere: names become names of files.
function checkHandle({ checkpointId, location, files }: KeyedStateHandle): void {
  for (const { name, path } of files) {
    if (/[/\\\0]/.test(name) || ['', '.', '..'].includes(name) || path.split(/[/\\]/).includes('..')) {
      throw new RestoreError(
        `Checkpoint ${checkpointId} at ${location} names the file '${name}' at '${path}', which is outside of where its files may be.`,
      );
    }
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
