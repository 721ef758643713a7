// Writes `_metadata`:
//
//   file      [magic][version][checkpoint id: int64][number of master states]{master}…[number of operators]{operator}…
//             [properties, since version 4: a serialized Java object]
//   master    [magic][length of what follows][version][name][length][bytes]
//   operator  [name and uid, since version 5][id: 16 bytes][parallelism][max parallelism][coordinator state: stream handle]
//             [number of subtasks: -1 when it is finished]{subtask}…
//   subtask   [index: -(index + 1) when it is finished, and nothing more]
//             [managed operator state][raw operator state]: [0], or [1][operator handle]
//             [managed keyed state][raw keyed state]: keyed handles
//             [number of inputs]{channel handle}…[number of outputs]{channel handle}…
//             [since version 7: 0, or 1 and a checkpoint id: int64]
//
// Version 2 has [chain length] in place of the coordinator state, [-1: int64][0] before a subtask's state, and no channels.
// Numbers are int32, texts Java's UTF; handle-codes.ts has the handles.
import type { DataOutputView } from '../api/type-information.ts';
import { DataOutput } from '../bytes/data-output.ts';
import { describe, rangeError, typeError } from '../errors.ts';
import { CANONICAL_SAVEPOINT_PROPERTIES } from './checkpoint-properties.ts';
import type { OperatorHandle } from './handles.ts';
import { writeUtf } from './java-utf.ts';
import {
  MASTER_STATE_MAGIC,
  type MasterState,
  METADATA_MAGIC,
  NEWEST_WRITTEN_VERSION,
  type OperatorState,
  type SavepointMetadata,
  type SubtaskState,
  VERSION_WITH_CHANNELS,
  VERSION_WITH_NAMES,
  VERSION_WITH_PROPERTIES,
  VERSION_WITH_TYPED_CHANNELS,
} from './metadata.ts';
import { writeChannelHandle, writeKeyedHandle, writeOperatorHandle, writeStreamHandle } from './write-handles.ts';

const FINISHED = -1;
const OPERATOR_ID = /^[0-9a-f]{32}$/;

/**
 * The bytes of `_metadata`.
 *
 * @param metadata - its `version` is the one that is written: 3 is read by Flink 1.11 and later, 6 by Flink 2.1 and later. The
 * properties that version 4 and later need are those of a canonical savepoint, unless others are given.
 * @throws RangeError `ERR_SAVEPOINT_VERSION` when the version is not one of 3 to 6, or can't hold what there is.
 */
export function writeMetadata(metadata: SavepointMetadata): Uint8Array {
  const { version, masterStates, operators } = metadata;
  if (version < VERSION_WITH_CHANNELS || version > NEWEST_WRITTEN_VERSION) {
    throw rangeError(
      'ERR_SAVEPOINT_VERSION',
      `Metadata is written in version ${VERSION_WITH_CHANNELS} to ${NEWEST_WRITTEN_VERSION}; received ${describe(version)}.`,
    );
  }
  const output = new DataOutput(new Uint8Array(4096));
  output.writeInt(METADATA_MAGIC);
  output.writeInt(version);
  output.writeLong(BigInt(metadata.checkpointId));
  output.writeInt(masterStates.length);
  for (const state of masterStates) {
    writeMasterState(state, output);
  }
  output.writeInt(operators.length);
  for (const operator of operators) {
    writeOperator(operator, version, output);
  }
  if (version >= VERSION_WITH_PROPERTIES) {
    output.writeBytes(metadata.properties ?? CANONICAL_SAVEPOINT_PROPERTIES);
  }
  return output.copy();
}

function writeMasterState(state: MasterState, output: DataOutputView): void {
  const content = new DataOutput();
  content.writeInt(state.version);
  writeUtf(state.name, content);
  content.writeInt(state.bytes.length);
  content.writeBytes(state.bytes);
  output.writeInt(MASTER_STATE_MAGIC);
  output.writeInt(content.position);
  output.writeBytes(content.copy());
}

function writeOperator(operator: OperatorState, version: number, output: DataOutputView): void {
  const { id, finished, subtasks } = operator;
  if (!OPERATOR_ID.test(id)) {
    throw typeError(
      'ERR_SAVEPOINT_OPERATOR_ID',
      `An operator's id has 32 hexadecimal digits; received ${describe(id)}.`,
    );
  }
  if (version >= VERSION_WITH_NAMES) {
    writeUtf(operator.name ?? '', output);
    writeUtf(operator.uid ?? '', output);
  }
  output.writeBytes(Buffer.from(id, 'hex'));
  output.writeInt(operator.parallelism);
  output.writeInt(operator.maxParallelism);
  writeStreamHandle(operator.coordinatorState, output);
  output.writeInt(finished ? FINISHED : subtasks.length);
  for (const subtask of finished ? [] : subtasks) {
    writeSubtask(subtask, version, output);
  }
}

function writeSubtask(subtask: SubtaskState, version: number, output: DataOutputView): void {
  if (subtask.finished) {
    output.writeInt(-(subtask.index + 1));
    return;
  }
  output.writeInt(subtask.index);
  writeOperatorState(subtask.managedOperatorState, output);
  writeOperatorState(subtask.rawOperatorState, output);
  writeKeyedHandle(subtask.managedKeyedState, output);
  writeKeyedHandle(subtask.rawKeyedState, output);
  const typed = version >= VERSION_WITH_TYPED_CHANNELS;
  const { inputChannels = [], outputChannels = [] } = subtask;
  output.writeInt(inputChannels.length);
  for (const channel of inputChannels) {
    writeChannelHandle(channel, typed ? 'input' : undefined, output);
  }
  output.writeInt(outputChannels.length);
  for (const channel of outputChannels) {
    writeChannelHandle(channel, typed ? 'output' : undefined, output);
  }
}

function writeOperatorState(handle: OperatorHandle | undefined, output: DataOutputView): void {
  output.writeInt(handle === undefined ? 0 : 1);
  if (handle !== undefined) {
    writeOperatorHandle(handle, output);
  }
}
