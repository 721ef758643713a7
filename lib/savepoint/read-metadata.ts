// Reads `_metadata`, in all versions from Flink 1.3 on; write-metadata.ts has the layout.

import type { OperatorHandle, StreamHandle } from './handles.ts';
import {
  MASTER_STATE_MAGIC,
  type MasterState,
  METADATA_MAGIC,
  NEWEST_READ_VERSION,
  OLDEST_VERSION,
  type OperatorState,
  type SavepointMetadata,
  type SubtaskState,
  VERSION_WITH_CHANNELS,
  VERSION_WITH_NAMES,
  VERSION_WITH_PROPERTIES,
  VERSION_WITH_REFERENCES,
  VERSION_WITH_TYPED_CHANNELS,
} from './metadata.ts';
import { readChannelHandle, readKeyedHandle, readOperatorHandle, readStreamHandle } from './read-handles.ts';
import { SavepointInput } from './savepoint-input.ts';

const OPERATOR_ID_BYTES = 16;
const MIN_MASTER_STATE_BYTES = 18;
const MIN_OPERATOR_BYTES = 28;
const MIN_CHANNEL_BYTES = 14;

/**
 * Reads what `_metadata` says.
 *
 * @param source - the file's name, for messages.
 * @throws SavepointFormatError when it is no such file, of a version that is not known, or damaged.
 */
export function readMetadata(bytes: Uint8Array, source: string): SavepointMetadata {
  const input = new SavepointInput(bytes, source);
  if (input.remaining < 4 || input.int('magic number') !== METADATA_MAGIC) {
    input.fail('magic number', 'it is no metadata of a savepoint or checkpoint of Flink', 0);
  }
  const version = input.int('version');
  if (version < OLDEST_VERSION || version > NEWEST_READ_VERSION) {
    input.fail('version', `${version} is not one of ${OLDEST_VERSION} to ${NEWEST_READ_VERSION}, which can be read`);
  }
  const checkpointId = input.safeLong('checkpoint id');
  if (checkpointId < 0) {
    input.fail('checkpoint id', `${checkpointId} is negative`);
  }
  const masterStates = input.list('master state', MIN_MASTER_STATE_BYTES, () => readMasterState(input));
  const operators = input.list('operator', MIN_OPERATOR_BYTES, () => readOperator(version, input));
  const properties = version >= VERSION_WITH_PROPERTIES && new Uint8Array(input.view(input.remaining, 'properties'));
  return { version, checkpointId, masterStates, operators, ...(properties && { properties }) };
}

function readMasterState(input: SavepointInput): MasterState {
  input.magic('magic number', MASTER_STATE_MAGIC);
  const length = input.count('length', 1);
  const end = input.offset + length;
  const state = { version: input.int('version'), name: input.utf('name'), bytes: input.block('state') };
  if (input.offset !== end) {
    input.fail('length', `the state ends at byte ${input.offset}, but its length says ${end}`);
  }
  return state;
}

function readOperator(version: number, input: SavepointInput): OperatorState {
  const name = version >= VERSION_WITH_NAMES ? input.utf('name') : '';
  const uid = version >= VERSION_WITH_NAMES ? input.utf('uid') : '';
  const head = {
    ...(name !== '' && { name }),
    ...(uid !== '' && { uid }),
    id: Buffer.from(input.view(OPERATOR_ID_BYTES, 'id')).toString('hex'),
    parallelism: input.int('parallelism'),
    maxParallelism: input.int('max parallelism'),
  };
  const coordinatorState = readCoordinatorState(version, input);
  const count = input.int('number of subtasks');
  const subtasks: SubtaskState[] = [];
  while (subtasks.length < count) {
    subtasks.push(input.in(`subtask entry ${subtasks.length}`, () => readSubtask(version, input)));
  }
  return { ...head, ...(coordinatorState && { coordinatorState }), finished: count < 0, subtasks };
}

function readCoordinatorState(version: number, input: SavepointInput): StreamHandle | undefined {
  if (version < VERSION_WITH_CHANNELS) {
    input.int('chain length');
    return undefined;
  }
  return input.in('coordinator state', () => readStreamHandle(input));
}

function readSubtask(version: number, input: SavepointInput): SubtaskState {
  const index = input.int('index');
  if (index < 0) {
    return { index: -(index + 1), finished: true };
  }
  if (version < VERSION_WITH_CHANNELS) {
    input.long('duration');
    if (input.int('number of legacy states') > 0) {
      input.fail('number of legacy states', 'state of Flink 1.1 can not be read');
    }
  }
  const managedOperatorState = readOperatorState('managed operator state', input);
  const rawOperatorState = readOperatorState('raw operator state', input);
  const managedKeyedState = input.in('managed keyed state', () => readKeyedHandle(input));
  const rawKeyedState = input.in('raw keyed state', () => readKeyedHandle(input));
  return {
    index,
    finished: false,
    ...(managedOperatorState && { managedOperatorState }),
    ...(rawOperatorState && { rawOperatorState }),
    ...(managedKeyedState && { managedKeyedState }),
    ...(rawKeyedState && { rawKeyedState }),
    ...(version >= VERSION_WITH_CHANNELS && readChannels(version, input)),
    ...(version >= VERSION_WITH_REFERENCES && readReference(input)),
  };
}

function readOperatorState(field: string, input: SavepointInput): OperatorHandle | undefined {
  return input.int(`whether there is ${field}`) === 0 ? undefined : input.in(field, () => readOperatorHandle(input));
}

function readChannels(version: number, input: SavepointInput): Pick<SubtaskState, 'inputChannels' | 'outputChannels'> {
  const typed = version >= VERSION_WITH_TYPED_CHANNELS;
  const inputChannels = input.list('input channel', MIN_CHANNEL_BYTES, () =>
    readChannelHandle(input, typed ? 'input' : undefined),
  );
  const outputChannels = input.list('output channel', MIN_CHANNEL_BYTES, () =>
    readChannelHandle(input, typed ? 'output' : undefined),
  );
  return { ...(inputChannels.length > 0 && { inputChannels }), ...(outputChannels.length > 0 && { outputChannels }) };
}

function readReference(input: SavepointInput): Pick<SubtaskState, 'referenceCheckpointId'> {
  return input.boolean('whether there is a reference checkpoint')
    ? { referenceCheckpointId: input.safeLong('reference checkpoint') }
    : {};
}
