// Writes operators into a directory as a savepoint in the canonical format. What is not keyed is carried along as it is: its
// bytes are the same in all formats.
import { randomUUID } from 'node:crypto';
import { openStream } from '../inspect/byte-source.ts';
import type { StateReader } from '../inspect/state-reader.ts';
import type { StoredOperator } from '../inspect/stored-operator.ts';
import type { WorkingDirectory } from '../inspect/working-directory.ts';
import { keyGroupRangeOf } from '../keys/key-groups.ts';
import type { KeyGroupsHandle, OperatorHandle, StreamHandle } from '../savepoint/handles.ts';
import {
  DEFAULT_VERSION,
  NEWEST_WRITTEN_VERSION,
  type OperatorState,
  type SubtaskState,
  VERSION_WITH_CHANNELS,
} from '../savepoint/metadata.ts';
import type { NewDirectory } from '../savepoint/new-directory.ts';
import { operatorIdOf } from '../savepoint/operator-id.ts';
import { METADATA_FILE_NAME } from '../savepoint/savepoint-paths.ts';
import { writeMetadata } from '../savepoint/write-metadata.ts';
import type { ConvertOptions, DroppableState } from './convert-options.ts';
import { writeKeyedFile } from './keyed-file.ts';
import { type KeyedSource, keyedSourceOf } from './keyed-source.ts';
import { regroup } from './regroup.ts';

/** What a conversion works with. */
export interface Conversion {
  readonly reader: StateReader;
  readonly target: NewDirectory;
  readonly options: ConvertOptions;
  readonly working: WorkingDirectory;
}

/** What was written of an operator. */
interface WrittenOperator {
  readonly state: OperatorState;
  readonly rows: number;
}

/** Answers how many rows were written. */
export async function writeCanonical(operators: readonly StoredOperator[], conversion: Conversion): Promise<number> {
  const { reader, target, options } = conversion;
  const written: WrittenOperator[] = [];
  for (const operator of operators) {
    written.push(await writeOperator(operator, conversion));
  }
  const { version = DEFAULT_VERSION, masterStates = [] } = reader.flink?.metadata ?? {};
  const metadata = {
    version: Math.min(Math.max(version, VERSION_WITH_CHANNELS), NEWEST_WRITTEN_VERSION),
    checkpointId: reader.checkpointId,
    masterStates: isDropped('master-state', options) ? [] : masterStates,
    operators: written.map(({ state }) => state),
  };
  await target.writeFile(METADATA_FILE_NAME, [writeMetadata(metadata)]);
  return written.reduce((sum, { rows }) => sum + rows, 0);
}

async function writeOperator(operator: StoredOperator, conversion: Conversion): Promise<WrittenOperator> {
  const { options, reader, working } = conversion;
  const source = await keyedSourceOf(operator, options.dropStates);
  const { maxParallelism = operator.maxParallelism } = options;
  const isRegrouped = source !== undefined && maxParallelism !== operator.maxParallelism;
  const regrouped = isRegrouped ? await regroup(source, { maxParallelism, types: reader.types, working }) : undefined;
  try {
    const keyed = await writeKeyed(regrouped ?? source, operator, conversion);
    return {
      state: await operatorState(operator, keyed.handles, conversion),
      rows: keyed.rows,
    };
  } finally {
    await regrouped?.close();
  }
}

interface WrittenKeyed {
  readonly handles: readonly KeyGroupsHandle[];
  readonly rows: number;
}

async function writeKeyed(
  source: KeyedSource | undefined,
  operator: StoredOperator,
  { target, options }: Conversion,
): Promise<WrittenKeyed> {
  if (source === undefined) {
    return { handles: [], rows: 0 };
  }
  const handles: KeyGroupsHandle[] = [];
  let rows = 0;
  const { maxParallelism } = source;
  const parallelism = options.parallelism ?? Math.min(operator.parallelism, maxParallelism);
  for (let index = 0; index < parallelism; index++) {
    const range = keyGroupRangeOf(index, maxParallelism, parallelism);
    const path = randomUUID();
    const file = { source, range, compress: options.compress ?? false };
    const written = await writeKeyedFile(target.pathOf(path), file);
    const stream = { kind: 'relative-file', path, size: written.sizeBytes } as const;
    handles.push({ kind: 'savepoint-key-groups', range, offsets: written.offsets, stream });
    rows += written.rows;
  }
  return { handles, rows };
}

async function operatorState(
  operator: StoredOperator,
  handles: readonly KeyGroupsHandle[],
  conversion: Conversion,
): Promise<OperatorState> {
  const { reader, options } = conversion;
  const stored = reader.flink?.metadata.operators.find(({ id }) => id === operator.operatorId);
  const uid = options.uid ?? operator.uid;
  const subtasks = await carriedSubtasks(stored, conversion);
  const count = handles.length === 0 ? subtasks.length : Math.max(handles.length, carriedCount(subtasks));
  const coordinatorState = isDropped('coordinator-state', options)
    ? undefined
    : await carried(stored?.coordinatorState, conversion);
  return {
    ...(operator.name !== undefined && { name: operator.name }),
    ...(uid !== undefined && { uid }),
    id: options.uid === undefined ? operator.operatorId : operatorIdOf(options.uid),
    parallelism: handles.length === 0 ? operator.parallelism : count,
    maxParallelism: options.maxParallelism ?? operator.maxParallelism,
    finished: operator.isFinished,
    ...(coordinatorState && { coordinatorState }),
    subtasks: Array.from({ length: count }, (_, index) => {
      const managedKeyedState = handles[index];
      const subtask = subtasks[index] ?? { index, finished: false };
      return { ...subtask, ...(managedKeyedState && { managedKeyedState, finished: false }), index };
    }),
  };
}

// How many subtasks it takes to hold what is not keyed.
function carriedCount(subtasks: readonly SubtaskState[]): number {
  return subtasks.findLastIndex((each) => each.managedOperatorState ?? each.rawOperatorState) + 1;
}

async function carriedSubtasks(stored: OperatorState | undefined, conversion: Conversion): Promise<SubtaskState[]> {
  const { options } = conversion;
  const subtasks: SubtaskState[] = [];
  for (const { index, finished, managedOperatorState, rawOperatorState } of stored?.subtasks ?? []) {
    const managed = isDropped('operator-state', options) ? undefined : managedOperatorState;
    const raw = isDropped('raw-operator-state', options) ? undefined : rawOperatorState;
    subtasks.push({
      ...{ index, finished },
      ...(managed && { managedOperatorState: await carriedOperator(managed, conversion) }),
      ...(raw && { rawOperatorState: await carriedOperator(raw, conversion) }),
    });
  }
  return subtasks;
}

async function carriedOperator({ states, stream }: OperatorHandle, conversion: Conversion): Promise<OperatorHandle> {
  return { states, stream: await carried(stream, conversion) };
}

async function carried(
  stream: StreamHandle | undefined,
  { reader, target }: Conversion,
): Promise<StreamHandle | undefined> {
  if (stream === undefined || stream.kind === 'inline' || reader.flink === undefined) {
    return stream;
  }
  const bytes = await openStream(stream, reader.flink.files, `State of an operator at ${reader.directory}`);
  const path = randomUUID();
  await target.writeFile(path, bytes.pieces(0, bytes.sizeBytes));
  return { kind: 'relative-file', path, size: bytes.sizeBytes };
}

function isDropped(state: DroppableState, { drop = [] }: ConvertOptions): boolean {
  return drop.includes(state);
}
