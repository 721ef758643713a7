// Reads handles; handle-codes.ts has the layouts.
import type { KeyGroupRange } from '../api/checkpoint.ts';
import {
  CHANGELOG_CODES,
  CHANNEL_CODES,
  KEYED_CODES,
  MODES,
  NO_HANDLE,
  OPERATOR_CODES,
  SCOPES,
  STREAM_CODES,
} from './handle-codes.ts';
import type {
  ChannelHandle,
  IncrementalHandle,
  KeyedHandle,
  KeyGroupsHandle,
  LocalFile,
  MergedChannelsHandle,
  OperatorHandle,
  SegmentStream,
  StreamHandle,
} from './handles.ts';
import type { SavepointInput } from './savepoint-input.ts';

// More than Flink has key groups.
const MAX_KEY_GROUPS = 2 ** 15;
const OFFSET_BYTES = 8;
// A path without letters, and a code.
const MIN_FILE_BYTES = 3;
// A name without letters, a mode, a number of offsets.
const MIN_OPERATOR_STATE_BYTES = 7;

/** @throws SavepointFormatError when the handle is damaged or of an unknown code. */
export function readStreamHandle(input: SavepointInput): StreamHandle | undefined {
  const code = input.byte('code of a stream handle');
  switch (code) {
    case NO_HANDLE:
      return undefined;
    case STREAM_CODES.inline:
      return { kind: 'inline', name: input.utf('name'), bytes: input.block('state') };
    case STREAM_CODES.file: {
      const size = readSize(input);
      return { kind: 'file', path: input.utf('path'), size };
    }
    case STREAM_CODES.relativeFile:
      return { kind: 'relative-file', path: input.utf('path'), size: readSize(input) };
    case STREAM_CODES.keyGroups:
      return input.in('key groups', () => ({ kind: 'key-groups-stream', ...readKeyGroups(input) }));
    case STREAM_CODES.segment:
      return readSegment(input);
    case STREAM_CODES.emptySegment:
      return { kind: 'empty-segment' };
    default:
      return input.fail('code of a stream handle', `${code} is not known`);
  }
}

/**
 * @throws SavepointFormatError when the handle is damaged, of an unknown code, or of Flink's changelog backend, which is not
 * supported.
 */
export function readKeyedHandle(input: SavepointInput): KeyedHandle | undefined {
  const code = input.byte('code of a keyed handle');
  switch (code) {
    case NO_HANDLE:
      return undefined;
    case KEYED_CODES.savepointKeyGroups:
      return { kind: 'savepoint-key-groups', ...readKeyGroups(input) };
    case KEYED_CODES.keyGroupsWithoutId:
      return { kind: 'key-groups', ...readKeyGroups(input) };
    case KEYED_CODES.keyGroups:
      return { kind: 'key-groups', ...readKeyGroups(input), id: input.utf('id') };
    case KEYED_CODES.incrementalWithoutId:
    case KEYED_CODES.incremental:
      return readIncremental(code === KEYED_CODES.incremental, input);
    default:
      return input.fail(
        'code of a keyed handle',
        CHANGELOG_CODES.includes(code)
          ? `${code} is one of Flink's changelog backend, which is not supported; switch state.changelog.enabled off and ` +
              'take a savepoint in the canonical format'
          : `${code} is not known`,
      );
  }
}

export function readOperatorHandle(input: SavepointInput): OperatorHandle | undefined {
  const code = input.byte('code of an operator handle');
  if (code === NO_HANDLE) {
    return undefined;
  }
  if (code !== OPERATOR_CODES.offsets && code !== OPERATOR_CODES.merged) {
    input.fail('code of an operator handle', `${code} is not known`);
  }
  const states = input.list('state', MIN_OPERATOR_STATE_BYTES, () => ({
    name: input.utf('name'),
    mode: readOneOf(MODES, input.byte('mode'), { field: 'mode', input }),
    offsets: readOffsets(input.count('number of offsets', OFFSET_BYTES), input),
  }));
  const merged = code === OPERATOR_CODES.merged && {
    taskOwnedDirectory: input.utf('directory of the task'),
    sharedDirectory: input.utf('shared directory'),
    isEmpty: input.boolean('whether it is empty'),
  };
  return { states, ...(merged && { merged }), stream: readStreamHandle(input) };
}

/** @param direction - of a handle with a code; undefined for one without. */
export function readChannelHandle(
  input: SavepointInput,
  direction?: 'input' | 'output',
): ChannelHandle | MergedChannelsHandle {
  const code = direction === undefined ? undefined : input.byte('type of a channel handle');
  switch (code) {
    case undefined:
    case direction && CHANNEL_CODES[direction]:
      return readChannel(input);
    case direction === 'input' ? CHANNEL_CODES.mergedInput : CHANNEL_CODES.mergedOutput:
      return {
        ...{ kind: 'merged-channels', subtask: input.int('subtask'), size: readSize(input) },
        stream: readStreamHandle(input),
        offsets: input.block('offsets'),
      };
    default:
      return input.fail('type of a channel handle', `${code} is not one of an ${direction}`);
  }
}

function readChannel(input: SavepointInput): ChannelHandle {
  return {
    kind: 'channel',
    subtask: input.int('subtask'),
    place: [input.int('gate or partition'), input.int('channel or subpartition')],
    offsets: readOffsets(input.count('number of offsets', OFFSET_BYTES), input),
    size: readSize(input),
    stream: readStreamHandle(input),
  };
}

function readKeyGroups(input: SavepointInput): Pick<KeyGroupsHandle, 'range' | 'offsets' | 'stream'> {
  const range = readRange(input);
  const count = range.end - range.start + 1;
  if (count * OFFSET_BYTES > input.remaining) {
    input.fail('number of key groups', `it says ${count}, but only ${input.remaining} bytes are left`);
  }
  return { range, offsets: readOffsets(count, input), stream: readStreamHandle(input) };
}

function readIncremental(hasId: boolean, input: SavepointInput): IncrementalHandle {
  return {
    kind: 'incremental',
    checkpointId: input.safeLong('checkpoint id'),
    backendId: input.utf('backend id'),
    range: readRange(input),
    ...(hasId && { checkpointedSize: input.safeLong('checkpointed size') }),
    metadata: readStreamHandle(input),
    sharedFiles: readFiles('shared file', input),
    privateFiles: readFiles('private file', input),
    ...(hasId && { id: input.utf('id') }),
  };
}

function readFiles(field: string, input: SavepointInput): LocalFile[] {
  return input.list(field, MIN_FILE_BYTES, () => ({
    localPath: input.utf('local path'),
    stream: readStreamHandle(input),
  }));
}

function readSegment(input: SavepointInput): SegmentStream {
  return {
    ...{ kind: 'segment', start: readSize(input), size: readSize(input) },
    scope: readOneOf(SCOPES, input.int('scope'), { field: 'scope', input }),
    path: input.utf('path'),
    logicalFileId: input.utf('logical file id'),
  };
}

function readRange(input: SavepointInput): KeyGroupRange {
  const start = input.int('first key group');
  const count = input.int('number of key groups');
  if (start < 0 || count < 0 || start + count > MAX_KEY_GROUPS) {
    input.fail(
      'range of key groups',
      `${count} from ${start} on are not within the ${MAX_KEY_GROUPS} that there can be`,
    );
  }
  return { start, end: start + count - 1 };
}

function readOffsets(count: number, input: SavepointInput): number[] {
  const offsets: number[] = [];
  while (offsets.length < count) {
    offsets.push(input.safeLong('offset'));
  }
  return offsets;
}

function readSize(input: SavepointInput): number {
  const size = input.safeLong('size');
  return size >= 0 ? size : input.fail('size', `${size} is negative`);
}

function readOneOf<T>(
  values: readonly T[],
  index: number,
  { field, input }: { readonly field: string; readonly input: SavepointInput },
): T {
  return values[index] ?? input.fail(field, `${index} is not known`);
}
