// A savepoint of in-memory state: views of the tables (at once) → one file of key groups, written in slices.
import { open } from 'node:fs/promises';
import type { StoredState } from '../api/checkpoint.ts';
import type { SavepointInProgress } from '../api/savepoint.ts';
import { CheckpointError } from '../errors.ts';
import { writeText } from '../heap/byte-text.ts';
import type { Row } from '../heap/copy-on-write-table.ts';
import { type CanonicalRow, readValue, UnreadRow, UnreadValue } from '../heap/value-formats.ts';
import { keyGroupPrefixBytes } from '../keys/composite-key.ts';
import { type CapturedState, failure } from './heap-snapshot.ts';
import { KeyGroupWriter } from './key-group-writer.ts';
import { beginSavepoint, type SavepointRequest, type WrittenFile } from './savepoint-in-progress.ts';

/** @param states - in the order of the request's. They are let go of once they are written, or can't be. */
export function takeHeapSavepoint(
  states: CapturedState[],
  request: SavepointRequest,
  release: () => void,
): SavepointInProgress {
  return beginSavepoint(request, {
    captured: Promise.resolve(),
    async write(path, header, compress) {
      await using file = await open(path, 'wx');
      const layout = { prefixBytes: keyGroupPrefixBytes(request.maxParallelism), compress };
      const writer = new KeyGroupWriter(file, layout, request.signal);
      await writer.writeHeader(header);
      const written = await writeKeyGroups(states, request, writer);
      await file.sync();
      return written;
    },
    release() {
      states.length = 0;
      release();
    },
  });
}

async function writeKeyGroups(
  states: readonly CapturedState[],
  { keyGroupRange, states: stored }: SavepointRequest,
  writer: KeyGroupWriter,
): Promise<WrittenFile> {
  const offsets: number[] = [];
  for (let keyGroup = keyGroupRange.start; keyGroup <= keyGroupRange.end; keyGroup++) {
    let offset = 0;
    for (const [id, state] of states.entries()) {
      if (state.view.size(keyGroup) > 0) {
        offset ||= await writer.beginKeyGroup();
        await writeState({ ...state, id, kind: (stored[id] as StoredState).kind }, keyGroup, writer);
      }
    }
    if (offset > 0) {
      await writer.endKeyGroup();
    }
    offsets.push(offset);
  }
  await writer.flush();
  return { offsets, sizeBytes: writer.sizeBytes };
}

interface StateToWrite extends CapturedState {
  /** Its place in the header. */
  readonly id: number;
  readonly kind: StoredState['kind'];
}

async function writeState(state: StateToWrite, keyGroup: number, writer: KeyGroupWriter): Promise<void> {
  for (const row of state.view.rows(keyGroup)) {
    for (const { suffix, write } of rowsOf(row, state)) {
      try {
        writer.serializeRow({ stateId: state.id, keyGroup, id: row.id + suffix }, write);
      } catch (cause) {
        throw failure(row, state, cause);
      }
      if (writer.isDue) {
        await writer.flush();
      }
    }
  }
}

function rowsOf(row: Row<unknown>, state: StateToWrite): Iterable<CanonicalRow> {
  const { value } = row;
  if (!(value instanceof UnreadValue)) {
    return state.format?.rows(value) ?? [];
  }
  const isSameInRow = value instanceof UnreadRow || (state.kind !== 'LIST' && state.kind !== 'MAP');
  if (isSameInRow && !state.format?.isMigrated) {
    return [{ suffix: '', write: (output) => writeText(value.text, output) }];
  }
  if (state.format === undefined) {
    throw new CheckpointError(
      `State '${state.name}' was restored from a checkpoint of the hashmap backend, and its ${state.kind.toLowerCase()}s can be ` +
        'told apart only by its types; ask for it with its descriptor before taking a savepoint.',
    );
  }
  try {
    return state.format.rows(readValue(value, state.format));
  } catch (cause) {
    throw failure(row, state, cause);
  }
}
