// Writes handles; handle-codes.ts has the layouts.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import type { DataOutputView } from '../api/type-information.ts';
import { rangeError } from '../errors.ts';
import { CHANNEL_CODES, KEYED_CODES, MODES, NO_HANDLE, OPERATOR_CODES, SCOPES, STREAM_CODES } from './handle-codes.ts';
import type {
  ChannelHandle,
  IncrementalHandle,
  KeyedHandle,
  KeyGroupsHandle,
  LocalFile,
  MergedChannelsHandle,
  OperatorHandle,
  StreamHandle,
} from './handles.ts';
import { writeUtf } from './java-utf.ts';

export function writeStreamHandle(handle: StreamHandle | undefined, output: DataOutputView): void {
  switch (handle?.kind) {
    case undefined:
      output.writeByte(NO_HANDLE);
      break;
    case 'inline':
      output.writeByte(STREAM_CODES.inline);
      writeUtf(handle.name, output);
      writeBlock(handle.bytes, output);
      break;
    case 'file':
      output.writeByte(STREAM_CODES.file);
      writeSize(handle.size, output);
      writeUtf(handle.path, output);
      break;
    case 'relative-file':
      output.writeByte(STREAM_CODES.relativeFile);
      writeUtf(handle.path, output);
      writeSize(handle.size, output);
      break;
    case 'segment':
      output.writeByte(STREAM_CODES.segment);
      writeSize(handle.start, output);
      writeSize(handle.size, output);
      output.writeInt(SCOPES.indexOf(handle.scope));
      writeUtf(handle.path, output);
      writeUtf(handle.logicalFileId, output);
      break;
    case 'empty-segment':
      output.writeByte(STREAM_CODES.emptySegment);
      break;
    case 'key-groups-stream':
      output.writeByte(STREAM_CODES.keyGroups);
      writeKeyGroups(handle, output);
  }
}

export function writeKeyedHandle(handle: KeyedHandle | undefined, output: DataOutputView): void {
  switch (handle?.kind) {
    case undefined:
      output.writeByte(NO_HANDLE);
      break;
    case 'savepoint-key-groups':
      output.writeByte(KEYED_CODES.savepointKeyGroups);
      writeKeyGroups(handle, output);
      break;
    case 'key-groups':
      output.writeByte(handle.id === undefined ? KEYED_CODES.keyGroupsWithoutId : KEYED_CODES.keyGroups);
      writeKeyGroups(handle, output);
      writeId(handle.id, output);
      break;
    case 'incremental':
      writeIncremental(handle, output);
  }
}

export function writeOperatorHandle(handle: OperatorHandle, output: DataOutputView): void {
  const { states, merged, stream } = handle;
  output.writeByte(merged === undefined ? OPERATOR_CODES.offsets : OPERATOR_CODES.merged);
  output.writeInt(states.length);
  for (const { name, mode, offsets } of states) {
    writeUtf(name, output);
    output.writeByte(MODES.indexOf(mode));
    output.writeInt(offsets.length);
    writeOffsets(offsets, output);
  }
  if (merged !== undefined) {
    writeUtf(merged.taskOwnedDirectory, output);
    writeUtf(merged.sharedDirectory, output);
    output.writeByte(merged.isEmpty ? 1 : 0);
  }
  writeStreamHandle(stream, output);
}

/**
 * @param direction - of a handle with a code; undefined for one without.
 * @throws RangeError `ERR_SAVEPOINT_VERSION` for merged channels without a code.
 */
export function writeChannelHandle(
  handle: ChannelHandle | MergedChannelsHandle,
  direction: 'input' | 'output' | undefined,
  output: DataOutputView,
): void {
  if (handle.kind === 'merged-channels') {
    if (direction === undefined) {
      throw rangeError('ERR_SAVEPOINT_VERSION', 'Merged channels can be written only from version 6 of metadata on.');
    }
    output.writeByte(direction === 'input' ? CHANNEL_CODES.mergedInput : CHANNEL_CODES.mergedOutput);
    output.writeInt(handle.subtask);
    writeSize(handle.size, output);
    writeStreamHandle(handle.stream, output);
    writeBlock(handle.offsets, output);
    return;
  }
  if (direction !== undefined) {
    output.writeByte(CHANNEL_CODES[direction]);
  }
  output.writeInt(handle.subtask);
  output.writeInt(handle.place[0]);
  output.writeInt(handle.place[1]);
  output.writeInt(handle.offsets.length);
  writeOffsets(handle.offsets, output);
  writeSize(handle.size, output);
  writeStreamHandle(handle.stream, output);
}

function writeKeyGroups(handle: Pick<KeyGroupsHandle, 'range' | 'offsets' | 'stream'>, output: DataOutputView): void {
  const { range, offsets, stream } = handle;
  if (offsets.length !== range.end - range.start + 1) {
    throw rangeError(
      'ERR_SAVEPOINT_OFFSETS',
      `Key groups ${range.start} to ${range.end} need an offset each; received ${offsets.length}.`,
    );
  }
  writeRange(range, output);
  writeOffsets(offsets, output);
  writeStreamHandle(stream, output);
}

function writeIncremental(handle: IncrementalHandle, output: DataOutputView): void {
  const { id, checkpointedSize = -1 } = handle;
  output.writeByte(id === undefined ? KEYED_CODES.incrementalWithoutId : KEYED_CODES.incremental);
  writeSize(handle.checkpointId, output);
  writeUtf(handle.backendId, output);
  writeRange(handle.range, output);
  if (id !== undefined) {
    writeSize(checkpointedSize, output);
  }
  writeStreamHandle(handle.metadata, output);
  writeFiles(handle.sharedFiles, output);
  writeFiles(handle.privateFiles, output);
  writeId(id, output);
}

function writeFiles(files: readonly LocalFile[], output: DataOutputView): void {
  output.writeInt(files.length);
  for (const { localPath, stream } of files) {
    writeUtf(localPath, output);
    writeStreamHandle(stream, output);
  }
}

function writeRange(range: KeyGroupRange, output: DataOutputView): void {
  output.writeInt(range.start);
  output.writeInt(range.end - range.start + 1);
}

function writeOffsets(offsets: readonly number[], output: DataOutputView): void {
  for (const offset of offsets) {
    writeSize(offset, output);
  }
}

function writeSize(size: number, output: DataOutputView): void {
  output.writeLong(BigInt(size));
}

function writeId(id: string | undefined, output: DataOutputView): void {
  if (id !== undefined) {
    writeUtf(id, output);
  }
}

function writeBlock(bytes: Uint8Array, output: DataOutputView): void {
  output.writeInt(bytes.length);
  output.writeBytes(bytes);
}
