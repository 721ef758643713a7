// What a restore reads of a savepoint: the headers of its files, and where the key groups that are wanted lie in them.
import { type FileHandle, open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyGroupRange, RestoreSource, StoredState } from '../api/checkpoint.ts';
import type { SavepointKeyedState, SavepointOperator } from '../api/savepoint.ts';
import { RestoreError, StateMigrationError } from '../errors.ts';
import type { StoredKeyGroup } from '../rocksdb/key-group-files.ts';
import { toStoredState } from '../savepoint/described-state.ts';
import { type KeyedHeader, readKeyedHeader } from '../savepoint/keyed-header.ts';
import { SavepointInput } from '../savepoint/savepoint-input.ts';
import { serializerIdOf } from '../savepoint/serializer-id.ts';
import type { RestoreTarget } from './check-fits.ts';
import { checkCovers, mergedStates } from './select-handles.ts';

// Beyond it, what should be a header is none.
const MAX_HEADER_BYTES = 64 * 1024 * 1024;

/** A file of a savepoint with key groups that are wanted. */
export interface SavepointFile {
  readonly path: string;
  readonly compressed: boolean;
  /** Names of states by their ids in the file. */
  readonly stateNames: readonly string[];
  /** Those that are wanted, and have rows. */
  readonly keyGroups: readonly StoredKeyGroup[];
}

/** What a restore reads of a savepoint. */
export interface SavepointState {
  readonly states: readonly StoredState[];
  readonly files: readonly SavepointFile[];
  /** Removes copies that were made to read it. */
  release(): Promise<void>;
}

/** Whether an operator of a savepoint is to be restored, not a checkpoint. */
export function isSavepoint(source: RestoreSource): source is SavepointOperator {
  return 'operatorId' in source;
}

/**
 * Reads what is to be known before rows can be read.
 *
 * @param directory - for copies of what is not in a file of its own, until `release`.
 * @throws RestoreError when the savepoint does not fit; StateMigrationError when its keys have another format;
 *   SavepointFormatError or UnknownSerializerError when a header can't be read.
 */
export async function readSavepointState(
  operator: SavepointOperator,
  target: Omit<RestoreTarget, 'backend'>,
  directory: string,
): Promise<SavepointState> {
  const which = `Operator ${operator.uid ?? operator.operatorId} of the savepoint at ${operator.location}`;
  if (operator.maxParallelism !== target.maxParallelism) {
    throw new RestoreError(
      `${which} has maximum parallelism ${operator.maxParallelism}, and the backend has ${target.maxParallelism}; ` +
        'it can not change.',
    );
  }
  const keyed = (await operator.keyedState()).filter((each) => overlaps(each.keyGroupRange, target.keyGroupRange));
  if (keyed.length > 0) {
    checkCovers(
      keyed.toSorted((a, b) => a.keyGroupRange.start - b.keyGroupRange.start),
      target.keyGroupRange,
    );
  }
  const files: SavepointFile[] = [];
  const copies = keyed.map((_, index) => join(directory, `savepoint-${index}`));
  const states: StoredState[] = [];
  for (const [index, state] of keyed.entries()) {
    const { path, start } = await toFile(state, copies[index] as string);
    const header = await readHeader(path, state, start);
    const keys = serializerIdOf(header.key);
    if (keys !== target.keySerializer.id) {
      throw new StateMigrationError(
        `${which} has keys written by ${keys}, and the backend's key type writes ${target.keySerializer.id}.`,
      );
    }
    states.push(...header.states.map(toStoredState));
    const { compressed } = header;
    const stateNames = header.states.map(({ name }) => name);
    files.push({ path, compressed, stateNames, keyGroups: keyGroupsOf(state, start, target.keyGroupRange) });
  }
  const release = async () => {
    await Promise.all(copies.map((copy) => rm(copy, { force: true })));
  };
  return { states: mergedStates(states), files, release };
}

// Inlined bytes get a file.
async function toFile(
  { source, sizeBytes }: SavepointKeyedState,
  copy: string,
): Promise<{ readonly path: string; readonly start: number }> {
  if ('bytes' in source) {
    await writeFile(copy, source.bytes);
    return { path: copy, start: 0 };
  }
  const { size } = await stat(source.path);
  if (size < source.start + sizeBytes) {
    throw new RestoreError(
      `The file at ${source.path} has ${size} bytes, and ${sizeBytes} from ${source.start} on are needed.`,
    );
  }
  return source;
}

async function readHeader(
  path: string,
  { offsets, sizeBytes }: SavepointKeyedState,
  start: number,
): Promise<KeyedHeader> {
  // Rows follow the header, so it ends where the first of them is.
  const end = offsets.reduce((least, offset) => (offset > 0 && offset < least ? offset : least), sizeBytes);
  await using file = await open(path, 'r');
  const bytes = await readBytes(file, start, Math.min(end, MAX_HEADER_BYTES));
  return readKeyedHeader(new SavepointInput(bytes, path));
}

async function readBytes(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) {
      break;
    }
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** A key group ends where the next in the file begins, whatever their order is. */
function keyGroupsOf(
  { keyGroupRange, offsets, sizeBytes }: SavepointKeyedState,
  start: number,
  wanted: KeyGroupRange,
): StoredKeyGroup[] {
  const begins = offsets.filter((offset) => offset > 0).toSorted((a, b) => a - b);
  const ends = new Map(begins.map((begin, index) => [begin, begins[index + 1] ?? sizeBytes]));
  return offsets.flatMap((begin, index) => {
    const keyGroup = keyGroupRange.start + index;
    const end = ends.get(begin);
    const isWanted = keyGroup >= wanted.start && keyGroup <= wanted.end;
    return isWanted && end !== undefined ? { keyGroup, begin: start + begin, end: start + end } : [];
  });
}

function overlaps(a: KeyGroupRange, b: KeyGroupRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}
