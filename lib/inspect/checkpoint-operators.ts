// A checkpoint of rockstate as an operator: its backends are the subtasks. Backends that have a key group in common, or differ
// in their keys, are several operators.
import { mkdir } from 'node:fs/promises';
import type { CheckpointStorage, CompletedCheckpoint, KeyedStateHandle, StoredFile } from '../api/checkpoint.ts';
import { RestoreError } from '../errors.ts';
import { SNAPSHOT_FILE, TIMERS_FILE } from '../heap/snapshot-format.ts';
import { intersection } from '../keys/key-groups.ts';
import { downloadDatabase } from '../restore/download-database.ts';
import { describedKeyOf } from '../savepoint/described-key.ts';
import { descriptionOf } from '../savepoint/described-state.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { type HeapCheckpointOrigin, HeapCheckpointPart } from './heap-checkpoint-part.ts';
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

export function checkpointOperators(checkpoint: CompletedCheckpoint, reading: CheckpointReading): StoredOperator[] {
  const groups: KeyedStateHandle[][] = [];
  for (const handle of checkpoint.handles) {
    checkHandle(handle);
    const group = groups.find((each) => each.every((other) => isSameOperator(handle, other)));
    if (group === undefined) {
      groups.push([handle]);
    } else {
      group.push(handle);
    }
  }
  return groups.map((group) => operatorOf(group, reading, checkpoint.attachment !== undefined));
}

// What is attached to the checkpoint as a whole may be about any of its operators.
function operatorOf(
  handles: readonly KeyedStateHandle[],
  reading: CheckpointReading,
  isAttached: boolean,
): StoredOperator {
  const inOrder = handles.toSorted((a, b) => a.keyGroupRange.start - b.keyGroupRange.start);
  const [{ backendId, maxParallelism }] = inOrder as [KeyedStateHandle];
  const keyed = inOrder.flatMap((handle, subtask) => partsOf(handle, subtask, reading));
  const description = {
    ...{ uid: undefined, name: undefined, operatorId: backendId, parallelism: handles.length, maxParallelism },
    isFinished: false,
    opaque: isAttached || handles.some(({ attachment }) => attachment !== null) ? (['attachment'] as const) : [],
  };
  return new StoredOperator(description, { keyed, lists: [] }, reading.types);
}

function partsOf(handle: KeyedStateHandle, subtask: number, reading: CheckpointReading): KeyedPart[] {
  const header = once(async () => headerOf(handle, reading.types));
  if (handle.backend === 'hashmap') {
    const layout = 'rockstate-hashmap';
    return [heapPart({ layout, subtask, handle, header, file: () => fileOf(handle) }, reading)];
  }
  const timers = handle.files.find(({ name }) => name === TIMERS_FILE);
  const database = databasePart({ subtask, handle, header }, reading);
  return timers === undefined
    ? [database]
    : [database, heapPart({ layout: 'rockstate-timers', subtask, handle, header, file: () => timers }, reading)];
}

type HeapFile = Omit<HeapCheckpointOrigin, 'bring' | 'sizeBytes'> & { file(): StoredFile };

function heapPart({ file, ...origin }: HeapFile, { storage, types, working }: CheckpointReading): KeyedPart {
  const { handle, layout } = origin;
  const bring = once(async () => {
    const path = await working.newPath();
    await storage.download(handle, file(), path);
    return path;
  });
  const sizeBytes = layout === 'rockstate-timers' ? file().sizeBytes : handle.sizeBytes;
  return new HeapCheckpointPart({ ...origin, sizeBytes, bring }, types);
}

function databasePart(
  { subtask, handle, header }: Pick<HeapCheckpointOrigin, 'subtask' | 'handle' | 'header'>,
  { storage, working }: CheckpointReading,
): KeyedPart {
  const { keyGroupRange, maxParallelism, checkpointId, location } = handle;
  const files = handle.files.filter(({ name }) => name !== TIMERS_FILE);
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
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
