// The operators of a savepoint or checkpoint in Flink's format.
import { RestoreError } from '../errors.ts';
import { isHeapFormat } from '../restore/heap-format.ts';
import type { KeyedHandle, KeyGroupsHandle } from '../savepoint/handles.ts';
import type { OperatorState, SubtaskState } from '../savepoint/metadata.ts';
import type { SavepointTypes } from '../savepoint/savepoint-types.ts';
import { openStream, type StoredFiles } from './byte-source.ts';
import { CanonicalPart } from './canonical-part.ts';
import { flinkDatabaseOrigin } from './flink-database.ts';
import { FlinkHeapPart } from './flink-heap-part.ts';
import type { KeyedPart } from './keyed-part.ts';
import { OperatorStateStreamPart } from './operator-states.ts';
import type { PartPlace } from './part-place.ts';
import { RawTimersPart } from './raw-timers-part.ts';
import { RocksDBPart } from './rocksdb-part.ts';
import { type OpaqueState, StoredOperator } from './stored-operator.ts';
import type { WorkingDirectory } from './working-directory.ts';

/** What operators are read with. */
export interface FlinkReading {
  readonly files: StoredFiles;
  readonly types: SavepointTypes;
  readonly working: WorkingDirectory;
}

/** @throws RestoreError when a file is not there, or outside of where files may be. */
export async function flinkOperator(operator: OperatorState, reading: FlinkReading): Promise<StoredOperator> {
  const keyed: KeyedPart[] = [];
  const lists: OperatorStateStreamPart[] = [];
  for (const subtask of operator.subtasks) {
    keyed.push(...(await keyedPartsOf(operator, subtask, reading)));
    const { managedOperatorState: handle, index } = subtask;
    if (handle !== undefined && handle.merged?.isEmpty !== true) {
      const bytes = await openStream(
        handle.stream,
        reading.files,
        `The operator state of ${nameOf(operator, subtask)}`,
      );
      lists.push(new OperatorStateStreamPart({ subtask: index, handle }, bytes, reading.types));
    }
  }
  const { uid, name, id, parallelism, maxParallelism, finished } = operator;
  const description = {
    ...{ uid, name, operatorId: id, parallelism, maxParallelism, isFinished: finished },
    opaque: opaqueStateOf(operator),
  };
  return new StoredOperator(description, { keyed, lists }, reading.types);
}

function opaqueStateOf({ coordinatorState, subtasks }: OperatorState): OpaqueState[] {
  const found = new Set<OpaqueState>();
  if (coordinatorState !== undefined) {
    found.add('coordinator-state');
  }
  for (const { rawOperatorState, inputChannels = [], outputChannels = [] } of subtasks) {
    if (rawOperatorState !== undefined) {
      found.add('raw-operator-state');
    }
    if (inputChannels.length + outputChannels.length > 0) {
      found.add('channel-state');
    }
  }
  return [...found];
}

async function keyedPartsOf(operator: OperatorState, subtask: SubtaskState, reading: FlinkReading) {
  const parts: KeyedPart[] = [];
  const { managedKeyedState, rawKeyedState } = subtask;
  const what = nameOf(operator, subtask);
  if (managedKeyedState !== undefined) {
    parts.push(await managedPart(managedKeyedState, { operator, subtask, what }, reading));
  }
  if (rawKeyedState !== undefined) {
    if (rawKeyedState.kind === 'incremental') {
      throw new RestoreError(`The raw keyed state of ${what} is in files of RocksDB, which can not be.`);
    }
    const bytes = await openStream(rawKeyedState.stream, reading.files, `The raw keyed state of ${what}`);
    parts.push(new RawTimersPart(placeOf(rawKeyedState, { operator, subtask, what }, reading), bytes, reading.types));
  }
  return parts;
}

interface Owner {
  readonly operator: OperatorState;
  readonly subtask: SubtaskState;
  /** For messages. */
  readonly what: string;
}

async function managedPart(handle: KeyedHandle, owner: Owner, reading: FlinkReading): Promise<KeyedPart> {
  const { files, types, working } = reading;
  if (handle.kind === 'incremental') {
    const { operator, subtask, what } = owner;
    const common = { subtask: subtask.index, maxParallelism: operator.maxParallelism };
    const source = `the keyed state of ${what}`;
    return new RocksDBPart(flinkDatabaseOrigin({ ...common, handle, source, files, forms: types.forms, working }));
  }
  const bytes = await openStream(handle.stream, files, `The keyed state of ${owner.what}`);
  const place = placeOf(handle, owner, reading);
  const isHeap = handle.kind === 'key-groups' && (await isHeapFormat({ ...bytes, ...place }));
  return isHeap ? new FlinkHeapPart(place, bytes, types) : new CanonicalPart(place, bytes);
}

function placeOf(
  { range, offsets }: KeyGroupsHandle,
  { operator, subtask }: Owner,
  { types }: FlinkReading,
): PartPlace {
  const { maxParallelism } = operator;
  return { subtask: subtask.index, keyGroupRange: range, maxParallelism, offsets, forms: types.forms };
}

function nameOf({ uid, id }: OperatorState, { index }: SubtaskState): string {
  return `subtask ${index} of operator ${uid ?? id}`;
}
